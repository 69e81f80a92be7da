"""How our accounts fare: health rows, comparisons with the platforms' lists, and the counts that hint at gaps."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import AccountDeed, Direction, OutboxState
from models.tables import (
    AccountEvent,
    AccountHealth,
    Application,
    Conversation,
    Delivery,
    Event,
    Message,
    OutboxItem,
    ParkedReceipt,
    ReconciliationRun,
)
from models.tables.deliveries import UNREAD
from models.tables.outbox import UNSENT


async def health(session: AsyncSession, account_id: int) -> AccountHealth:
    """The account's health, a fresh row where it was never probed."""
    found = await session.get(AccountHealth, account_id)
    if found is None:
        await insert_new(session, [AccountHealth(account_id=account_id)])
        found = await session.get_one(AccountHealth, account_id)
    return found


async def count_refused(session: AsyncSession, account_id: int, *, count: int, at: datetime) -> None:
    """So many more notices with a wrong signature."""
    await insert_new(session, [AccountHealth(account_id=account_id)])
    query = update(AccountHealth).where(AccountHealth.account_id == account_id)
    await session.exec(query.values(refused_pushes=AccountHealth.refused_pushes + count, refused_at=at))


async def all_health(session: AsyncSession) -> dict[int, AccountHealth]:
    return {row.account_id: row for row in (await session.exec(select(AccountHealth))).all()}


async def last_run(session: AsyncSession, account_id: int) -> ReconciliationRun | None:
    return (await session.exec(_runs(account_id).limit(1))).first()


async def last_runs(session: AsyncSession, account_id: int, *, limit: int = 20) -> Sequence[ReconciliationRun]:
    """Newest first."""
    return (await session.exec(_runs(account_id).limit(limit))).all()


async def known_keys(session: AsyncSession, account_id: int, keys: Collection[str]) -> set[str]:
    """Those of the dedup keys that the account has stored events for."""
    found: set[str] = set()
    ordered = sorted(keys)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        query = select(Event.dedup_key).where(Event.account_id == account_id, Event.dedup_key.in_(part))
        found.update((await session.exec(query)).all())
    return found


async def last_heard(session: AsyncSession, account_id: int) -> datetime | None:
    """When the platform last gave us anything for this account."""
    query = select(func.max(Delivery.received_at)).where(Delivery.account_id == account_id)
    return (await session.exec(query)).one()


async def inbound_times(session: AsyncSession, account_id: int, *, since: datetime) -> Sequence[datetime]:
    """When citizens' messages came in on the account, oldest first."""
    query = (
        select(Message.received_at)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.account_id == account_id,
            Message.direction == Direction.INBOUND,
            Message.received_at >= since,
        )
        .order_by(Message.received_at)
    )
    return (await session.exec(query)).all()


async def without_receipt(session: AsyncSession, account_id: int, *, since: datetime, until: datetime) -> int:
    """Messages of ours that left then and of which no receipt ever came."""
    query = (
        select(func.count(Message.id))
        .join(OutboxItem, OutboxItem.id == Message.outbox_id)
        .where(
            OutboxItem.account_id == account_id,
            Message.sent_at >= since,
            Message.sent_at < until,
            Message.status == "sent",
        )
    )
    return (await session.exec(query)).one()


async def receipts_of_strangers(session: AsyncSession, channel: str, *, since: datetime, until: datetime) -> int:
    """Receipts for messages that nobody here has sent: another system writes, or our record is gone."""
    query = select(func.count()).select_from(ParkedReceipt)
    query = query.where(
        ParkedReceipt.channel == channel, ParkedReceipt.received_at >= since, ParkedReceipt.received_at < until
    )
    return (await session.exec(query)).one()


async def answers_to_unknown(session: AsyncSession, account_id: int, *, since: datetime) -> int:
    """Citizens' messages that quote a message which we do not have."""
    quoted = aliased(Message)
    query = (
        select(func.count(Message.id))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .outerjoin(quoted, (quoted.channel == Message.channel) & (quoted.external_id == Message.reply_to))
        .where(
            Conversation.account_id == account_id,
            Message.direction == Direction.INBOUND,
            Message.received_at >= since,
            Message.reply_to != "",
            quoted.id.is_(None),
        )
    )
    return (await session.exec(query)).one()


async def sent_since(session: AsyncSession, account_id: int, *, since: datetime) -> int:
    """Texts that the platform has taken since then."""
    query = select(func.count(OutboxItem.id)).where(OutboxItem.account_id == account_id, OutboxItem.sent_at >= since)
    return (await session.exec(query)).one()


async def last_pushed(session: AsyncSession, account_id: int) -> datetime | None:
    """When the account's newest webhook came."""
    query = select(func.max(Delivery.received_at)).where(Delivery.account_id == account_id)
    return (await session.exec(query.where(Delivery.source == "webhook"))).one()


async def last_sent(session: AsyncSession, account_id: int) -> datetime | None:
    """When the platform last took a text of ours."""
    query = select(func.max(OutboxItem.sent_at)).where(OutboxItem.account_id == account_id)
    return (await session.exec(query)).one()


async def uncertain(session: AsyncSession, *, limit: int = 100) -> Sequence[tuple[OutboxItem, Application | None]]:
    """Texts of which nobody knows whether they left, newest first, with their applications."""
    query = select(OutboxItem, Application).outerjoin(Application, Application.id == OutboxItem.application_id)
    query = query.where(UNSENT, OutboxItem.state == OutboxState.UNKNOWN)
    query = query.order_by(OutboxItem.created_at.desc(), OutboxItem.id.desc()).limit(limit)
    return [(item, application) for item, application in (await session.exec(query)).all()]


async def uncertain_by_account(session: AsyncSession) -> dict[int, int]:
    query = select(OutboxItem.account_id, func.count()).where(UNSENT, OutboxItem.state == OutboxState.UNKNOWN)
    return dict((await session.exec(query.group_by(OutboxItem.account_id))).all())


async def unreadable_by_account(session: AsyncSession) -> dict[int | None, int]:
    """How many deliveries hold parts that nobody could read."""
    query = select(Delivery.account_id, func.count()).where(UNREAD)
    return dict((await session.exec(query.group_by(Delivery.account_id))).all())


async def waiting_for_bots(session: AsyncSession) -> int:
    """Texts that no person wrote and that have not left."""
    query = select(func.count()).select_from(OutboxItem)
    bots = query.where(UNSENT, OutboxItem.state == OutboxState.QUEUED, OutboxItem.user_id.is_(None))
    return (await session.exec(bots)).one()


async def add_event(session: AsyncSession, event: AccountEvent) -> None:
    session.add(event)
    await session.flush()


async def last_events(session: AsyncSession, *, limit: int) -> Sequence[AccountEvent]:
    """Newest first."""
    return (await session.exec(select(AccountEvent).order_by(AccountEvent.id.desc()).limit(limit))).all()


async def last_event(
    session: AsyncSession, account_id: int | None, whats: Collection[AccountDeed]
) -> AccountEvent | None:
    """The newest of these kinds; without an account those of all bots."""
    query = select(AccountEvent).where(AccountEvent.account_id == account_id, AccountEvent.what.in_(whats))
    return (await session.exec(query.order_by(AccountEvent.id.desc()).limit(1))).first()


def _runs(account_id: int) -> object:
    return (
        select(ReconciliationRun)
        .where(ReconciliationRun.account_id == account_id)
        .order_by(ReconciliationRun.id.desc())
    )
