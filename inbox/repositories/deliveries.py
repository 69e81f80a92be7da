"""Raw deliveries and the events found in them."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import DeliveryState
from models.messages import ChannelEvent
from models.tables import Delivery, Event, EventCopy
from models.tables.deliveries import UNREAD


async def add_delivery(session: AsyncSession, delivery: Delivery) -> int:
    """Store the delivery; its id."""
    session.add(delivery)
    await session.flush()
    assert delivery.id is not None
    return delivery.id


async def add_deliveries(session: AsyncSession, deliveries: Sequence[Delivery]) -> list[int]:
    """Store them with one statement; their ids in the same order."""
    session.add_all(deliveries)
    await session.flush()
    return [one.id or 0 for one in deliveries]


async def kept(session: AsyncSession, *, before: datetime, limit: int) -> Sequence[Delivery]:
    """Deliveries that nobody has looked at since before then, the oldest first."""
    query = select(Delivery).where(UNREAD, Delivery.state == DeliveryState.KEPT, Delivery.received_at < before)
    return (await session.exec(query.order_by(Delivery.id).limit(limit))).all()


async def add_events(session: AsyncSession, events: Sequence[Event]) -> set[tuple[int, str]]:
    """Insert the events that are new; their (account id, dedup key) pairs."""
    found = await insert_new(session, events, Event.account_id, Event.dedup_key)
    return {(account_id, key) for account_id, key in found}


async def is_overtaken(session: AsyncSession, event: ChannelEvent, account_id: int, delivery_id: int | None) -> bool:
    """Whether another delivery told of a later event of that kind."""
    if event.sent_at is None:
        return False
    later = select(Event.id).where(
        Event.external_id == event.external_id,
        Event.account_id == account_id,
        Event.kind == event.kind,
        Event.sent_at > event.sent_at,
        Event.delivery_id != delivery_id,
    )
    return (await session.exec(later.limit(1))).first() is not None


async def add_copies(session: AsyncSession, copies: Sequence[EventCopy]) -> None:
    """Remember which deliveries told of known messages again."""
    await insert_new(session, copies)


async def delivery(session: AsyncSession, delivery_id: int) -> Delivery | None:
    return await session.get(Delivery, delivery_id, with_for_update=True)


async def unreadable(session: AsyncSession, *, limit: int = 100) -> Sequence[Delivery]:
    """Deliveries with parts that nobody could read, newest first."""
    unread = select(Delivery.id).where(UNREAD, Delivery.state != DeliveryState.KEPT)
    query = select(Delivery).where(Delivery.id.in_(unread)).order_by(Delivery.id.desc()).limit(limit)
    return (await session.exec(query)).all()
