"""Citizens' messages with their conversations, attachments and jobs. Each is stored once; what is known stays."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import citizens, conversations, jobs, lookups, rejoining
from inbox.rules.files import is_worth_fetching
from inbox.rules.turns import turn_times
from inbox.services import erasure, identities
from inbox.services.naming import unnamed
from models.enums import Author, ChannelName, Direction, EventKind, Surface
from models.messages import ChannelEvent, Sender
from models.tables import Conversation, Identity, Job, Message, MessageAttachment, MessageSighting

NOBODY = Sender(external_id="unknown")
"""Stands for a sender whom the platform hides (Facebook without permission): one identity per account and thread."""


async def store_messages(
    session: AsyncSession, channel: ChannelName, account_id: int, events: Sequence[ChannelEvent], *, at: datetime
) -> tuple[int, set[int]]:
    """Store new citizens' messages; (how many, conversations with work).

    An edit of a message that never came is that message. One that was taken back before it came is a tombstone.
    """
    inbound = await _messages(session, channel, events)
    if not inbound:
        return 0, set()
    known_as = await _identities(session, channel, [_sender(event) for event in inbound], at)
    await lookups.add(session, unnamed(account_id, inbound, known_as, at=at))
    places = await _conversation_ids(session, account_id, inbound, known_as, at)
    new = await conversations.add_messages(session, [_message_row(e, places[e.external_id], at) for e in inbound])
    known = await conversations.message_ids(session, channel, [event.external_id for event in inbound])
    await conversations.add_sightings(
        session, [MessageSighting(message_id=message_id, account_id=account_id) for message_id in known.values()]
    )
    fresh = [event for event in inbound if event.external_id in new]
    await conversations.add_attachments(session, list(_attachment_rows(fresh, new, at)))
    settled = await _settle_early(session, account_id, fresh, new, places, at)
    waiting = [event for event in fresh if event.external_id not in settled]
    await jobs.add_jobs(session, [_job(event, places[event.external_id], new, at) for event in waiting])
    await conversations.touch(session, sorted({places[event.external_id] for event in fresh}), at=at)
    return len(fresh), {places[event.external_id] for event in waiting}


async def _identities(
    session: AsyncSession, channel: ChannelName, senders: Sequence[Sender], at: datetime
) -> Mapping[citizens.IdentityKey, Identity]:
    """Who wrote; ids that turn out to be one person's are joined first."""
    senders = await identities.without_reused(session, channel, senders)
    known = await citizens.ensure_identities(session, channel, senders, at=at)
    if await identities.heed_aliases(session, channel, senders, known, at=at):
        return await citizens.ensure_identities(session, channel, senders, at=at)
    return known


async def _messages(
    session: AsyncSession, channel: ChannelName, events: Sequence[ChannelEvent]
) -> Sequence[ChannelEvent]:
    """Messages, and edits of messages that nobody has told us of, once each."""
    inbound = {event.external_id: event for event in events if event.kind is EventKind.MESSAGE}
    edits = {
        event.external_id: event
        for event in events
        if event.kind is EventKind.EDIT and event.sender and event.external_id not in inbound
    }
    if edits:
        known = await conversations.message_ids(session, channel, list(edits))
        inbound |= {external_id: event for external_id, event in edits.items() if external_id not in known}
    return list(inbound.values())


async def _settle_early(
    session: AsyncSession,
    account_id: int,
    events: Sequence[ChannelEvent],
    ids: Mapping[str, int],
    places: Mapping[str, int],
    at: datetime,
) -> set[str]:
    """New messages that need no turn of their own: taken back before they came, or late parts of an album."""
    settled = set()
    for external_id in await rejoining.taken_back(session, account_id, [event.external_id for event in events]):
        (message,) = await conversations.messages_by_id(session, [ids[external_id]])
        await erasure.erase(session, message, at=at)
        settled.add(external_id)
    for event in events:
        if event.group_key and event.external_id not in settled:
            joined = await rejoining.join_album(
                session, ids[event.external_id], conversation_id=places[event.external_id], key=event.group_key, at=at
            )
            settled.update({event.external_id} if joined else ())
    return settled


def _sender(event: ChannelEvent) -> Sender:
    return event.sender or Sender(external_id=f"{NOBODY.external_id}:{event.thread_id}", scope=event.account_id)


async def _conversation_ids(
    session: AsyncSession,
    account_id: int,
    events: Sequence[ChannelEvent],
    known_as: Mapping[citizens.IdentityKey, Identity],
    at: datetime,
) -> dict[str, int]:
    """The conversation of each message, by the message's external id."""
    owners = {event.external_id: _owner(event, known_as) for event in events}
    rows = {
        (_surface(event), event.thread_id, owners[event.external_id].id): Conversation(
            account_id=account_id,
            channel=event.channel,
            surface=_surface(event),
            thread_id=event.thread_id,
            identity_id=owners[event.external_id].id or 0,
            citizen_id=owners[event.external_id].citizen_id,
            created_at=at,
        )
        for event in events
    }
    ids = await conversations.ensure_conversations(session, list(rows.values()))
    return {
        event.external_id: ids[(_surface(event), event.thread_id, owners[event.external_id].id or 0)]
        for event in events
    }


def _owner(event: ChannelEvent, known_as: Mapping[citizens.IdentityKey, Identity]) -> Identity:
    sender = _sender(event)
    return known_as[(sender.scope, sender.external_id)]


def _surface(event: ChannelEvent) -> Surface:
    return (event.surface or Surface.DIRECT).conversation_surface


def _message_row(event: ChannelEvent, conversation_id: int, at: datetime) -> Message:
    return Message(
        conversation_id=conversation_id,
        channel=event.channel,
        external_id=event.external_id,
        direction=Direction.INBOUND,
        author=Author.CITIZEN,
        text=event.text,
        reply_to=event.reply_to,
        permalink=event.permalink,
        replyable=event.replyable,
        group_key=event.group_key,
        sent_at=event.sent_at or at,
        received_at=at,
        edited_at=at if event.kind is EventKind.EDIT else None,
        extra=dict(event.extra),
    )


def _attachment_rows(
    events: Iterable[ChannelEvent], ids: Mapping[str, int], at: datetime
) -> Iterable[MessageAttachment]:
    for event in events:
        for attachment in event.attachments:
            yield MessageAttachment(
                message_id=ids[event.external_id],
                kind=attachment.kind,
                external_id=attachment.external_id,
                url=attachment.url,
                mime_type=attachment.mime_type,
                file_name=attachment.file_name,
                size=attachment.size,
                sha256=attachment.sha256,
                latitude=attachment.latitude,
                longitude=attachment.longitude,
                title=attachment.title,
                keep=attachment.keep,
                fetch_at=at if is_worth_fetching(attachment) else None,
            )


def _job(event: ChannelEvent, conversation_id: int, ids: Mapping[str, int], at: datetime) -> Job:
    quiet_at, latest_at = turn_times(_surface(event), at)
    return Job(
        conversation_id=conversation_id,
        message_id=ids[event.external_id],
        quiet_at=quiet_at,
        latest_at=latest_at,
        created_at=at,
    )
