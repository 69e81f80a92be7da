"""What has been kept long enough leaves no trace: a marker in every column with words, sought everywhere afterwards."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Table, insert, text
from sqlmodel import SQLModel, select

from bots.destruction import Destroyer, destroy
from bots.file_folder import FolderFileStore
from bots.queues.local import LocalLease
from inbox.repositories import search
from inbox.rules.retention import RetentionPolicy, retention_policy
from inbox.services import attachments, learning, retention, verification
from inbox.services.verification import Walk
from models.clock import StillClock
from models.db import Database
from models.enums import ApplicationState, Kind, OutboxState, Outcome, RequestState
from models.profile import Profile
from models.tables import Application, Citizen, DestructionRun, HistoryEntry, Message
from tests.applications import plain_application
from tests.conftest import NOW

LONG_AGO = NOW - timedelta(days=6 * 365)
STAYS: dict[str, dict[str, str]] = {
    "settings of ours, of platforms and of people who work here": {
        "account": "external_id name handle state_detail settings",
        "account_cost": "day kind",
        "account_event": "detail",
        "article_revision": "article_id title topic unit questions short_text long_text source",
        "account_health": "problem missing_permissions",
        "account_token": "token_digest",
        "day_count": "counts backlog",
        "month_count": "counts",
        "absence": "reason",
        "conversation_lease": "owner",
        "leave_day": "reason",
        "log_in_try": "login_digest address",
        "model_comparison": "champion challenger figures",
        "model_promotion": "from_version to_version",
        "model_week": "alarms model_versions",
        "oidc_identity": "issuer subject",
        "reconciliation_run": "problem signs",
        "recovery_code": "digest",
        "roster_shift": "starts ends weekdays",
        "security_event": "what address detail",
        "setting": "key value",
        "stream_cursor": "stream value",
        "topic": "id name unit other_units",
        "unit": "id name short_name parent contact",
        "user": "login name password_hash roles unit email channels topics",
        "user_session": "token_digest csrf_token address device waits_for",
        "bulk_work": "verb before",
        "corrective_action": "problem cause remedy result",
        "ready_text": "shortcut title text role",
        "saved_view": "name params role",
    },
    "labels, numbers and units of an application": {
        "application": "number topic unit district neighbourhood routed_unit",
        "classification": "topic unit district neighbourhood model_version",
        "draft": "article_id article_title",
        "incident": "topic place answer",
        "outbox_item": "unique_key claimed_by",
        "routing": "unit",
        "sent_reminder": "duty recipient unit",
        "signed_document": "receiver file_plan_code number",
        "submission": "unit",
        "unit_response": "unit",
        "unmasking": "unit",
    },
    "that it happened": {
        "access_record": "what",
        "delivery": "source",
        "destruction_run": "counts",
        "history_entry": "actor action content_digest previous_hash hash",
        "identity": "scope",
    },
}
"""Columns whose words tell of no citizen, with the reason. A new column must be emptied, or be listed here."""


WORDS = {"AutoString", "Text", "JSON", "LargeBinary"}
KEEP, GO = "zqkeep", "zqgone"
CHOSEN: dict[str, Any] = {
    "application.state": ApplicationState.CLOSED,
    "application.kind": Kind.COMPLAINT,
    "application.outcome": Outcome.POSITIVE,
    "outbox_item.state": OutboxState.SENT,
    "person_request.state": RequestState.FULFILLED,
    **dict.fromkeys(
        (
            "application.anonymised_at",
            "application.linked_to_id",
            "citizen.erased_at",
            "destruction_run.finished_at",
            "identity.blocked_at",
            "message.deleted_at",
        )
    ),
    **dict.fromkeys(
        ("message.external_id", "event.external_id", "event_copy.external_id", "parked_receipt.external_id"),
        f"{GO}_the_message",
    ),
}
"""What makes the planted application one that has been kept long enough."""


@pytest.fixture
def policy(profile: Profile) -> RetentionPolicy:
    return retention_policy(profile)


def columns_with_words() -> list[tuple[str, str]]:
    return [
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if type(column.type).__name__ in WORDS
    ]


def staying() -> set[tuple[str, str]]:
    return {
        (table, column) for tables in STAYS.values() for table, columns in tables.items() for column in columns.split()
    }


def planted(table: Table, column: Column[Any]) -> Any:
    """A value for a row of its own in every table, with a marker wherever words can stand."""
    name, kind = f"{table.name}.{column.name}", type(column.type).__name__
    mark = f"{KEEP if (table.name, column.name) in staying() else GO}_{table.name}_{column.name}"
    if name in CHOSEN:
        return CHOSEN[name]
    plain: dict[str, Any] = {
        "AutoString": mark,
        "Text": mark,
        "LargeBinary": mark.encode(),
        "JSON": [{"stored_as": mark}] if column.name == "files" else [mark],
        "Boolean": False,
        "Float": 1.5,
        "Date": date(2020, 1, 1),
        "UtcDateTime": LONG_AGO,
    }
    return next(iter(column.type.words)) if kind == "Word" else plain.get(kind, 1)


async def plant(database: Database) -> None:
    """One row in every table, all of them belonging to one citizen and her application."""
    async with database.write() as session:
        for table in SQLModel.metadata.sorted_tables:
            values = {column.name: planted(table, column) for column in table.columns}
            await session.exec(insert(table), params=[values])
            if database.dialect == "postgresql" and "id" in table.columns and values["id"] == 1:
                sequence = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
                await session.exec(text(f"SELECT setval({sequence}, 1)"))
        await search.index_applications(session, [1])


async def marked(database: Database, mark: str) -> set[tuple[str, str]]:
    """Columns, and the search index, in which the mark stands."""
    found = set()
    async with database.read() as session:
        for table, column in columns_with_words():
            for (value,) in (await session.exec(text(f'SELECT {column} FROM "{table}"'))).all():
                said = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                found |= {(table, column)} if mark in said else set()
        index = (await session.exec(text("SELECT folded FROM application_search"))).all()
    return found | ({("application_search", "folded")} if mark in str(index) else set())


async def let_files_vanish(database: Database, files: FolderFileStore) -> None:
    """As the downloader does every half second."""
    async with database.write() as session:
        names = await attachments.names_to_erase(session, now=NOW)
        for name in names:
            await files.delete(name)
        await attachments.forget(session, names)


def test_every_column_with_words_is_emptied_or_listed() -> None:
    """A column that is new stands in neither list, and this test names it."""
    assert staying() <= set(columns_with_words())


async def test_no_trace_is_left(
    database: Database,
    policy: RetentionPolicy,
    profile: Profile,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was kept for its years leaves no trace in any table, file, index, log or training row [İ7d10]."""
    await plant(database)
    assert {(table, column) for table, column in columns_with_words()} - staying() <= await marked(database, GO)
    clock, files = StillClock(NOW), FolderFileStore(tmp_path / "files")
    assert (await destroy(database, policy, clock=clock)).applications == 1
    async with database.read() as session:
        for (name,) in (await session.exec(text("SELECT name FROM erased_file"))).all():
            await files.put(name, b"bytes of hers")
    await let_files_vanish(database, files)
    assert await marked(database, GO) == set()
    assert await marked(database, KEEP) == staying() | {("application_search", "folded")}
    async with database.read() as session:
        taught = await learning.settled_texts(session, profile=profile, until=NOW, answered=True)
    assert GO not in str(taught)
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert GO not in caplog.text
    await database.forget_deleted()
    await database.close()
    for path in tmp_path.glob("him.sqlite3*"):
        assert GO.encode() not in path.read_bytes().lower(), path.name


