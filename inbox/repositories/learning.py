"""What the classifier learns from: judged applications and dismissed messages with all that was said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import upsert
from models.enums import SOCIAL_CHANNELS, ApplicationState, Decision, Direction
from models.tables import (
    Application,
    ClassificationRecord,
    Message,
    ModelComparison,
    ModelPromotion,
    ModelWeek,
)


@dataclass(slots=True, kw_only=True)
class JudgedApplication:
    """An application with the citizen's messages and every classification of them, oldest first."""

    application: Application
    messages: list[Message] = field(default_factory=list)
    records: list[ClassificationRecord] = field(default_factory=list)
    parted: list[Application] = field(default_factory=list)
    """Applications to which messages of this one were moved, or that follow it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCounts:
    """What the machine said within a span of time."""

    turns: int
    confidence: float
    auto: float
    unknown_words: float | None
    model_versions: tuple[str, ...]


class Said(NamedTuple):
    """A classification, as far as corrections of topic and unit are counted."""

    application_id: int | None
    message_id: int
    topic: str | None
    unit: str | None


async def judged_applications(
    session: AsyncSession, *, since: datetime | None, until: datetime, answered: bool
) -> list[JudgedApplication]:
    """Those of the span that a person corrected, confirmed or dismissed; with `answered` also answered, closed ones.

    What an agent wrote down for somebody (phone, letter) is not among them.
    """
    by_person = select(ClassificationRecord.application_id).where(ClassificationRecord.corrected_by.is_not(None))
    settled = or_(Application.id.in_(by_person), Application.state == ApplicationState.DISMISSED)
    if answered:
        settled = or_(settled, Application.answered_at.is_not(None), Application.closed_at.is_not(None))
    within = [settled, Application.received_at < until, Application.channel.in_(SOCIAL_CHANNELS)]
    within.append(Application.registered_by.is_(None))
    if since is not None:
        within.append(Application.received_at >= since)
    return await _with_words(session, within)


async def _with_words(session: AsyncSession, within: Sequence[Any]) -> list[JudgedApplication]:
    """The applications that fulfil the conditions, with messages, classifications and parted ones."""
    found = (await session.exec(select(Application).where(*within).order_by(Application.id))).all()
    judged = {one.id: JudgedApplication(application=one) for one in found}
    messages = select(Message).join(Application, Application.id == Message.application_id)
    messages = messages.where(*within, Message.direction == Direction.INBOUND).order_by(Message.sent_at, Message.id)
    owners = {}
    for message in (await session.exec(messages)).all():
        judged[message.application_id].messages.append(message)
        owners[message.id] = message.application_id
    records = (
        select(ClassificationRecord)
        .join(Message, Message.id == ClassificationRecord.message_id)
        .where(or_(ClassificationRecord.application_id.in_(_ids(within)), Message.application_id.in_(_ids(within))))
    )
    for record in (await session.exec(records.order_by(ClassificationRecord.id))).all():
        owner = record.application_id or owners.get(record.message_id)
        if owner in judged:
            judged[owner].records.append(record)
    for parted in (await session.exec(select(Application).where(Application.linked_to_id.in_(_ids(within))))).all():
        judged[parted.linked_to_id].parted.append(parted)
    return list(judged.values())


def _ids(within: Sequence[Any]) -> Any:
    return select(Application.id).where(*within)


async def dismissed_messages(
    session: AsyncSession, *, since: datetime | None, until: datetime
) -> list[tuple[Message, list[ClassificationRecord]]]:
    """Messages received within the span that a person dismissed, and nobody took back since, with all records."""
    by_person = select(ClassificationRecord.message_id).where(ClassificationRecord.corrected_by.is_not(None))
    query = select(Message, ClassificationRecord).join(
        ClassificationRecord, ClassificationRecord.message_id == Message.id
    )
    query = query.where(
        Message.id.in_(by_person),
        Message.application_id.is_(None),
        Message.deleted_at.is_(None),
        Message.awaits_check.is_(False),
        Message.received_at < until,
    )
    if since is not None:
        query = query.where(Message.received_at >= since)
    found: dict[int | None, tuple[Message, list[ClassificationRecord]]] = {}
    for message, record in (await session.exec(query.order_by(ClassificationRecord.id))).all():
        found.setdefault(message.id, (message, []))[1].append(record)
    return list(found.values())


async def machine_counts(session: AsyncSession, *, since: datetime, until: datetime) -> WeekCounts:
    """Of the turns that the machine classified within the span."""
    span = [*_by_machine(), ClassificationRecord.created_at >= since, ClassificationRecord.created_at < until]
    auto = select(func.count(ClassificationRecord.id)).where(*span, ClassificationRecord.decision == Decision.AUTO)
    query = select(
        func.count(ClassificationRecord.id),
        func.coalesce(func.avg(ClassificationRecord.confidence), 0.0),
        func.avg(ClassificationRecord.details["unknown_words"].as_float()),
    ).where(*span)
    turns, confidence, unknown = (await session.exec(query)).one()
    through = (await session.exec(auto)).one()
    versions = (await session.exec(select(ClassificationRecord.model_version).where(*span).distinct())).all()
    return WeekCounts(
        turns=turns,
        confidence=float(confidence),
        auto=through / turns if turns else 0.0,
        unknown_words=None if unknown is None else float(unknown),
        model_versions=tuple(sorted(versions)),
    )


async def judgements(session: AsyncSession, *, since: datetime, until: datetime) -> list[tuple[Said, Said]]:
    """(first word of the machine, last word of a person) of each matter that the machine saw within the span."""
    by_person = [ClassificationRecord.corrected_by.is_not(None), ClassificationRecord.created_at >= since]
    seen = [*_by_machine(), ClassificationRecord.created_at >= since, ClassificationRecord.created_at < until]
    judged = or_(
        ClassificationRecord.application_id.in_(select(ClassificationRecord.application_id).where(*by_person)),
        ClassificationRecord.message_id.in_(select(ClassificationRecord.message_id).where(*by_person)),
    )
    first: dict[tuple[str, int], Said] = {}
    for said in await _said(session, [*seen, judged]):
        first.setdefault(_matter(said), said)
    last: dict[tuple[str, int], Said] = {}
    for said in await _said(session, by_person):
        for key in {_matter(said), ("m", said.message_id)} & first.keys():
            last[key] = said
    return [(first[key], said) for key, said in last.items()]


async def _said(session: AsyncSession, conditions: Sequence[Any]) -> list[Said]:
    query = select(
        ClassificationRecord.application_id,
        ClassificationRecord.message_id,
        ClassificationRecord.topic,
        ClassificationRecord.unit,
    )
    found = (await session.exec(query.where(*conditions).order_by(ClassificationRecord.id))).all()
    return [Said(*row) for row in found]


def _by_machine() -> list[Any]:
    return [ClassificationRecord.corrected_by.is_(None)]


def _matter(said: Said) -> tuple[str, int]:
    return ("a", said.application_id) if said.application_id is not None else ("m", said.message_id)


async def put_week(session: AsyncSession, week: ModelWeek) -> None:
    """Store the week's figures in place of earlier ones."""
    values = week.model_dump()
    changes = {name: value for name, value in values.items() if name != "began_at"}
    await session.exec(
        upsert(session, ModelWeek).values(**values).on_conflict_do_update(index_elements=["began_at"], set_=changes)
    )


