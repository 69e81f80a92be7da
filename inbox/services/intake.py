"""Takes in what platforms give us. One transaction per page or push: delivery, events, messages, cursor, jobs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import InterfaceError, OperationalError, StatementError
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, deliveries, lookups
from inbox.rules.keys import bounded
from inbox.services import incoming, receipts
from models.db import lock
from models.enums import ChannelName, DeliveryState, EventKind
from models.messages import ChannelEvent, Parsed, ParseProblem
from models.tables import Account, Delivery, Event, EventCopy, Lookup

WEBHOOK = "webhook"
PASSING = (OperationalError, InterfaceError, TimeoutError)
"""The database is busy or away: whoever brought the batch brings it again."""
UNFIT = (StatementError, UnicodeError, OverflowError)
"""What a batch may raise by its content alone: it is kept raw instead."""
TELLING = frozenset({EventKind.MESSAGE, EventKind.EDIT, EventKind.ECHO})
"""Events that carry somebody's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One webhook body or polled page, with what the parser read in it.

    `account_id`: of a push the only account whose secret fits, of a lookup's answer the one that asked.
    """

    channel: ChannelName
    source: str
    body: bytes
    parsed: Parsed
    received_at: datetime
    account_id: int | None = None


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
    by_account = await _by_account(session, batch, polled.account_id if polled else None)
    await _lock(session, by_account)
    delivery = _delivery(batch, by_account)
    await deliveries.add_delivery(session, delivery)
    result = await _take_in(session, batch, by_account, delivery)
    if polled:
        await accounts.move_cursor(session, polled.account_id, polled.stream, value=polled.cursor, at=batch.received_at)
    return result


def kept_raw(batch: Batch, error: Exception) -> Batch:
    """The same bytes without events, to be read again after a fix: nothing is lost by what cannot be stored."""
    problem = ParseProblem(where="$", why=f"could not be stored ({type(error).__name__})")
    return replace(batch, parsed=Parsed(problems=(problem,)))


def unread(batch: Batch) -> Delivery:
    """The bytes alone, for whoever must answer before anything else; `store_again` reads them later."""
    return Delivery(
        channel=batch.channel,
        account_id=batch.account_id,
        source=batch.source,
        body=batch.body,
        received_at=batch.received_at,
        state=DeliveryState.KEPT,
    )


async def store_again(session: AsyncSession, delivery: Delivery, batch: Batch) -> IntakeResult:
    """What is found in bytes that are stored already, for the first time or again. Known events change nothing."""
    by_account = await _by_account(session, batch, delivery.account_id if delivery.source != WEBHOOK else None)
    await _lock(session, by_account)
    read = _delivery(batch, by_account)
    delivery.state, delivery.problem = read.state, read.problem
    delivery.account_id = read.account_id or delivery.account_id
    before = delivery.event_count
    result = await _take_in(session, batch, by_account, delivery)
    delivery.event_count = before + result.events
    return result


async def _lock(session: AsyncSession, account_ids: Iterable[int]) -> None:
    for account_id in sorted(account_ids):
        await lock(session, f"intake:{account_id}")


async def _take_in(
    session: AsyncSession, batch: Batch, by_account: Mapping[int, Sequence[ChannelEvent]], delivery: Delivery
) -> IntakeResult:
    fresh = await _fresh_events(session, batch, by_account, delivery.id or 0)
    touched, changed, stored = set[int](), set[int](), 0
    for account_id, events in fresh.items():
        count, conversation_ids = await incoming.store_messages(
            session, batch.channel, account_id, events, at=batch.received_at
        )
        stored += count
        touched.update(conversation_ids)
        changed.update(await _apply_changes(session, account_id, events, delivery))
        await lookups.add(session, _pointers(account_id, events, batch.received_at))
    new_count = sum(len(events) for events in fresh.values())
    known_count = sum(len(events) for events in by_account.values())
    delivery.event_count, delivery.duplicate_count = new_count, known_count - new_count
    session.add(delivery)
    await session.flush()
    return IntakeResult(
        delivery_id=delivery.id or 0,
        events=new_count,
        duplicates=known_count - new_count,
        messages=stored,
        conversation_ids=tuple(sorted(touched)),
        application_ids=tuple(sorted(changed)),
    )


async def _by_account(session: AsyncSession, batch: Batch, polled: int | None) -> dict[int, list[ChannelEvent]]:
    """Events by our account; events of accounts that are not ours are left in the raw delivery alone."""
    if polled is not None:
        return {polled: [bounded(event) for event in batch.parsed.events]}
    found: dict[str, Account | None] = {}
    by_account: dict[int, list[ChannelEvent]] = defaultdict(list)
    for name in dict.fromkeys(event.account_id for event in batch.parsed.events):
        found[name] = await accounts.find_account(session, batch.channel, name)
    for event in batch.parsed.events:
        if account := found[event.account_id]:
            by_account[account.id or 0].append(bounded(event))
    return by_account


def _delivery(batch: Batch, by_account: Mapping[int, Sequence[ChannelEvent]]) -> Delivery:
    strangers = len(batch.parsed.events) - sum(len(events) for events in by_account.values())
    problems = [f"{problem.where}: {problem.why}" for problem in batch.parsed.problems]
    if strangers:
        problems.append(f"{strangers} events name no account that is set up here")
    state = DeliveryState.PARSED
    if problems:
        state = DeliveryState.PARTIAL if by_account else DeliveryState.UNREADABLE
    return Delivery(
        channel=batch.channel,
        account_id=next(iter(by_account)) if len(by_account) == 1 else batch.account_id,
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
    await deliveries.add_copies(session, _copies(rows, new, delivery_id))
    return {
        account_id: [event for event in events if (account_id, event.dedup_key) in new]
        for account_id, events in distinct.items()
    }


def _copies(rows: Sequence[Event], new: set[tuple[int, str]], delivery_id: int) -> list[EventCopy]:
    """Where words that we know already are told again."""
    again = {
        row.external_id
        for row in rows
        if row.kind in TELLING and row.external_id and (row.account_id, row.dedup_key) not in new
    }
    return [EventCopy(delivery_id=delivery_id, external_id=external_id) for external_id in sorted(again)]


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


def _pointers(account_id: int, events: Sequence[ChannelEvent], at: datetime) -> list[Lookup]:
    """What the platform told of by ids alone: `bots.lookups` asks for its words."""
    return [
        Lookup(account_id=account_id, external_id=event.external_id, pointer=dict(event.extra), due_at=at)
        for event in events
        if event.kind is EventKind.POINTER
    ]


async def _apply_changes(
    session: AsyncSession, account_id: int, events: Sequence[ChannelEvent], delivery: Delivery
) -> set[int]:
    """Edits, deletions, receipts and echoes; the applications that they touch. A late edit is no newer for that."""
    changed = set[int]()
    for event in events:
        if event.kind is EventKind.EDIT and await deliveries.is_overtaken(session, event, account_id, delivery.id):
            continue
        for message in await receipts.apply(session, event, account_id=account_id, at=delivery.received_at):
            if message.application_id:
                changed.add(message.application_id)
    return changed
