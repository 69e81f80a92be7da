"""`history verify` and `retention run` over a database that lies in the data folder."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bots.cli import main
from inbox.services import history
from inbox.services.history import HistoryNote
from models.db import Database
from models.enums import ApplicationState, Outcome
from models.tables import Citizen
from tests.applications import plain_application
from tests.conftest import NOW

Run = Callable[..., tuple[int, str]]
LONG_AGO = NOW - timedelta(days=20 * 365)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")

    def call(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        return code, capsys.readouterr().out

    return call


@pytest.fixture
async def folder(sqlite_database: Database, tmp_path: Path) -> Path:
    """Two applications with two links of history each: one is open, one was closed long ago."""
    old = {"received_at": LONG_AGO, "last_message_at": LONG_AGO, "closed_at": LONG_AGO, "created_at": LONG_AGO}
    async with sqlite_database.write() as session:
        session.add(Citizen(display_name="Ayşe Deniz", created_at=NOW))
        await session.flush()
        closed = plain_application(
            2, state=ApplicationState.CLOSED, outcome=Outcome.POSITIVE, summary="eski söz", **old
        )
        session.add_all([plain_application(1, summary="yeni söz"), closed])
        await session.flush()
        notes = [HistoryNote(application_id=one, actor="bot", action="registered") for one in (1, 2, 1, 2)]
        await history.append(session, notes, at=NOW)
    await sqlite_database.close()
    return tmp_path


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "him.sqlite3")) as connection, connection:
        connection.execute(statement)


def summaries(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "him.sqlite3")) as connection:
        return [one for (one,) in connection.execute("SELECT summary FROM application ORDER BY id")]


@pytest.mark.usefixtures("folder")
def test_a_history_that_holds(run: Run) -> None:
    assert run("history", "verify") == (0, "4 links, 0 broken\n")
    assert run("history", "verify", "--number", "HİM-2026-0000002") == (0, "2 links, 0 broken\n")


def test_a_changed_link_is_named(run: Run, folder: Path) -> None:
    """[S13(4)j] Records are never overwritten; who goes past the database's guard is found out."""
    change(folder, "DROP TRIGGER history_entry_keeps_update")
    change(folder, "UPDATE history_entry SET action = 'answered' WHERE application_id = 2 AND position = 1")
    code, printed = run("history", "verify")
    assert code == 1
    assert printed.startswith("HİM-2026-0000002 1: ")
    assert printed.splitlines()[-1].endswith("1 broken")


def test_destruction_is_counted_before_it_is_done(run: Run, folder: Path) -> None:
    code, printed = run("retention", "run", "--dry-run")
    assert (code, json.loads(printed)["due"]["applications"]) == (0, 1)
    assert summaries(folder) == ["yeni söz", "eski söz"]
    code, printed = run("retention", "run")
    assert (code, json.loads(printed)["destroyed"]["applications"]) == (0, 1)
    assert summaries(folder) == ["yeni söz", ""]
    assert json.loads(run("retention", "run", "--dry-run")[1])["due"]["applications"] == 0
