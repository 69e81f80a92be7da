"""The clock of the desk: what it does when, and that it does nothing twice."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bots.clock import DeskClock
from bots.queues.local import LocalBus, LocalLease
from inbox.repositories import applications
from inbox.rules.escalation import Recipient
from inbox.rules.permissions import Actor
from inbox.services import deadlines, emergencies, escalation, responses
from models.db import Database
from models.enums import ApplicationState, JobState, Role
from models.errors import ForbiddenError, TransientError
from models.profile import Profile
from models.tables import Application, Citizen, EmergencyAlarm, Job, SentReminder, User
from tests.applications import plain_application
from tests.conftest import NOW
from tests.factories import City
from tests.locks import somebody_waits


class Told:
    """Keeps what management was told; refuses the first call where asked to."""

    def __init__(self, *, refuse: int = 0) -> None:
        self.texts: list[str] = []
        self.refuse = refuse

    async def tell(self, subject: str, text: str) -> None:
        if self.refuse:
            self.refuse -= 1
            raise TransientError("not now")
        self.texts.append(f"{subject}\n{text}")


def desk_clock(city: City, told: Told) -> DeskClock:
    desk = city.desk
    return DeskClock(
        database=desk.database, bus=LocalBus(), lease=LocalLease(), clock=desk.clock, profile=desk.profile,
        notifier=told,
    )  # fmt: skip


async def reminders(city: City) -> list[SentReminder]:
    async with city.desk.database.read() as session:
        return list((await session.exec(select(SentReminder).order_by(SentReminder.id))).all())


async def test_a_look_rings_tells_and_reminds_and_the_next_one_repeats_nothing(city: City, tmp_path: Path) -> None:
    """[İ7b2, İ15g, İYUK 10] Alarm, management and reminders; equal looks send nothing anew."""
    told = Told(refuse=1)
    clock = desk_clock(city, told)
    await clock.look()
    assert told.texts == []
    await clock.look()
    assert len(told.texts) == 1
    assert "HİM-2026" in told.texts[0]
    assert "gaz kokusu" not in told.texts[0]
    assert "Hatice" not in told.texts[0]
    first = await reminders(city)
    assert first
    late = city.applications["Halil İbrahim Uçar"]
    recipients = {one.recipient for one in first if one.application_id == late}
    assert {Recipient.OWNER, Recipient.TEAM_LEAD, Recipient.CENTRE_CHIEF} <= {Recipient(one) for one in recipients}
    city.desk.clock.advance(minutes=11)
    await clock.look()
    await desk_clock(city, told).look()
    assert len(await reminders(city)) == len(first)
    assert len(told.texts) == 1
    async with city.desk.database.read() as session:
        alarms = (await session.exec(select(EmergencyAlarm))).all()
    assert [alarm.management_informed_at for alarm in alarms] == [NOW]


async def test_a_date_that_comes_while_somebody_closes_the_application_moves_nothing(
    database: Database, profile: Profile
) -> None:
    async def reach() -> list[Application]:
        async with database.write() as session:
            return await responses.scheduled_reached(session, NOW, zone=profile.time_zone)

    async with database.write() as session:
        session.add(Citizen(id=1, created_at=NOW))
        await session.flush()
        session.add(plain_application(1, id=1, state=ApplicationState.SCHEDULED, target_date=NOW.date()))
    async with database.write() as session:
        one = await session.get_one(Application, 1)
        one.state, one.is_open = ApplicationState.CLOSED, False
        await session.flush()
        reaching = asyncio.create_task(reach())
        await somebody_waits(database)
    assert await reaching == []
    async with database.read() as session:
        assert (await session.get_one(Application, 1)).state is ApplicationState.CLOSED


async def test_management_is_told_once_though_somebody_takes_the_emergency_just_then(database: Database) -> None:
    """[İ7b3] Both write into its history; neither fails, so that nothing is told or taken again."""

    async def note() -> None:
        async with database.write() as session:
            found = await emergencies.untold(session, now=NOW)
            await emergencies.note_told(session, [one.alarm for one in found], now=NOW)

    async with database.write() as session:
        session.add_all([
            Citizen(id=1, created_at=NOW),
            User(id=1, login="nobet", name="Nöbetçi", password_hash="", roles=["duty_desk"], created_at=NOW),
        ])  # fmt: skip
        await session.flush()
        session.add(plain_application(1, id=1))
        await session.flush()
        session.add(EmergencyAlarm(application_id=1, raised_at=NOW))
    async with database.write() as session:
        one = await applications.application_for_change(session, 1)
        assert one
        noting = asyncio.create_task(note())
        await somebody_waits(database)
        duty = Actor(user_id=1, name="Nöbetçi", roles=frozenset({Role.DUTY_DESK}))
        await emergencies.take(session, one, duty, now=NOW)
    await noting
    async with database.read() as session:
        (alarm,) = (await session.exec(select(EmergencyAlarm))).all()
        assert (alarm.taken_at, alarm.management_informed_at) == (NOW, NOW)
        steps = await applications.history(session, 1)
    assert [entry.action for entry, _ in steps] == ["emergency_taken", "management_informed"]


async def test_finished_jobs_are_forgotten_after_a_week(city: City) -> None:
    await desk_clock(city, Told()).look()
    async with city.desk.database.read() as session:
        kept = (await session.exec(select(Job))).all()
    assert kept
    assert {one.state for one in kept} == {JobState.DONE}
    city.desk.clock.advance(days=8)
    await desk_clock(city, Told()).look()
    async with city.desk.database.read() as session:
        assert (await session.exec(select(Job))).all() == []


async def test_thirty_days_of_silence_never_run_out_unseen(city: City) -> None:
    """[İYUK 10] Day by day to the thirtieth: the owner and then the centre's chief are told before it is over."""
    key, clock = city.applications["gizemlisokak"], desk_clock(city, Told())
    for _ in range(31):
        city.desk.clock.advance(days=1)
        await clock.look()
    of_one = [one for one in await reminders(city) if one.application_id == key and one.duty == "zimni_ret"]
    warned = {one.recipient for one in of_one if one.is_warning}
    assert {Recipient.OWNER, Recipient.CENTRE_CHIEF} <= {Recipient(one) for one in warned}
    ends = of_one[0].due_at
    assert all(one.sent_at < ends for one in of_one if one.is_warning)
    async with city.desk.database.read() as session:
        rules = await deadlines.read_rules(session, city.desk.profile)
        now = city.desk.clock.now()
        silent = await escalation.falling_silent(session, city.actor("mudur"), rules=rules, now=now)
        assert key in [one.application.id for one in silent]


