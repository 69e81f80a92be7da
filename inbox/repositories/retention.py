"""What has been kept long enough: applications, messages, raw deliveries, citizens. And the log of destructions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, literal, or_, update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.traces import GONE
from models.enums import Kind, OutboxState, Outcome, RequestState
from models.tables import (
    Application,
    Citizen,
    Conversation,
    Delivery,
    DestructionRun,
    Identity,
    Lookup,
    Message,
    OutboxItem,
    ParkedReceipt,
    PersonRequest,
)
from models.tables.columns import UtcDateTime

OPEN_REQUESTS = (RequestState.RECEIVED, RequestState.IDENTIFIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What ended before these moments has been kept long enough; an outcome's goes before a kind's."""

    before: datetime
    by_kind: Mapping[Kind, datetime]
    by_outcome: Mapping[Outcome, datetime]


def ended_at() -> Any:
    """When an application ended, for those without an ending of their own the citizen's last word."""
    return func.coalesce(Application.closed_at, Application.last_message_at)


async def applications(
    session: AsyncSession, ended: Ended, *, limit: int, citizen_id: int | None = None
) -> Sequence[int]:
    """Finished applications whose years are over, oldest first; not those of a person whose request is open."""
    waiting = select(PersonRequest.citizen_id).where(PersonRequest.state.in_(OPEN_REQUESTS))
    query = select(Application.id).where(*_over(ended))
    if citizen_id is None:
        query = query.where(Application.citizen_id.not_in(waiting))
    else:
        query = query.where(Application.citizen_id == citizen_id)
    return (await session.exec(query.order_by(Application.id).limit(limit))).all()


def _over(ended: Ended) -> list[Any]:
    whens = [(Application.outcome == one, _moment(before)) for one, before in ended.by_outcome.items()]
    whens += [(Application.kind == one, _moment(before)) for one, before in ended.by_kind.items()]
    limit = case(*whens, else_=_moment(ended.before)) if whens else _moment(ended.before)
    return [~Application.is_open, Application.anonymised_at.is_(None), ended_at() < limit]


def _moment(value: datetime) -> Any:
    return literal(value, UtcDateTime())


async def messages(
    session: AsyncSession, *, before: datetime, taken_back_before: datetime, limit: int
) -> Sequence[int]:
    """Messages without an application from before then, and what was taken back long enough ago."""
    loose = and_(Message.application_id.is_(None), Message.received_at < before, ~Message.awaits_check)
    taken_back = Message.deleted_at < taken_back_before
    query = select(Message.id).where(or_(loose, taken_back), ~Message.external_id.startswith(GONE))
    return (await session.exec(query.order_by(Message.id).limit(limit))).all()


async def raw_deliveries(session: AsyncSession, *, before: datetime, limit: int) -> Sequence[int]:
    query = select(Delivery.id).where(Delivery.received_at < before, Delivery.body.is_not(None))
    return (await session.exec(query.order_by(Delivery.id).limit(limit))).all()


async def empty_deliveries(session: AsyncSession, ids: Sequence[int]) -> None:
    await session.exec(update(Delivery).where(Delivery.id.in_(ids)).values(body=None, problem=""))


async def citizens(
    session: AsyncSession, *, before: datetime, limit: int, citizen_id: int | None = None
) -> Sequence[int]:
    """Citizens of whom nothing is left to keep: no application, no message, nothing on its way, no open request."""
    application = select(Application.id).where(
        Application.citizen_id == Citizen.id, Application.anonymised_at.is_(None)
    )
    hers = Conversation.citizen_id == Citizen.id
    message = select(Message.id).join(Conversation, Conversation.id == Message.conversation_id)
    message = message.where(hers, ~Message.external_id.startswith(GONE), Message.deleted_at.is_(None))
    sending = select(OutboxItem.id).join(Conversation, Conversation.id == OutboxItem.conversation_id)
    sending = sending.where(hers, OutboxItem.state.in_((OutboxState.QUEUED, OutboxState.SENDING)))
    query = select(Citizen.id).where(
        Citizen.erased_at.is_(None),
        ~application.exists(),
        ~message.correlate(Citizen).exists(),
        ~sending.correlate(Citizen).exists(),
    )
    if citizen_id is not None:
        query = query.where(Citizen.id == citizen_id)
    else:
        asked = select(PersonRequest.id).where(
            PersonRequest.citizen_id == Citizen.id, PersonRequest.state.in_(OPEN_REQUESTS)
        )
        blocked = select(Identity.id).where(Identity.citizen_id == Citizen.id, Identity.blocked_at.is_not(None))
        query = query.where(Citizen.created_at < before, ~asked.exists(), ~blocked.exists())
    return (await session.exec(query.order_by(Citizen.id).limit(limit))).all()


async def mark_anonymised(session: AsyncSession, ids: Sequence[int], *, at: datetime) -> None:
    values = {"anonymised_at": at, "version": Application.version + 1}
    await session.exec(update(Application).where(Application.id.in_(ids)).values(**values))


async def numbers(session: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    found = await session.exec(select(Application.id, Application.number).where(Application.id.in_(ids)))
    return dict(found.all())


async def drop_waiting(session: AsyncSession, *, before: datetime) -> None:
    """Receipts that waited in vain for a record of ours, and lookups that nobody makes any more."""
    await session.exec(delete(ParkedReceipt).where(ParkedReceipt.received_at < before))
    await session.exec(delete(Lookup).where(Lookup.due_at < before))


async def counts(session: AsyncSession, ended: Ended) -> dict[str, int]:
    """How many applications are due, by kind and outcome; nothing is changed."""
    query = select(Application.kind, Application.outcome, func.count()).where(*_over(ended))
    rows = (await session.exec(query.group_by(Application.kind, Application.outcome))).all()
    return {f"{kind}/{outcome or '-'}": number for kind, outcome, number in rows}


async def add_run(session: AsyncSession, run: DestructionRun) -> None:
    session.add(run)
    await session.flush()


async def run(session: AsyncSession, key: int) -> DestructionRun:
    return await session.get_one(DestructionRun, key)


async def last_finished(session: AsyncSession) -> DestructionRun | None:
    query = select(DestructionRun).where(DestructionRun.finished_at.is_not(None))
    return (await session.exec(query.order_by(DestructionRun.id.desc()).limit(1))).first()


async def runs(session: AsyncSession, *, limit: int = 24) -> Sequence[DestructionRun]:
    return (await session.exec(select(DestructionRun).order_by(DestructionRun.id.desc()).limit(limit))).all()
