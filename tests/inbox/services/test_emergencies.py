"""Emergencies go out at once, ring until somebody takes them, and management hears of them."""

from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.services import arrivals, emergencies, people, roster
from inbox.services.triage import TriageResult
from models.enums import ApplicationState, ChannelName, Decision, SubmissionState, Urgency
from models.errors import ConflictError, ForbiddenError, NotFoundError
from models.tables import Application, EmergencyAlarm, Routing, Submission, Unit
from tests.conftest import NOW
from tests.factories import City, play
from tests.scenes import Scene

FLOOD = Scene(
    channel=ChannelName.WHATSAPP,
    who="Su Basan",
    minutes=1,
    topic="su_ariza",
    unit="izsu",
    texts=["ana boru patladı sokak göle döndü evlere su giriyor"],
    urgency=Urgency.EMERGENCY,
    district="Buca",
)


async def flood(city: City, **facts: object) -> int:
    await play(city, FLOOD, number=800)
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["Su Basan"])
        for name, value in facts.items():
            setattr(one, name, value)
        one.routed_unit = None
        session.add(one)
    return one.id or 0


async def attend(session: AsyncSession, city: City, key: int) -> list[int]:
    result = TriageResult(conversation_id=1, application_id=key, opened=True, emergency=True)
    return await arrivals.attend(session, [result], profile=city.desk.profile, now=NOW)


async def test_a_trusted_emergency_leaves_at_once_and_its_approval_follows(city: City) -> None:
    """[İ7b2, İ7b3] Routed in the transaction of its triage; the approval desk gets it afterwards; it rings."""
    key = await flood(city)
    async with city.desk.database.write() as session:
        assert await attend(session, city, key) == [key]
        assert await attend(session, city, key) == []
        one = await session.get_one(Application, key)
        assert (one.state, one.routed_unit, one.approval_owed) == (ApplicationState.ROUTED, "izsu", True)
        (routing,) = (await session.exec(select(Routing).where(Routing.application_id == key))).all()
        assert routing.routed_by is None
        (owed,) = (await session.exec(select(Submission).where(Submission.application_id == key))).all()
        assert (owed.after_the_fact, owed.state, owed.submitted_by) == (True, SubmissionState.WAITING, None)
        late = await emergencies.overdue_approvals(session, now=NOW + timedelta(hours=25))
        assert [application.id for _, application in late] == [key]


@pytest.mark.parametrize(
    "facts", [{"decision": Decision.REVIEW}, {"unit": None}, {"unit": "ilce", "district": None}, {"unit": "izmirgaz"}]
)
async def test_a_doubtful_emergency_rings_all_the_same(city: City, facts: dict[str, object]) -> None:
    """[İ7b2] Where machine or receiver is not sure, a person sends it; nobody waits for that to ring."""
    key = await flood(city, **facts)
    async with city.desk.database.write() as session:
        assert await attend(session, city, key) == [key]
        assert (await session.get_one(Application, key)).state is ApplicationState.DRAFT


async def test_to_a_closed_unit_nothing_goes_by_itself(city: City) -> None:
    """[İ7b2] The machine may know it still; a person finds who has its work now."""
    key = await flood(city)
    async with city.desk.database.write() as session:
        (await session.get_one(Unit, "izsu")).active = False
        await session.flush()
        assert await attend(session, city, key) == [key]
        assert (await session.get_one(Application, key)).state is ApplicationState.DRAFT


async def test_it_rings_until_somebody_takes_it(city: City) -> None:
    """[İ7b2] Once taken it is hers and is still; nobody else takes it again."""
    key, duty = await flood(city), city.actor("nobet")
    async with city.desk.database.write() as session:
        await attend(session, city, key)
        one = await session.get_one(Application, key)
        with pytest.raises(ForbiddenError):
            await emergencies.take(session, one, city.actor("elif"), now=NOW)
        assert key in [alarm.application.id for alarm in await emergencies.ringing(session, duty)]
        await emergencies.take(session, one, duty, now=NOW)
        await emergencies.take(session, one, duty, now=NOW)
        assert key not in [alarm.application.id for alarm in await emergencies.ringing(session, duty)]
        with pytest.raises(ConflictError):
            await emergencies.take(session, one, city.actor("burcu"), now=NOW)
        other = await session.get_one(Application, city.applications["gizemlisokak"])
        with pytest.raises(NotFoundError):
            await emergencies.take(session, other, duty, now=NOW)


async def test_off_shift_it_rings_at_merkez_1_alone(city: City) -> None:
    """[İ7b4] While somebody of the desk is there it rings for its leads too; else for the duty desk alone."""
    key = await flood(city)
    async with city.desk.database.write() as session:
        await attend(session, city, key)
        (alarm,) = (await session.exec(select(EmergencyAlarm).where(EmergencyAlarm.application_id == key))).all()
        assert alarm.off_shift
        heard = {who: emergencies.hears(city.actor(who), alarm) for who in ("nobet", "burcu", "mudur", "elif", "izsu")}
        assert heard == {"nobet": True, "burcu": False, "mudur": False, "elif": False, "izsu": False}


async def test_on_shift_the_leads_hear_it_too_and_somebody_is_given_it(city: City) -> None:
    """[İ7b3] Somebody of the desk is there: she has it at once, under every method of distribution."""
    async with city.desk.database.write() as session:
        await people.log_in(session, city.users["elif"], now=NOW)
        lead = city.actor("burcu")
        await roster.add_shift(
            session, lead, user_id=city.users["elif"].id or 0, starts="09:00", ends="18:00", weekdays=[0]
        )
    key = await flood(city)
    async with city.desk.database.write() as session:
        await attend(session, city, key)
        assert key in [one.application.id for one in await emergencies.ringing(session, city.actor("burcu"))]
        assert (await session.get_one(Application, key)).assignee_id == city.users["elif"].id


async def test_what_became_an_emergency_otherwise_rings_within_a_minute(city: City) -> None:
    """[İ7b2] Corrected by an agent or registered by hand: the clock raises what nobody has raised."""
    async with city.desk.database.write() as session:
        raised = await emergencies.ring_missed(session, now=NOW, zone=city.desk.profile.time_zone)
        assert raised == [city.applications["Hatice Demir"]]
        assert await emergencies.ring_missed(session, now=NOW, zone=city.desk.profile.time_zone) == []
