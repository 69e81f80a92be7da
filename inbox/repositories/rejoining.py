"""New messages whose fate is known already: taken back before they came, or parts of an album seen before."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import EventKind
from models.tables import Event, Message


async def taken_back(session: AsyncSession, account_id: int, external_ids: Sequence[str]) -> set[str]:
    """Those whose deletion was told before them."""
    query = select(Event.external_id).where(
        Event.account_id == account_id,
        Event.external_id.in_(external_ids),
        or_(Event.kind == EventKind.DELETE, Event.reason == "post_removed"),
    )
    return set((await session.exec(query)).all()) if external_ids else set()


async def join_album(session: AsyncSession, message_id: int, *, conversation_id: int, key: str, at: datetime) -> bool:
    """Put a late part of an album where its other parts were put; False while those wait for their turn too."""
    query = select(Message).where(
        Message.conversation_id == conversation_id, Message.group_key == key, Message.triaged_at.is_not(None)
    )
    seen = (await session.exec(query.order_by(Message.id).limit(1))).first()
    if seen is None:
        return False
    place = {"application_id": seen.application_id, "awaits_check": seen.awaits_check, "triaged_at": at}
    await session.exec(update(Message).where(Message.id == message_id).values(**place))
    return True
