"""Members of an incident, held while one decision about all of them is made."""

import asyncio

from inbox.repositories import incidents
from models.db import Database
from models.enums import ApplicationState, IncidentState
from models.tables import Application, Citizen, Incident
from tests.applications import plain_application
from tests.conftest import NOW
from tests.locks import somebody_waits


async def test_who_is_about_to_change_them_sees_what_another_one_is_just_doing(database: Database) -> None:
    async def states() -> list[ApplicationState]:
        """She has looked at them before, as approving an answer for all does."""
        async with database.write() as session:
            seen = await incidents.members_of(session, 1)
            held = await incidents.members_of(session, 1, change=True)
            assert held == seen
            return [one.state for one in held]

    async with database.write() as session:
        session.add(Citizen(id=1, created_at=NOW))
        incident = Incident(
            topic="su_kesintisi", place="Buca", state=IncidentState.CONFIRMED, began_at=NOW, proposed_at=NOW
        )
        await incidents.add(session, [incident])
        session.add_all([plain_application(number, id=number) for number in (1, 2)])
        await session.flush()
        await incidents.add_members(session, [(1, 1), (1, 2)], at=NOW)
    async with database.write() as session:
        one = await session.get_one(Application, 2)
        one.state, one.is_open = ApplicationState.CLOSED, False
        await session.flush()
        looking = asyncio.create_task(states())
        await somebody_waits(database)
    assert await looking == [ApplicationState.DRAFT, ApplicationState.CLOSED]
