"""Events that change messages which exist: edits, deletions, receipts, and echoes of what our account wrote."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, citizens, conversations
from inbox.services import history
from models.enums import Author, DeliveryStatus, Direction, EventKind
from models.messages import ChannelEvent
from models.tables import Message, ParkedReceipt


async def apply(session: AsyncSession, event: ChannelEvent, *, account_id: int, at: datetime) -> Message | None:
    """Carry one event out; the message that changed, if any. Messages themselves are stored by intake."""
    match event.kind:
        case EventKind.EDIT:
            return await _edit(session, event, at)
        case EventKind.DELETE:
            return await _erase(session, event, at)
        case EventKind.STATUS:
            return await _receive_status(session, event, at)
        case EventKind.ECHO:
            return await _import_echo(session, event, account_id, at)
        case _:
            return None


async def _edit(session: AsyncSession, event: ChannelEvent, at: datetime) -> Message | None:
    message = await conversations.find_message(session, event.channel, event.external_id)
    if message is None or message.deleted_at or message.text == event.text:
        return None
    if message.application_id:
        await _note(session, message, at, actor="citizen", action="message_edited", content={"old_text": message.text})
    message.text, message.edited_at = event.text, at
    session.add(message)
    return message


async def _erase(session: AsyncSession, event: ChannelEvent, at: datetime) -> Message | None:
    message = await conversations.find_message(session, event.channel, event.external_id)
    if message is None or message.deleted_at:
        return None
    await conversations.erase_message(session, message, at=at)
    if message.application_id:
        await _note(session, message, at, actor="citizen", action="message_deleted", content={})
    return message


async def _receive_status(session: AsyncSession, event: ChannelEvent, at: datetime) -> Message | None:
    if event.status is None or not event.external_id:
        return None
    message = await conversations.find_message(session, event.channel, event.external_id)
    if message is None:
        await conversations.park_receipt(
            session,
            ParkedReceipt(
                channel=event.channel,
                external_id=event.external_id,
                status=event.status,
                detail=event.reason,
                received_at=at,
            ),
        )
        return None
    moved = await conversations.raise_status(session, message, event.status)
    if moved and event.status is DeliveryStatus.FAILED and message.application_id:
        await _note(session, message, at, actor="bot", action="delivery_failed", content={"detail": event.reason})
    return message if moved else None


async def _note(
    session: AsyncSession, message: Message, at: datetime, *, actor: str, action: str, content: Mapping[str, Any]
) -> None:
    told = {"message_id": message.id, **content}
    note = history.HistoryNote(application_id=message.application_id or 0, actor=actor, action=action, content=told)
    await history.append(session, [note], at=at)


async def _import_echo(session: AsyncSession, event: ChannelEvent, account_id: int, at: datetime) -> Message | None:
    """Keep what our account wrote, perhaps by the platform's own app. Our sender's record takes the row over later."""
    if not event.external_id or event.surface is None:
        return None
    if await conversations.find_message(session, event.channel, event.external_id):
        return None
    conversation = await _echoed_conversation(session, event, account_id)
    if conversation is None:
        return None
    conversation_id, application_id = conversation
    message = Message(
        conversation_id=conversation_id,
        application_id=application_id,
        channel=event.channel,
        external_id=event.external_id,
        direction=Direction.OUTBOUND,
        author=Author.PLATFORM_APP,
        text=event.text,
        reply_to=event.reply_to,
        sent_at=event.sent_at or at,
        received_at=at,
        triaged_at=at,
        status=DeliveryStatus.SENT,
    )
    session.add(message)
    await session.flush()
    return message


async def _echoed_conversation(
    session: AsyncSession, event: ChannelEvent, account_id: int
) -> tuple[int, int | None] | None:
    """(conversation, its open application) that an echo belongs to, or None where we know no such thread."""
    if event.reply_to and (answered := await conversations.find_message(session, event.channel, event.reply_to)):
        return answered.conversation_id, answered.application_id
    recipient = str(event.extra.get("recipient_id", ""))
    if not recipient or event.surface is None:
        return None
    identity = await citizens.find_identity(session, event.channel, recipient, scopes=("", event.account_id))
    if identity is None:
        return None
    found = await conversations.find_by_thread(
        session, account_id, event.surface.conversation_surface, event.thread_id, identity_id=identity.id
    )
    if found is None or found.id is None:
        return None
    application = (await applications.open_applications(session, [found.id])).get(found.id)
    return found.id, application.id if application else None
