"""Chains of history: they only grow, and whoever changes one behind the database's back is found out."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from inbox.repositories import applications
from inbox.services import history, verification
from inbox.services.history import HistoryNote
from inbox.services.verification import BrokenLink, Walk
from models.db import Database
from models.errors import InputError
from models.tables import Application, Citizen
from tests.applications import plain_application
from tests.builders import set_up
from tests.conftest import NOW


async def write_chains(database: Database, *, applications_: int = 3, links: int = 4) -> list[int]:
    await set_up(database, NOW)
    async with database.write() as session:
        citizen = Citizen(display_name="Ayşe", created_at=NOW)
        session.add(citizen)
        await session.flush()
        new = [plain_application(number, citizen_id=citizen.id or 0) for number in range(1, applications_ + 1)]
        await applications.add_all(session, new)
        for link in range(links):
            notes = [
                HistoryNote(application_id=one.id or 0, actor="bot", action="noted", content={"n": link, "é": [1.5]})
                for one in new
            ]
            await history.append(session, notes, at=NOW)
    return [one.id or 0 for one in new]


async def broken(database: Database, *, number: str = "") -> list[BrokenLink]:
    async with database.read() as session:
        return [link async for link in verification.broken_links(session, Walk(), number=number)]


async def tamper(database: Database, *statements: str) -> None:
    """As somebody with the database's own rights would: past the guards."""
    if database.dialect == "postgresql":
        guards_off = ["SET LOCAL session_replication_role = replica"]
    else:
        guards_off = [f"DROP TRIGGER history_entry_keeps_{event}" for event in ("update", "delete")]
    async with database.write() as session:
        for statement in (*guards_off, *statements):
            await session.exec(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_entry SET actor = 'nobody'",
        "UPDATE history_entry SET hash = ''",
        "DELETE FROM history_content; DELETE FROM history_entry",
        "UPDATE access_record SET user_id = 2",
        "UPDATE access_record SET at = '2020-01-01'",
        "DELETE FROM access_record",
    ],
)
async def test_the_database_refuses_changes(database: Database, statement: str) -> None:
    """Every step is recorded; records are never overwritten, the database itself refuses it [İ20a, İ19h]."""
    await write_chains(database)
    async with database.write() as session:
        await session.exec(
            text(
                'INSERT INTO "user" (id, login, name, password_hash, roles, active, created_at, email, totp_step, '
                "channels, topics) VALUES (1, 'a', 'A', 'x', '[]', true, '2026-01-01', '', 0, '[]', '[]')"
            )
        )
        await session.exec(
            text("INSERT INTO access_record (user_id, what, reason, at) VALUES (1, 'citizen', 'x', '2026-01-01')")
        )
    with pytest.raises(DBAPIError, match="only grows"):
        async with database.write() as session:
            for part in statement.split("; "):
                await session.exec(text(part))


async def test_whole_chains_hold(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages end anywhere, erased contents break nothing."""
    await write_chains(database)
    async with database.write() as session:
        await session.exec(text("DELETE FROM history_content WHERE entry_id = 5"))
    monkeypatch.setattr(verification, "PAGE", 3)
    walk = Walk()
    async with database.read() as session:
        assert [link async for link in verification.broken_links(session, walk)] == []
    assert (walk.links, walk.broken) == (12, 0)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE history_entry SET actor = 'user:9' WHERE id = 4"], [("1", 2, "time, actor, action or digest")]),
        (["UPDATE history_content SET content = '{}' WHERE entry_id = 4"], [("1", 2, "its content was changed")]),
        (
            ["DELETE FROM history_content WHERE entry_id = 4", "DELETE FROM history_entry WHERE id = 4"],
            [("1", 3, "a link is missing")],
        ),
        (
            ["DELETE FROM history_content WHERE entry_id = 1", "DELETE FROM history_entry WHERE id = 1"],
            [("1", 2, "a link is missing")],
        ),
        (
            ["UPDATE history_entry SET previous_hash = 'x' WHERE id = 6"],
            [("3", 2, "it does not continue"), ("3", 2, "time, actor")],
        ),
        (["DELETE FROM history_content", "DELETE FROM history_entry"], [(n, 0, "it has no history") for n in "123"]),
    ],
)
async def test_every_tampering_is_named(
    database: Database, statements: Sequence[str], expected: list[tuple[str, int, str]]
) -> None:
    """Records are never overwritten: a chain of hashes gives every change away [İ20a]."""
    await write_chains(database)
    await tamper(database, *statements)
    found = await broken(database)
    assert [(one.number[-1], one.position) for one in found] == [(number, position) for number, position, _ in expected]
    assert all(one.problem.startswith(words) for one, (_, _, words) in zip(found, expected, strict=True))


async def test_one_application_alone(sqlite_database: Database) -> None:
    await write_chains(sqlite_database)
    await tamper(sqlite_database, "UPDATE history_entry SET action = 'x' WHERE id = 4")
    async with sqlite_database.read() as session:
        numbers = {one: (await session.get_one(Application, one)).number for one in (1, 2)}
    assert [one.position for one in await broken(sqlite_database, number=numbers[1])] == [2]
    assert await broken(sqlite_database, number=numbers[2]) == []
    with pytest.raises(InputError, match="no application"):
        await broken(sqlite_database, number="HİM-1")
