"""Rows that are held for a change show what others have done to them before."""

from sqlmodel import update

from inbox.repositories import applications
from models.db import Database
from models.enums import ApplicationState
from models.tables import Application, Citizen
from tests.applications import plain_application
from tests.conftest import NOW


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
