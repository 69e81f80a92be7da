"""Looks on the spot, and undone work that goes back to its unit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.services import field_checks
from inbox.services.deadlines import read_rules
from inbox.services.field_checks import Look
from models.enums import ApplicationState, FieldFinding
from models.errors import ConflictError, ForbiddenError, InputError
from models.tables import Application, FieldCheck, StaffFile
from tests.conftest import NOW
from tests.factories import City, staff_file

LATER = NOW + timedelta(days=3)
UNDONE = Look(finding=FieldFinding.NOT_DONE, text="Çukur duruyor.")


async def answered(session: AsyncSession, city: City, *, by_unit: bool) -> Application:
    one = await session.get_one(Application, city.applications["Ayşe Nur Yıldız"])
    assert one.state is ApplicationState.ANSWERED
    if by_unit:
        one.routed_unit, one.routed_at, one.accepted_at = "fen_isleri", NOW, NOW
        session.add(one)
    return one


async def look(session: AsyncSession, city: City, one: Application, found: Look) -> bool:
    asked = await field_checks.ask(session, one, city.actor("anket"), reason="Yapılmamış diyor", now=NOW)
    rules = await read_rules(session, city.desk.profile)
    return await field_checks.find(session, asked.id or 0, city.actor("saha"), look=found, rules=rules, now=LATER)


async def test_undone_work_goes_back_to_the_unit(city: City) -> None:
    """[İ6b9, İ7d5] The finding with its pictures is kept; the unit has it again and the limit runs on."""
    async with city.desk.database.write() as session:
        one = await answered(session, city, by_unit=True)
        one.closing_note = "Onarıldı."
        picture = staff_file(one, city.users["saha"].id, latitude=38.42, longitude=27.13)
        assert await look(session, city, one, replace(UNDONE, pictures=[staff_file(one, 1), picture]))
        assert (one.state, one.answered_at, one.routed_unit) == (ApplicationState.IN_PROGRESS, None, "fen_isleri")
        assert (one.is_open, one.closing_note) == (True, "")
        (check,) = (await session.exec(FieldCheck.__table__.select())).all()
        kept = (await session.exec(select(StaffFile))).all()
    assert (check.finding, check.checked_by) == ("not_done", city.users["saha"].id)
    assert (check.latitude, check.longitude) == (38.42, 27.13)
    assert [one.check_id for one in kept] == [check.id, check.id]


async def test_what_is_asked_twice_is_looked_at_once(city: City) -> None:
    """[İ7d5] A form that is sent twice sends nobody twice; another question is another look."""
    async with city.desk.database.write() as session:
        one, agent = await answered(session, city, by_unit=True), city.actor("anket")
        asked = [
            await field_checks.ask(session, one, agent, reason=reason, now=NOW)
            for reason in ("Yapılmamış diyor", "Yapılmamış diyor ", "Kaldırım kırık diyor")
        ]
        assert [look.id == asked[0].id for look in asked] == [True, True, False]


@pytest.mark.parametrize("finding", list(FieldFinding))
async def test_only_undone_work_goes_back(city: City, finding: FieldFinding) -> None:
    """[İ6b9] Done work stays answered; half the work is undone work."""
    async with city.desk.database.write() as session:
        one = await answered(session, city, by_unit=True)
        back = await look(session, city, one, Look(finding=finding, text="Bakıldı."))
        assert back == (finding is not FieldFinding.DONE)
        assert one.unread


async def test_what_never_went_to_a_unit_is_the_desks_to_read(city: City) -> None:
    """[İ6b9] Without a unit there is nobody to send it back to."""
    async with city.desk.database.write() as session:
        one = await answered(session, city, by_unit=False)
        assert not await look(session, city, one, UNDONE)
        assert one.state is ApplicationState.ANSWERED


async def test_a_look_is_recorded_once_and_only_by_the_field_team(city: City) -> None:
    """[İ6b] The field team looks; who asks says why."""
    async with city.desk.database.write() as session:
        one = await answered(session, city, by_unit=True)
        with pytest.raises(InputError):
            await field_checks.ask(session, one, city.actor("anket"), reason=" ", now=NOW)
        asked = await field_checks.ask(session, one, city.actor("elif"), reason="Şüpheli", now=NOW)
        rules = await read_rules(session, city.desk.profile)
        with pytest.raises(ForbiddenError):
            await field_checks.find(session, asked.id or 0, city.actor("elif"), look=UNDONE, rules=rules, now=LATER)
        await field_checks.find(session, asked.id or 0, city.actor("saha"), look=UNDONE, rules=rules, now=LATER)
        with pytest.raises(ConflictError):
            await field_checks.find(session, asked.id or 0, city.actor("saha"), look=UNDONE, rules=rules, now=LATER)


async def test_the_queue_shows_ones_own_first_and_is_given_to_the_field_team_alone(city: City) -> None:
    """[İ6b4] Looks come by the program; a team lead gives them to somebody of the field team."""
    async with city.desk.database.write() as session:
        one = await answered(session, city, by_unit=True)
        first = await field_checks.ask(session, one, city.actor("elif"), reason="Bir", now=NOW)
        field, lead = city.actor("saha"), city.actor("burcu")
        with pytest.raises(InputError):
            await field_checks.assign(session, first.id or 0, lead, user_id=lead.user_id, now=NOW)
        await field_checks.assign(session, first.id or 0, lead, user_id=field.user_id, now=NOW)
        assert [check.id for check, _ in await field_checks.queue(session, field)] == [first.id]
        with pytest.raises(ForbiddenError):
            await field_checks.queue(session, city.actor("kalite"))
