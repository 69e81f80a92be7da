"""No query of the daily work walks a whole table: an index leads each to its rows, on both databases."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

from sqlalchemy import event, text
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.day import AGES, count_day
from inbox.repositories import (
    applications,
    citizens,
    comforts,
    conversations,
    deliveries,
    downloads,
    emergencies,
    inbox_list,
    incidents,
    jobs,
    operations,
    outbox,
    process,
    reminders,
    report_examples,
    report_rows,
    roster,
    search,
    surveys,
    wall,
)
from inbox.repositories.list_query import ListQuery, Sort, Span, View
from models.db import Database
from models.enums import ApplicationState, ChannelName, Purpose, Surface
from models.messages import Sender
from tests.conftest import NOW

Ask = Callable[[AsyncSession], Awaitable[Any]]
DESK = Span(user_id=1, now=NOW, day_end=NOW + timedelta(hours=12), week_end=NOW + timedelta(days=7))
UNIT = replace(DESK, everything=False, unit="izsu")
GROWING = (
    "application", "message", "conversation", "identity", "citizen", "outbox_item", "history_entry", "history_content",
    "delivery", "event", "classification", "job", "conversation_lease", "application_search", "draft", "submission",
    "routing", "unit_response", "survey", "message_attachment",
)  # fmt: skip
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"topic": "su_kesintisi"},
    {"unit": "izsu"},
    {"district": "Konak"},
    {"channel": ChannelName.TWITTER},
    {"state": ApplicationState.ROUTED},
    {"assignee_id": 1},
    {"words": ("su", "kesintisi"), "names": True},
)


def of_list(query: ListQuery, span: Span) -> Ask:
    return lambda session: inbox_list.page(session, query, span=span)


LISTS = {
    f"list {view} {sort} {'of a unit' if span is UNIT else ''}": of_list(ListQuery(view=view, sort=sort), span)
    for view, sort, span in product(View, Sort, (DESK, UNIT))
}
FILTERED = {
    f"list by {', '.join(filters)} {sort}": of_list(ListQuery(sort=sort, **filters), DESK)
    for filters, sort in product(FILTERS[1:], Sort)
}
COUNTS: dict[str, Ask] = {
    f"count of {view} by {', '.join(filters)}": lambda session, view=view, filters=filters: inbox_list.count_each(  # type: ignore[misc]
        session, [ListQuery(view=view, **filters)], span=DESK
    )
    for view, filters in product(View, FILTERS)
    if view not in (View.CLOSED, View.EVERYTHING) or (filters and "channel" not in filters)
}
PAGE: dict[str, Ask] = {
    "news": lambda session: inbox_list.count_since(session, ListQuery(), span=DESK, mark=7),
    "present": inbox_list.present,
    "checks": lambda session: inbox_list.waiting_checks(session, limit=100),
    "row": lambda session: inbox_list.entry(session, 7),
    "history": lambda session: applications.history(session, 7),
    "others": lambda session: applications.of_citizen(session, 7, without=7),
    "notes": lambda session: applications.notes(session, 7),
    "messages": lambda session: conversations.messages_of_conversation(session, 7),
    "outbox": lambda session: outbox.of_application(session, 7),
    "private answers": lambda session: outbox.with_key(session, "private_reply:x:1:", conversation_id=7),
    "classification": lambda session: applications.latest_classification(session, 7),
    "draft": lambda session: applications.latest_draft(session, 7),
    "surroundings": lambda session: applications.surroundings(session, 7),
    "mentions": lambda session: comforts.unread_mentions(session, 7, limit=50),
    "approvals": process.approval_queue,
    "unit": lambda session: process.unit_list(session, "izsu"),
    "surveys": lambda session: surveys.waiting(session, now=NOW, limit=50),
    "wall": lambda session: wall.figures(session, day_start=NOW, day_end=NOW, now=NOW),
    "uncertain": operations.uncertain,
    "unreadable": deliveries.unreadable,
}
WRITES: dict[str, Ask] = {
    "identities": lambda session: citizens.ensure_identities(
        session, ChannelName.TWITTER, [Sender(external_id="a"), Sender(external_id="b")], at=NOW
    ),
    "thread": lambda session: conversations.find_by_thread(session, 1, Surface.DIRECT, "t", identity_id=None),
    "known messages": lambda session: conversations.message_ids(session, ChannelName.TWITTER, ["a", "b"]),
    "open ones": lambda session: applications.open_applications(session, [1, 2]),
    "chain": lambda session: applications.chain_ends(session, {1}),
    "chains": lambda session: applications.chain_ends(session, {1, 2}),
    "due jobs": lambda session: jobs.due_conversations(session, now=NOW),
    "turns": lambda session: jobs.take_turns(session, [1, 2], now=NOW),
    "anything to send": lambda session: outbox.anything_due(session, 1, now=NOW),
    "claim": lambda session: outbox.claim(session, 1, now=NOW, seconds=60),
    "holders": lambda session: outbox.holders(session, 1),
    "answers so far": lambda session: outbox.count_of(session, 1, Purpose.ANSWER),
    "files": lambda session: downloads.claim(session, [1], now=NOW, until=NOW, limit=5),
}
CLOCK: dict[str, Ask] = {
    "near their limits": lambda session: reminders.candidates(
        session, due_before=NOW, received_before=NOW, after=0, limit=500
    ),
    "with units": lambda session: reminders.with_units(session, now=NOW),
    "silent": lambda session: reminders.silent(session, received_before=NOW, limit=500),
    "alarms missed": lambda session: emergencies.unraised(session, limit=50),
    "incidents": lambda session: incidents.recent(session, since=NOW, limit=500),
    "dates": lambda session: process.scheduled_until(session, NOW.date()),
    "loads": lambda session: roster.loads(session, [ApplicationState.DRAFT]),
    "unasked": lambda session: surveys.unasked(session, closed_since=NOW, limit=200),
    "erased": lambda session: search.erased_since(session, NOW),
    "last heard": lambda session: operations.last_heard(session, 1),
    "last sent": lambda session: operations.last_sent(session, 1),
    "sent since": lambda session: operations.sent_since(session, 1, since=NOW),
    "waiting for bots": operations.waiting_for_bots,
    "a day of reports": lambda session: count_day(session, NOW - timedelta(days=1), NOW),
    "report of open ones": lambda session: report_rows.backlog(session, at=NOW, ages=AGES),
    "a topic of today": lambda session: report_rows.newest(session, since=NOW, limit=50, topic="su_kesintisi"),
    "a district of today": lambda session: report_rows.newest(session, since=NOW, limit=50, district="Konak"),
    "pictures of reports": lambda session: report_examples.of_topic(
        session, "su_kesintisi", since=NOW - timedelta(days=7), until=NOW, limit=2
    ),
}
ASKED = {**LISTS, **FILTERED, **COUNTS, **PAGE, **WRITES, **CLOCK}


WALK = re.compile(r"Seq Scan on (\w+)|^SCAN (\w+)")
SHORT = re.compile(
    r"VIRTUAL TABLE INDEX|USING INDEX ix_application_|INDEX ix_(application_open|outbox_unsent|delivery_unread)"
)


async def test_no_query_of_the_day_walks_a_table(database: Database) -> None:
    """[G6] Their cost follows what they give, not how much there ever was."""
    walks = []
    async with database.read() as session:
        if database.dialect == "postgresql":
            await session.exec(text("SET enable_seqscan = off"))
        for name, ask in ASKED.items():
            walks += [f"{name}: {line}" for line in await plans(session, ask) if walks_a_table(line)]
    assert walks == []


async def plans(session: AsyncSession, ask: Ask) -> list[str]:
    """The lines of the plans of all queries that are asked."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not many and statement.startswith(("SELECT", "UPDATE", "WITH")):
            asked.append((statement, parameters))

    connection = await session.connection()
    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await ask(session)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return [
        str(row[-1])
        for statement, parameters in asked
        for row in (await connection.exec_driver_sql(f"{explain} {statement}", tuple(parameters))).all()
    ]


def walks_a_table(line: str) -> bool:
    """Walks in the order of an index end at the page's last row; those over what is not done yet are short."""
    found = WALK.search(line)
    return found is not None and (found[1] or found[2]) in GROWING and not SHORT.search(line)
