"""Takes in what platforms give us. One transaction per page or webhook: delivery, events, messages, cursor, jobs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, citizens, conversations, deliveries, jobs
from inbox.rules.turns import turn_times
from inbox.services import receipts
from models.db import lock
from models.enums import Author, ChannelName, DeliveryState, Direction, EventKind, Surface
from models.messages import ChannelEvent, Parsed, Sender
from models.tables import (
    Account,
    Conversation,
    Delivery,
    Event,
    Identity,
    Job,
    Message,
    MessageAttachment,
    MessageSighting,
)

NOBODY = Sender(external_id="unknown")
"""Stands for a sender whom the platform hides (Facebook without permission): one identity per account and thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One webhook body or polled page, with what the parser read in it. `account` is None for an unknown account."""

    channel: ChannelName
    source: str
    body: bytes
    parsed: Parsed
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeResult:
    """What a batch changed. `conversation_ids` have work; announce them after commit."""

    delivery_id: int
    events: int
    duplicates: int
    messages: int
    conversation_ids: tuple[int, ...]
    application_ids: tuple[int, ...]
    """Applications whose messages were edited, erased or got a receipt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledFrom:
    """Where a page came from and the cursor to store with it."""

    account_id: int
    stream: str
    cursor: str


async def store(session: AsyncSession, batch: Batch, *, polled: PolledFrom | None = None) -> IntakeResult:
    """Keep the raw bytes, then everything new in them. The same batch a second time changes nothing but a count."""
    by_account = await _by_account(session, batch, polled)
    for account_id in sorted(by_account):
        await lock(session, f"intake:{account_id}")
    delivery_id = await deliveries.add_delivery(session, _delivery(batch, by_account))
    fresh = await _fresh_events(session, batch, by_account, delivery_id)
    touched, changed, stored = set(), set(), 0
    for account_id, events in fresh.items():
        count, conversation_ids = await _store_messages(session, batch, account_id, events)
        stored += count
        touched.update(conversation_ids)
        changed.update(await _apply_changes(session, account_id, events, batch.received_at))
    if polled:
        await accounts.move_cursor(session, polled.account_id, polled.stream, value=polled.cursor, at=batch.received_at)
    new_count = sum(len(events) for events in fresh.values())
    known_count = sum(len(events) for events in by_account.values())
    await _count(session, delivery_id, events=new_count, duplicates=known_count - new_count)
    return IntakeResult(
        delivery_id=delivery_id,
        events=new_count,
        duplicates=known_count - new_count,
        messages=stored,
        conversation_ids=tuple(sorted(touched)),
        application_ids=tuple(sorted(changed)),
    )


async def _by_account(session: AsyncSession, batch: Batch, polled: PolledFrom | None) -> dict[int, list[ChannelEvent]]:
    """Events by our account; events of accounts that are not ours are left in the raw delivery alone."""
    if polled:
        return {polled.account_id: list(batch.parsed.events)}
    found: dict[str, Account | None] = {}
    by_account: dict[int, list[ChannelEvent]] = defaultdict(list)
    for name in dict.fromkeys(event.account_id for event in batch.parsed.events):
        found[name] = await accounts.find_account(session, batch.channel, name)
    for event in batch.parsed.events:
        if account := found[event.account_id]:
            by_account[account.id or 0].append(event)
    return by_account


def _delivery(batch: Batch, by_account: Mapping[int, Sequence[ChannelEvent]]) -> Delivery:
    strangers = len(batch.parsed.events) - sum(len(events) for events in by_account.values())
    problems = [f"{problem.where}: {problem.why}" for problem in batch.parsed.problems]
    if strangers:
        problems.append(f"{strangers} events name an account that is not set up here")
    state = DeliveryState.PARSED
    if problems:
        state = DeliveryState.PARTIAL if by_account else DeliveryState.UNREADABLE
    return Delivery(
        channel=batch.channel,
        account_id=next(iter(by_account)) if len(by_account) == 1 else None,
        source=batch.source,
        body=batch.body,
        received_at=batch.received_at,
        state=state,
        problem="\n".join(problems),
    )


