"""Events that change what exists: edits, deletions, receipts, reactions, echoes of our account, platforms' notices."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, citizens, conversations, outbound, parked, search
from inbox.rules import reactions
from inbox.services import erasure, history, identities, message_status, revisions, steps
from models.enums import Author, DeliveryStatus, Direction, EventKind, Surface
from models.messages import ChannelEvent
from models.tables import Message, ParkedReceipt

POST_REMOVED = "post_removed"
REACTIONS = "reactions"
"""Of a message's `extra`: how often each sign stands under it."""
WATERMARK_SLACK = timedelta(seconds=5)
"""We note a send a little after the platform did; its watermark counts by its own clock."""


async def apply(session: AsyncSession, event: ChannelEvent, *, account_id: int, at: datetime) -> Sequence[Message]:
    """Carry one event out; the messages that changed. Messages themselves are stored by intake."""
    match event.kind:
        case EventKind.EDIT:
            return await _edit(session, event, at)
        case EventKind.DELETE:
            return await _take_back(session, event, at)
        case EventKind.STATUS:
            return await _receive_status(session, event, account_id, at)
        case EventKind.ECHO:
            return await _import_echo(session, event, account_id, at)
        case EventKind.REACTION:
            return await _react(session, event)
        case EventKind.SYSTEM:
            return await _heed_notice(session, event, account_id, at)
        case _:
            return ()


async def _edit(session: AsyncSession, event: ChannelEvent, at: datetime) -> Sequence[Message]:
    """The old text stays in the application's history; before there is one, beside the message."""
    message = await conversations.find_message(session, event.channel, event.external_id)
    if message is None or message.deleted_at or message.text == event.text:
        return ()
    if message.application_id:
        await _note(session, message, at, actor="citizen", action="message_edited", content={"old_text": message.text})
    else:
        earlier = [*message.extra.get("earlier_texts", ()), message.text]
        message.extra = {**message.extra, "earlier_texts": earlier}
    message.text, message.edited_at = event.text, at
    session.add(message)
    await revisions.ask_again(session, message, at=at)
    if message.application_id:
        await _tell_application(session, message.application_id)
    return (message,)


async def _tell_application(session: AsyncSession, application_id: int) -> None:
    application = await applications.application_for_change(session, application_id)
    assert application is not None
    steps.hand_to_desk(application)
    session.add(application)
    await session.flush()
    await search.index_applications(session, [application_id])


async def _take_back(session: AsyncSession, event: ChannelEvent, at: datetime) -> Sequence[Message]:
    message = await conversations.find_message(session, event.channel, event.external_id)
    if message is None or message.deleted_at:
        return ()
    await erasure.erase(session, message, at=at)
    if message.application_id:
        actor = "citizen" if message.direction is Direction.INBOUND else "bot"
        await _note(session, message, at, actor=actor, action="message_deleted", content={})
    return (message,)


async def _react(session: AsyncSession, event: ChannelEvent) -> Sequence[Message]:
    """What stands under a message is kept with it, and goes with it."""
    message = await conversations.find_message(session, event.channel, event.external_id)
    if message is None or message.deleted_at:
        return ()
    known = message.extra.get(REACTIONS, {})
    counts = reactions.after(known, event.extra, alone=event.surface is Surface.DIRECT)
    message.extra = {**message.extra, REACTIONS: counts}
    session.add(message)
    return (message,)


async def _receive_status(
    session: AsyncSession, event: ChannelEvent, account_id: int, at: datetime
) -> Sequence[Message]:
    if event.status is None:
        return ()
    if not event.external_id:
        return await _raise_to_watermark(session, event, account_id)
    message = await conversations.find_message(session, event.channel, event.external_id)
    if message is None:
        await _park(session, event, at)
        return ()
    moved = await message_status.raise_to(session, message, event.status, detail=event.reason, at=at)
    return (message,) if moved else ()


async def _park(session: AsyncSession, event: ChannelEvent, at: datetime) -> None:
    assert event.status is not None
    receipt = ParkedReceipt(
        channel=event.channel,
        external_id=event.external_id,
        status=event.status,
        detail=event.reason,
        reference=event.reference,
        piece=str(event.extra.get("piece", "")),
        received_at=at,
    )
    await parked.park(session, receipt)


async def _raise_to_watermark(session: AsyncSession, event: ChannelEvent, account_id: int) -> Sequence[Message]:
    """Everything that we wrote in the thread up to this moment has that status (Messenger, Instagram)."""
    moment, surface = _moment(event.extra.get("watermark")), event.surface or Surface.DIRECT
    if moment is None or event.status is None:
        return ()
    return await outbound.raise_until(
        session,
        account_id=account_id,
        surface=surface.conversation_surface,
        thread_id=event.thread_id,
        status=event.status,
        until=moment + WATERMARK_SLACK,
    )


def _moment(milliseconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


async def _note(
    session: AsyncSession, message: Message, at: datetime, *, actor: str, action: str, content: Mapping[str, Any]
) -> None:
    told = {"message_id": message.id, **content}
    note = history.HistoryNote(application_id=message.application_id or 0, actor=actor, action=action, content=told)
    await history.append(session, [note], at=at)


async def _heed_notice(session: AsyncSession, event: ChannelEvent, account_id: int, at: datetime) -> Sequence[Message]:
    """New ids of a citizen; a post that is gone from the Page."""
    previous, current = event.extra.get("previous_ids", ()), event.extra.get("current_ids", ())
    if previous and current:
        await identities.join(session, event.channel, previous=previous, current=current, at=at)
    if event.reason == POST_REMOVED:
        await outbound.close_thread(session, account_id=account_id, thread_id=event.external_id)
        return await _take_back(session, event, at)
    return ()


async def _import_echo(session: AsyncSession, event: ChannelEvent, account_id: int, at: datetime) -> Sequence[Message]:
    """Keep what our account wrote, perhaps by the platform's own app. Our sender's record takes the row over later.

    Of what we have recorded already it tells the platform's own time, by which watermarks count.
    """
    if not event.external_id or event.surface is None:
        return ()
    if known := await conversations.find_message(session, event.channel, event.external_id):
        if known.direction is Direction.OUTBOUND and event.sent_at:
            known.sent_at = event.sent_at
            session.add(known)
        return ()
    place = await _echoed_conversation(session, event, account_id)
    if place is None:
        return ()
    message = _echoed_message(event, *place, at=at)
    session.add(message)
    await session.flush()
    await message_status.apply_parked(session, message, at=at)
    return (message,)


def _echoed_message(event: ChannelEvent, conversation_id: int, application_id: int | None, *, at: datetime) -> Message:
    return Message(
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
