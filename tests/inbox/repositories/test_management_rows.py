"""Queries of the management pages, on both databases."""

from datetime import UTC, date, datetime

from inbox.repositories import applications, comforts, report_rows
from models.db import Database
from models.enums import ApplicationState, ChannelName, Kind, Role
from models.tables import Application, Citizen, SavedView
from tests.conftest import NOW


async def test_shared_views_are_those_of_ones_roles(database: Database) -> None:
    async with database.write() as session:
        session.add_all(
            SavedView(role=role, name=name, created_at=NOW)
            for name, role in (("all", None), ("night", Role.DUTY_DESK), ("lead", Role.TEAM_LEAD))
        )
    async with database.read() as session:
        night = await comforts.views_of(session, 1, roles=frozenset({Role.DUTY_DESK}))
        nobody = await comforts.views_of(session, 1, roles=frozenset())
        every = await comforts.views_of(session, 1, roles=None)
        assert await comforts.ready_texts(session, 1, roles=frozenset({Role.DUTY_DESK})) == []
    assert [one.name for one in night] == ["all", "night"]
    assert [one.name for one in nobody] == ["all"]
    assert len(every) == 3


async def test_open_applications_count_where_they_lie(database: Database) -> None:
    async with database.write() as session:
        citizen = Citizen(created_at=NOW)
        session.add(citizen)
        await session.flush()
        session.add_all(
            Application(
                number=f"HİM-2026-{number:07d}",
                citizen_id=citizen.id,
                channel=ChannelName.PHONE,
                state=state,
                is_open=state is not ApplicationState.CLOSED,
                kind=Kind.COMPLAINT,
                topic="durak",
                unit="eshot",
                routed_unit=routed,
                received_at=datetime(2026, 11, number, tzinfo=UTC),
                due_at=NOW,
                last_message_at=NOW,
                created_at=datetime(2026, 11, number, tzinfo=UTC),
            )
            for number, state, routed in (
                (1, ApplicationState.DRAFT, None),
                (2, ApplicationState.ROUTED, "ulasim"),
                (3, ApplicationState.CLOSED, "eshot"),
            )
        )
    async with database.read() as session:
        assert await applications.open_counts_by_unit(session) == {"eshot": 1, "ulasim": 1}
        assert await applications.open_count_of_unit(session, "eshot") == 2
        assert len(await applications.open_of_topic(session, "durak")) == 2
        first = await report_rows.first_registered(session)
    assert first
    assert first.date() == date(2026, 11, 1)