async def _fresh_events(
    session: AsyncSession, batch: Batch, by_account: Mapping[int, Sequence[ChannelEvent]], delivery_id: int
) -> dict[int, list[ChannelEvent]]:
    """The events that nobody has stored before; the unique key decides."""
    distinct = {
        account_id: list({event.dedup_key: event for event in reversed(events)}.values())[::-1]
        for account_id, events in by_account.items()
    }
    rows = [
        _event_row(event, account_id=account_id, delivery_id=delivery_id, at=batch.received_at)
        for account_id, events in distinct.items()
        for event in events
    ]
    new = await deliveries.add_events(session, rows)
    return {
        account_id: [event for event in events if (account_id, event.dedup_key) in new]
        for account_id, events in distinct.items()
    }


def _event_row(event: ChannelEvent, *, account_id: int, delivery_id: int, at: datetime) -> Event:
    return Event(
        delivery_id=delivery_id,
        account_id=account_id,
        dedup_key=event.dedup_key,
        kind=event.kind,
        external_id=event.external_id,
        reason=event.reason,
        received_at=at,
        sent_at=event.sent_at,
        extra=dict(event.extra),
    )


async def _count(session: AsyncSession, delivery_id: int, *, events: int, duplicates: int) -> None:
    delivery = await session.get(Delivery, delivery_id)
    assert delivery is not None
    delivery.event_count, delivery.duplicate_count = events, duplicates
    session.add(delivery)


async def _store_messages(
    session: AsyncSession, batch: Batch, account_id: int, events: Sequence[ChannelEvent]
) -> tuple[int, set[int]]:
    """Store new citizens' messages with their conversations and jobs; (how many, conversations with work)."""
    inbound = [event for event in events if event.kind is EventKind.MESSAGE]
    if not inbound:
        return 0, set()
    at = batch.received_at
    identities = await citizens.ensure_identities(session, batch.channel, [_sender(e) for e in inbound], at=at)
    places = await _conversation_ids(session, account_id, inbound, identities, at)
    rows = [_message_row(event, places[event.external_id], at) for event in inbound]
    new = await conversations.add_messages(session, rows)
    known = await conversations.message_ids(session, batch.channel, [event.external_id for event in inbound])
    await conversations.add_sightings(
        session, [MessageSighting(message_id=message_id, account_id=account_id) for message_id in known.values()]
    )
    fresh = [event for event in inbound if event.external_id in new]
    await conversations.add_attachments(session, list(_attachment_rows(fresh, new)))
    await jobs.add_jobs(session, [_job(event, places[event.external_id], new, at) for event in fresh])
    touched = {places[event.external_id] for event in fresh}
    await conversations.touch(session, sorted(touched), at=at)
    return len(fresh), touched


def _sender(event: ChannelEvent) -> Sender:
    return event.sender or Sender(external_id=f"{NOBODY.external_id}:{event.thread_id}", scope=event.account_id)


async def _conversation_ids(
    session: AsyncSession,
    account_id: int,
    events: Sequence[ChannelEvent],
    identities: Mapping[citizens.IdentityKey, Identity],
    at: datetime,
) -> dict[str, int]:
    """The conversation of each message, by the message's external id."""
    owners = {event.external_id: _owner(event, identities) for event in events}
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


def _owner(event: ChannelEvent, identities: Mapping[citizens.IdentityKey, Identity]) -> Identity:
    sender = _sender(event)
    return identities[(sender.scope, sender.external_id)]


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
        extra=dict(event.extra),
    )


def _attachment_rows(events: Iterable[ChannelEvent], ids: Mapping[str, int]) -> Iterable[MessageAttachment]:
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


async def _apply_changes(
    session: AsyncSession, account_id: int, events: Sequence[ChannelEvent], at: datetime
) -> set[int]:
    """Edits, deletions, receipts and echoes; the applications that they touch."""
    changed = set()
    for event in events:
        message = await receipts.apply(session, event, account_id=account_id, at=at)
        if message and message.application_id:
            changed.add(message.application_id)
    return changed
