"""Conversations, their messages, attachments and sightings."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func
from sqlmodel import select, tuple_, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_all, insert_new
from models.enums import ChannelName, DeliveryStatus, Direction, Surface
from models.tables import Conversation, Message, MessageAttachment, MessageSighting, ParkedReceipt

ConversationKey = tuple[Surface, str, int]
"""(surface, thread id, identity id) within one account."""


async def ensure_conversations(
    session: AsyncSession, conversations: Sequence[Conversation]
) -> Mapping[ConversationKey, int]:
    """Ids by key of conversations of one account, made where they are new."""
    if not conversations:
        return {}
    await insert_new(session, conversations)
    keys = {(one.surface, one.thread_id, one.identity_id) for one in conversations}
    query = select(Conversation).where(
        Conversation.account_id == conversations[0].account_id,
        tuple_(Conversation.thread_id, Conversation.identity_id).in_({(key[1], key[2]) for key in keys}),
    )
    found = await session.exec(query)
    return {(one.surface, one.thread_id, one.identity_id): one.id or 0 for one in found}


async def touch(session: AsyncSession, conversation_ids: Sequence[int], *, at: datetime) -> None:
    """Note that these conversations have heard from their citizens."""
    await session.exec(update(Conversation).where(Conversation.id.in_(conversation_ids)).values(last_inbound_at=at))


async def conversation(session: AsyncSession, conversation_id: int) -> Conversation | None:
    return await session.get(Conversation, conversation_id)


async def find_by_thread(
    session: AsyncSession, account_id: int, surface: Surface, thread_id: str, *, identity_id: int | None
) -> Conversation | None:
    """The conversation in a thread; without an identity the one that was heard last."""
    query = select(Conversation).where(
        Conversation.account_id == account_id, Conversation.surface == surface, Conversation.thread_id == thread_id
    )
    if identity_id is not None:
        query = query.where(Conversation.identity_id == identity_id)
    return (await session.exec(query.order_by(Conversation.last_inbound_at.desc()).limit(1))).first()


async def add_messages(session: AsyncSession, messages: Sequence[Message]) -> dict[str, int]:
    """Insert the messages of one channel that are new; ids by external id."""
    return dict(await insert_new(session, messages, Message.external_id, Message.id))


async def message_ids(session: AsyncSession, channel: ChannelName, external_ids: Sequence[str]) -> dict[str, int]:
    query = select(Message.external_id, Message.id).where(
        Message.channel == channel, Message.external_id.in_(external_ids)
    )
    return dict((await session.exec(query)).all())


async def find_message(session: AsyncSession, channel: ChannelName, external_id: str) -> Message | None:
    query = select(Message).where(Message.channel == channel, Message.external_id == external_id)
    return (await session.exec(query)).first()


async def add_attachments(session: AsyncSession, attachments: Sequence[MessageAttachment]) -> None:
    await insert_all(session, attachments)


async def add_sightings(session: AsyncSession, sightings: Sequence[MessageSighting]) -> None:
    await insert_new(session, sightings)


_MESSAGES = (
    select(Message).where(Message.conversation_id == bindparam("conversation_id")).order_by(Message.sent_at, Message.id)
)


async def messages_of_conversation(session: AsyncSession, conversation_id: int) -> Sequence[Message]:
    return (await session.exec(_MESSAGES, params={"conversation_id": conversation_id})).all()


async def inbound_of_applications(session: AsyncSession, application_ids: Sequence[int]) -> Sequence[Message]:
    """What citizens say in these applications and have not taken back, oldest first."""
    query = select(Message).where(
        Message.application_id.in_(application_ids),
        Message.direction == Direction.INBOUND,
        Message.deleted_at.is_(None),
    )
    return (await session.exec(query.order_by(Message.sent_at, Message.id))).all()


async def conversations_by_id(session: AsyncSession, ids: Sequence[int]) -> dict[int, Conversation]:
    found = await session.exec(select(Conversation).where(Conversation.id.in_(ids)))
    return {one.id or 0: one for one in found}


async def mark_triaged(
    session: AsyncSession, groups: Sequence[tuple[Sequence[int], int | None]], *, at: datetime
) -> None:
    """Put messages into their applications, or into the check queue where the application is None."""
    rows = [
        {"id": message_id, "application_id": application_id, "triaged_at": at, "awaits_check": application_id is None}
        for message_ids, application_id in groups
        for message_id in message_ids
    ]
    if rows:
        await session.exec(update(Message), params=rows)


async def messages_by_id(session: AsyncSession, ids: Sequence[int]) -> Sequence[Message]:
    query = select(Message).where(Message.id.in_(ids)).order_by(Message.sent_at, Message.id)
    return (await session.exec(query)).all()


_ATTACHMENTS = (
    select(MessageAttachment)
    .where(MessageAttachment.message_id.in_(bindparam("message_ids", expanding=True)))
    .order_by(MessageAttachment.id)
)


async def attachments_of(session: AsyncSession, message_ids: Sequence[int]) -> Sequence[MessageAttachment]:
    return (await session.exec(_ATTACHMENTS, params={"message_ids": message_ids})).all() if message_ids else []


async def last_inbound(session: AsyncSession, conversation_id: int) -> Message | None:
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.direction == Direction.INBOUND)
        .order_by(Message.id.desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def last_replyable(session: AsyncSession, conversation_id: int) -> Message | None:
    """The newest message of the citizen that the platform lets us answer."""
    query = select(Message).where(
        Message.conversation_id == conversation_id,
        Message.direction == Direction.INBOUND,
        Message.replyable,
        Message.deleted_at.is_(None),
    )
    return (await session.exec(query.order_by(Message.id.desc()).limit(1))).first()


_ANSWERABLE = (
    select(Message.conversation_id, func.max(case((Message.replyable & Message.deleted_at.is_(None), 1), else_=0)))
    .where(
        Message.conversation_id.in_(bindparam("conversation_ids", expanding=True)),
        Message.direction == Direction.INBOUND,
    )
    .group_by(Message.conversation_id)
)


async def unanswerable(session: AsyncSession, conversation_ids: Sequence[int]) -> set[int]:
    """Those whose citizens have written, but nothing that the platform lets us answer."""
    found = await session.exec(_ANSWERABLE, params={"conversation_ids": conversation_ids})
    return {conversation_id for conversation_id, is_answerable in found.all() if not is_answerable}


_OTHERS = (
    select(Conversation)
    .where(Conversation.citizen_id == bindparam("citizen_id"), Conversation.id != bindparam("but"))
    .order_by(Conversation.last_inbound_at.desc())
    .limit(50)
)


async def of_citizen(session: AsyncSession, citizen_id: int, *, but: int) -> Sequence[Conversation]:
    """The citizen's other conversations, the fifty heard last, the last first."""
    return (await session.exec(_OTHERS, params={"citizen_id": citizen_id, "but": but})).all()


