"""Many citizens about one incident: proposed, decided by an agent, answered once for all."""

from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.services import incidents
from models.enums import SOCIAL_CHANNELS, ApplicationState, ChannelName, IncidentState, Outcome, Urgency
from models.errors import ConflictError, ForbiddenError, InputError
from models.tables import Application, Incident, IncidentMember, OutboxItem
from tests.conftest import NOW
from tests.factories import City, play
from tests.scenes import Scene

HOUR = timedelta(hours=1)


def cut(who: str, channel: ChannelName, minutes: int, **facts: object) -> Scene:
    fields = {
        "channel": channel,
        "who": who,
        "texts": [f"Şirinyer'de sular akmıyor, {who}"],
        "minutes": minutes,
        "topic": "su_kesintisi",
        "unit": "izsu",
        "district": "Buca",
        "neighbourhood": "Şirinyer",
    }
    return Scene(**{**fields, **facts})


async def three_reports(city: City) -> list[int]:
    """Three citizens on three channels; their applications."""
    for number, channel in enumerate(SOCIAL_CHANNELS[:3]):
        await play(city, cut(f"Kişi {number}", channel, 30 - number), number=900 + number)
    return [city.applications[f"Kişi {number}"] for number in range(3)]


async def proposed(session: AsyncSession) -> Incident:
    (found,) = await incidents.propose(session, now=NOW)
    return await session.get_one(Incident, found)


async def member_ids(session: AsyncSession, incident: Incident) -> list[int]:
    query = select(IncidentMember.application_id).where(IncidentMember.incident_id == incident.id)
    return sorted((await session.exec(query)).all())


async def test_three_reports_are_proposed_once(city: City) -> None:
    """[İ9b3] Near in topic, place and time: proposed; the next look proposes nothing new, a fourth report joins."""
    ids = await three_reports(city)
    async with city.desk.database.write() as session:
        incident = await proposed(session)
        assert (incident.state, incident.place) == (IncidentState.PROPOSED, "Şirinyer, Buca")
        assert await member_ids(session, incident) == ids
        assert await incidents.propose(session, now=NOW) == []
    await play(city, cut("Kişi 9", ChannelName.WHATSAPP, 1), number=950)
    async with city.desk.database.write() as session:
        assert await incidents.propose(session, now=NOW) == []
        assert await member_ids(session, incident) == [*ids, city.applications["Kişi 9"]]


async def test_what_an_agent_leaves_out_stays_out(city: City) -> None:
    """[İ9b3] The agent decides: what she parts is not proposed together again, what she adds comes in."""
    ids, agent = await three_reports(city), city.actor("elif")
    async with city.desk.database.write() as session:
        incident = await proposed(session)
        key = incident.id or 0
        await incidents.leave_out(session, key, agent, application_id=ids[2], now=NOW)
        await incidents.confirm(session, key, agent, now=NOW)
        assert (await incidents.view(session, key, agent, now=NOW)).fitting == []
        assert await incidents.propose(session, now=NOW) == []
        number = (await session.get_one(Application, ids[2])).number
        await incidents.add(session, key, agent, number=number.replace("İ", "i").lower(), now=NOW)
        assert await member_ids(session, incident) == ids
        with pytest.raises(ConflictError):
            await incidents.add(session, key, agent, number=number, now=NOW)
        with pytest.raises(InputError):
            await incidents.add(session, key, agent, number="HİM-1999-0000001", now=NOW)


async def test_a_dismissed_incident_does_not_come_back(city: City) -> None:
    """[İ9b3] Said to be no incident, its applications go on alone."""
    ids, agent = await three_reports(city), city.actor("elif")
    async with city.desk.database.write() as session:
        incident = await proposed(session)
        await incidents.dismiss(session, incident.id or 0, agent, now=NOW)
        assert await member_ids(session, incident) == []
        assert await incidents.propose(session, now=NOW) == []
        with pytest.raises(ConflictError):
            await incidents.confirm(session, incident.id or 0, agent, now=NOW)
        assert all([(await session.get_one(Application, one)).is_open for one in ids])


async def test_one_answer_for_all_each_in_her_own_channel(city: City) -> None:
    """[İ9b3, İ19ç] Every citizen gets it where she wrote, with her own number; closed windows are told."""
    ids, agent = await three_reports(city), city.actor("elif")
    facts = {key: connector.facts for key, connector in city.desk.connectors.items()}
    later = NOW + timedelta(days=9)
    await play(city, cut("Geç kalan", ChannelName.WHATSAPP, 20), number=960)
    async with city.desk.database.write() as session:
        incident = await proposed(session)
        key = incident.id or 0
        with pytest.raises(ConflictError):
            await incidents.answer_all(session, key, agent, text="Su verildi.", facts=facts, now=NOW)
        await incidents.confirm(session, key, agent, now=NOW)
        late = await session.get_one(Application, city.applications["Geç kalan"])
        reached = await incidents.answer_all(session, key, agent, text="Su verildi.", facts=facts, now=later)
        texts = [one.text for one in (await session.exec(select(OutboxItem))).all() if "Su verildi" in one.text]
    problems = {one.application_id: one.problem for one in reached}
    assert len(set(texts)) == len(texts) == sum(not problem for problem in problems.values())
    assert set(problems) == {*ids, late.id}
    assert all("Başvuru no: HİM-" in text for text in texts)
    assert any(problems.values()) or len(texts) == 4


async def test_all_are_closed_together(city: City) -> None:
    """[İ6a12] Closed with one outcome; the incident is over."""
    ids, agent = await three_reports(city), city.actor("elif")
    async with city.desk.database.write() as session:
        incident = await proposed(session)
        await incidents.confirm(session, incident.id or 0, agent, now=NOW)
        for one in ids:
            application = await session.get_one(Application, one)
            application.state, application.answered_at = ApplicationState.ANSWERED, NOW
            session.add(application)
        reached = await incidents.close_all(session, incident.id or 0, agent, outcome=Outcome.POSITIVE, now=NOW)
        assert [one.problem for one in reached] == ["", "", ""]
        assert incident.state is IncidentState.ANSWERED
        assert not any([(await session.get_one(Application, one)).is_open for one in ids])


async def test_confidential_reports_are_never_put_together(city: City) -> None:
    """[İ7d10] What is confidential stands in no incident; neither does what was finished."""
    ids = await three_reports(city)
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, ids[0])
        one.confidential = True
        session.add(one)
        await session.flush()
        assert await incidents.propose(session, now=NOW) == []


async def test_two_urgent_reports_are_enough_and_units_decide_nothing(city: City) -> None:
    """[İ7b4] Where damage grows two are enough. Only the desk decides on incidents."""
    for number, channel in enumerate(SOCIAL_CHANNELS[:2]):
        await play(city, cut(f"Acil {number}", channel, 20 - number, urgency=Urgency.HIGH), number=970 + number)
    async with city.desk.database.write() as session:
        incident = await proposed(session)
        for login in ("izsu", "anket", "onay"):
            with pytest.raises(ForbiddenError):
                await incidents.confirm(session, incident.id or 0, city.actor(login), now=NOW)
