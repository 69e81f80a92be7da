"""What we wrote and what the platform says of it, many messages at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import DeliveryStatus, Direction, Surface
from models.tables import Conversation, Message


async def raise_until(
    session: AsyncSession,
    *,
    account_id: int,
    surface: Surface,
    thread_id: str,
    status: DeliveryStatus,
    until: datetime,
) -> Sequence[Message]:
    """Give our messages of a thread up to a moment this status, but for those that are further or have failed."""
    lower = [one for one in DeliveryStatus if one.rank < status.rank]
    query = (
        select(Message)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.account_id == account_id,
            Conversation.surface == surface,
            Conversation.thread_id == thread_id,
            Message.direction == Direction.OUTBOUND,
            Message.status.in_(lower),
            Message.sent_at <= until,
        )
    )
    found = (await session.exec(query)).all()
    for message in found:
        message.status = status
        session.add(message)
    return found


async def has_failed(session: AsyncSession, outbox_id: int) -> bool:
    """Whether the platform told that a text did not arrive."""
    query = select(Message.id).where(Message.outbox_id == outbox_id, Message.status == DeliveryStatus.FAILED)
    return (await session.exec(query.limit(1))).first() is not None


async def close_thread(session: AsyncSession, *, account_id: int, thread_id: str) -> None:
    """Below a post that is gone nobody can be answered any more."""
    places = select(Conversation.id).where(
        Conversation.account_id == account_id,
        Conversation.thread_id == thread_id,
        Conversation.surface.in_((Surface.COMMENT, Surface.VISITOR_POST, Surface.TAG)),
    )
    await session.exec(
        update(Message)
        .where(Message.conversation_id.in_(places), Message.direction == Direction.INBOUND)
        .values(replyable=False)
    )