async def raise_status(session: AsyncSession, message: Message, status: DeliveryStatus) -> bool:
    """Move a sent message's status forward, never back; True where it moved."""
    if message.status is not None and status.rank <= message.status.rank:
        return False
    message.status = status
    session.add(message)
    return True


async def take_parked(session: AsyncSession, channel: ChannelName, external_id: str) -> ParkedReceipt | None:
    found = await session.get(ParkedReceipt, (channel, external_id))
    if found:
        await session.delete(found)
    return found


async def awaiting_check(session: AsyncSession, conversation_id: int) -> Sequence[Message]:
    """The conversation's messages that wait for a look, oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.awaits_check)
    return (await session.exec(query.order_by(Message.sent_at, Message.id))).all()


async def set_awaits_check(session: AsyncSession, message_ids: Sequence[int], *, value: bool) -> None:
    await session.exec(update(Message).where(Message.id.in_(message_ids)).values(awaits_check=value))


async def next_check(session: AsyncSession, *, after: int) -> int | None:
    """The id of the message that waits for a look behind this one, or else of the first that waits."""
    waiting = select(Message.id).where(Message.awaits_check).order_by(Message.id <= after, Message.id).limit(1)
    return (await session.exec(waiting)).first()


async def messages_of_application(session: AsyncSession, application_id: int) -> Sequence[Message]:
    query = select(Message).where(Message.application_id == application_id).order_by(Message.sent_at, Message.id)
    return (await session.exec(query)).all()