async def test_units_are_told_of_their_own_and_the_letter_lists_them(city: City) -> None:
    """[İ15g, İ20a] A unit that has not returned in time is reminded, then its chief, then the letter names it."""
    key = city.applications["kerem_35"]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.state, one.routed_unit, one.routed_at = "routed", "izsu", NOW
        session.add(one)
    clock = desk_clock(city, Told())
    for _ in range(9):
        city.desk.clock.advance(days=1)
        await clock.look()
    async with city.desk.database.write() as session:
        unit, chief = city.actor("izsu"), city.actor("mudur")
        told = [one for one in await escalation.addressed(session, unit) if one.application.id == key]
        assert {one.reminder.recipient for one in told} == {"unit", "unit_chief"}
        assert await escalation.put_away(session, unit, [one.reminder.id or 0 for one in told], now=NOW) == len(told)
        assert key not in [one.application.id for one in await escalation.addressed(session, unit)]
        rules = await deadlines.read_rules(session, city.desk.profile)
        now = city.desk.clock.now()
        letter = await escalation.late_by_unit(session, chief, rules=rules, now=now)
        assert [(row.duty, row.days_late) for row in letter["izsu"]] == [("iade", 6)]
        with pytest.raises(ForbiddenError):
            await escalation.late_by_unit(session, unit, rules=rules, now=now)
    assert Role.CHIEF in chief.roles
    assert now - NOW == timedelta(days=9)