async def test_files_of_every_column_vanish(sqlite_database: Database, policy: RetentionPolicy) -> None:
    """Pictures of the work, letters, uploads and thumbnails go with their application [İ7d10]."""
    await plant(sqlite_database)
    await destroy(sqlite_database, policy, clock=StillClock(NOW))
    async with sqlite_database.read() as session:
        names = {name for (name,) in (await session.exec(text("SELECT name FROM erased_file"))).all()}
    assert names == {f"{GO}_{one}" for one in (
        "erased_file_name", "message_attachment_stored_as", "message_attachment_thumbnail", "outbox_item_files",
        "signed_document_stored_as", "staff_file_stored_as", "staff_file_thumbnail",
    )}  # fmt: skip


async def test_what_happened_stays(database: Database, policy: RetentionPolicy) -> None:
    """Number, labels, dates and the chain of steps stay; the destruction is logged in counts [İ20a]."""
    await plant(database)
    await destroy(database, policy, clock=StillClock(NOW), user_id=1)
    async with database.read() as session:
        one = await session.get_one(Application, 1)
        assert (one.number, one.topic, one.anonymised_at) == (f"{KEEP}_application_number", one.topic, NOW)
        assert [entry.action for entry in (await session.exec(select(HistoryEntry))).all()][-1] == "anonymised"
        citizen = await session.get_one(Citizen, 1)
        assert (citizen.display_name, citizen.erased_at) == ("", NOW)
        run = (await session.exec(select(DestructionRun).order_by(DestructionRun.id.desc()))).first()
    assert run
    assert (run.finished_at, run.started_by) == (NOW, 1)
    assert run.counts == {"applications": 1, "messages": 1, "citizens": 1, "deliveries": 0, "files": 6}


async def test_a_dry_run_counts_and_changes_nothing(database: Database, policy: RetentionPolicy) -> None:
    await plant(database)
    async with database.read() as session:
        found, by_kind = await retention.due(session, policy, now=NOW)
    assert (found.applications, by_kind) == (1, {"sikayet/olumlu": 1})
    assert ("message", "text") in await marked(database, GO)