async def weeks(session: AsyncSession, *, most: int) -> Sequence[ModelWeek]:
    """The latest weeks, oldest first."""
    found = (await session.exec(select(ModelWeek).order_by(ModelWeek.began_at.desc()).limit(most))).all()
    return found[::-1]


async def first_classified(session: AsyncSession) -> datetime | None:
    """When the machine spoke first."""
    return (await session.exec(select(func.min(ClassificationRecord.created_at)).where(*_by_machine()))).one()


async def add_comparison(session: AsyncSession, comparison: ModelComparison) -> None:
    session.add(comparison)
    await session.flush()


async def latest_comparison(session: AsyncSession, *, champion: str, challenger: str) -> ModelComparison | None:
    query = select(ModelComparison).where(
        ModelComparison.champion == champion, ModelComparison.challenger == challenger
    )
    return (await session.exec(query.order_by(ModelComparison.id.desc()).limit(1))).first()


async def comparison(session: AsyncSession, comparison_id: int) -> ModelComparison | None:
    return await session.get(ModelComparison, comparison_id)


async def add_promotion(session: AsyncSession, promotion: ModelPromotion) -> None:
    session.add(promotion)
    await session.flush()


async def promotions(session: AsyncSession, *, most: int) -> Sequence[ModelPromotion]:
    """Newest first."""
    return (await session.exec(select(ModelPromotion).order_by(ModelPromotion.id.desc()).limit(most))).all()
