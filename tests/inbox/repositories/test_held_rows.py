"""Rows that are held for a change show what others have done to them before."""

import asyncio

from sqlmodel import update

from inbox.repositories import applications
from inbox.services import history
from inbox.services.history import HistoryNote
from models.db import Database
from models.enums import ApplicationState
from models.tables import Application, Citizen
from tests.applications import plain_application
from tests.conftest import NOW
from tests.locks import somebody_waits


async def test_what_was_read_before_it_is_held_is_read_anew(sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        session.add(Citizen(id=1, created_at=NOW))
        await session.flush()
        session.add_all([plain_application(number, id=number) for number in (1, 2)])
    async with sqlite_database.write() as session:
        seen = await session.get_one(Application, 1)
        seen.unread = False
        by_another = update(Application).where(Application.id == 1).values(state=ApplicationState.CLOSED)
        await session.exec(by_another.execution_options(synchronize_session=False))
        assert seen.state is ApplicationState.DRAFT
        held = await applications.application_for_change(session, 1)
        assert held is seen
        assert (held.state, held.unread) == (ApplicationState.CLOSED, False)
        assert await applications.application_for_change(session, 3) is None


async def test_two_who_write_into_one_history_write_one_after_the_other(database: Database) -> None:
    """[S13(4)j] Also where neither changes the application itself."""
    async with database.write() as session:
        session.add(Citizen(id=1, created_at=NOW))
        await session.flush()
        session.add(plain_application(1, id=1))

    async def write(action: str, *, is_first: bool = False) -> None:
        async with database.write() as session:
            await history.append(session, [HistoryNote(application_id=1, actor="bot", action=action)], at=NOW)
            if is_first:
                has_written.set()
                await somebody_waits(database)

    has_written = asyncio.Event()
    first = asyncio.create_task(write("first", is_first=True))
    await has_written.wait()
    await write("second")
    await first
    async with database.read() as session:
        steps = await applications.history(session, 1)
    assert [(entry.position, entry.action) for entry, _ in steps] == [(1, "first"), (2, "second")]