@pytest.mark.parametrize(
    ("kind", "outcome", "years"),
    [
        (Kind.COMPLAINT, Outcome.POSITIVE, 5),
        (Kind.COMPLAINT, Outcome.DUPLICATE, 2),
        (Kind.QUESTION, Outcome.POSITIVE, 2),
        (Kind.THANKS, None, 1),
    ],
)
async def test_periods_by_kind_and_outcome(
    sqlite_database: Database, policy: RetentionPolicy, kind: Kind, outcome: Outcome | None, years: int
) -> None:
    """Each kind and outcome has its years; one day before their end nothing is touched [İ7d10]."""
    await plant(sqlite_database)
    last_day = NOW.replace(year=NOW.year - years) + timedelta(days=1)
    async with sqlite_database.write() as session:
        one = await session.get_one(Application, 1)
        one.kind, one.outcome, one.closed_at = kind, outcome, last_day
        session.add(one)
    clock = StillClock(NOW)
    assert (await destroy(sqlite_database, policy, clock=clock)).applications == 0
    assert policy.keeps_until(last_day, kind=kind, outcome=outcome) == NOW + timedelta(days=1)
    clock.advance(days=2)
    assert (await destroy(sqlite_database, policy, clock=clock)).applications == 1


async def test_open_ones_and_those_of_a_waiting_person_are_left(
    sqlite_database: Database, policy: RetentionPolicy
) -> None:
    """An open application and an open request of a person stop destruction (law 6698, 7) [İ7d10]."""
    await plant(sqlite_database)
    clock = StillClock(NOW)
    async with sqlite_database.write() as session:
        await session.exec(text("UPDATE person_request SET state = 'received'"))
    assert (await destroy(sqlite_database, policy, clock=clock)).applications == 0
    async with sqlite_database.write() as session:
        await session.exec(text("UPDATE person_request SET state = 'refused'"))
        await session.exec(text("UPDATE application SET is_open = true"))
    assert (await destroy(sqlite_database, policy, clock=clock)).citizens == 0
    async with sqlite_database.write() as session:
        await session.exec(text("UPDATE application SET is_open = false"))
    assert (await destroy(sqlite_database, policy, clock=clock)).citizens == 1


async def test_loose_messages_and_tombstones_go(sqlite_database: Database, policy: RetentionPolicy) -> None:
    """What became no application goes after its days; a tombstone loses the platform's id after thirty."""
    await plant(sqlite_database)
    async with sqlite_database.write() as session:
        await session.exec(text("UPDATE application SET is_open = true"))
        message = await session.get_one(Message, 1)
        message.application_id, message.received_at = None, NOW - timedelta(days=policy.message_days - 1)
        session.add(message)
    clock = StillClock(NOW)
    assert (await destroy(sqlite_database, policy, clock=clock)).messages == 0
    clock.advance(days=2)
    assert (await destroy(sqlite_database, policy, clock=clock)).messages == 1
    async with sqlite_database.write() as session:
        message = await session.get_one(Message, 1)
        message.external_id, message.deleted_at, message.application_id = "wamid.1", clock.now(), 1
        session.add(message)
    assert (await destroy(sqlite_database, policy, clock=clock)).messages == 0
    clock.advance(days=31)
    assert (await destroy(sqlite_database, policy, clock=clock)).messages == 1


async def test_many_go_in_batches(database: Database, policy: RetentionPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches end, each in a transaction of its own, and every chain still holds."""
    await plant(database)
    monkeypatch.setattr(retention, "BATCH", 3)
    async with database.write() as session:
        session.add_all(
            plain_application(number, state=ApplicationState.CLOSED, closed_at=LONG_AGO, last_message_at=LONG_AGO)
            for number in range(10)
        )
        await session.exec(text("DELETE FROM history_content"))
    total = await destroy(database, policy, clock=StillClock(NOW))
    assert total.applications == 11
    async with database.read() as session:
        found = [one async for one in verification.broken_links(session, Walk())]
    assert {one.number for one in found} == {f"{KEEP}_application_number"}


async def test_the_clock_destroys_when_it_is_due(sqlite_database: Database, profile: Profile) -> None:
    """Destruction runs at least every six months; the profile says how often [İ7d10]."""
    await plant(sqlite_database)
    clock, lease = StillClock(NOW), LocalLease()
    destroyer = Destroyer(database=sqlite_database, lease=lease, clock=clock, profile=profile)
    assert await destroyer.look()
    assert await destroyer.look() is None
    clock.advance(days=31)
    assert await destroyer.look() is not None
    policy = retention_policy(profile)
    assert policy.is_due(NOW - timedelta(days=180), now=NOW)
    assert RetentionPolicy(years=1, message_days=1, raw_days=1, every=timedelta(days=999)).is_due(
        NOW - timedelta(days=180), now=NOW
    )
