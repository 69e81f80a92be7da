"""Many citizens about one incident: proposed, decided by an agent, answered once for all."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, applications, organisation
from inbox.rules.findings import FindingKind
from inbox.services import approval, approved_replies, incident_answers, incidents
from models.enums import (
    SOCIAL_CHANNELS,
    ApplicationState,
    ChannelName,
    IncidentState,
    Outcome,
    SubmissionState,
    Urgency,
)
from models.errors import ConflictError, ForbiddenError, InputError
from models.tables import Account, Application, Incident, IncidentMember, OutboxItem, Submission
from tests.conftest import NOW
from tests.factories import City, play
from tests.process_bench import process_bench
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
            await incident_answers.answer_all(session, key, agent, text="Su verildi.", facts=facts, now=NOW)
        await incidents.confirm(session, key, agent, now=NOW)
        late = await session.get_one(Application, city.applications["Geç kalan"])
        reached = await incident_answers.answer_all(session, key, agent, text="Su verildi.", facts=facts, now=later)
        texts = [one.text for one in (await session.exec(select(OutboxItem))).all() if "Su verildi" in one.text]
    problems = {one.application_id: one.problem for one in reached}
    assert len(set(texts)) == len(texts) == sum(not problem for problem in problems.values())
    assert set(problems) == {*ids, late.id}
    assert all("Başvuru no: HİM-" in text for text in texts)
    assert any(problems.values()) or len(texts) == 4


async def test_rounds_of_one_answer_reach_everybody_before_anybody_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """[İ9b3] More citizens than one answer reaches: the next round goes on where the last one ended."""
    monkeypatch.setattr(incident_answers, "MOST_ANSWERED", 2)
    ids, agent, facts = await three_reports(city), city.actor("elif"), city.desk.facts
    rounds = []
    async with city.desk.database.write() as session:
        key = (await proposed(session)).id or 0
        await incidents.confirm(session, key, agent, now=NOW)
        for _ in range(2):
            reached = await incident_answers.answer_all(session, key, agent, text="Su verildi.", facts=facts, now=NOW)
            rounds.append([one.application_id for one in reached])
            await session.flush()
        assert sorted([*rounds[0], *rounds[1]]) == sorted(ids)
        with pytest.raises(ConflictError, match="kalmadı"):
            await incident_answers.answer_all(session, key, agent, text="Su verildi. ", facts=facts, now=NOW)
        again = await incident_answers.answer_all(session, key, agent, text="Su yine kesildi.", facts=facts, now=NOW)
        assert len(again) == 2


async def test_nobody_gets_the_same_answer_twice(city: City) -> None:
    """[İ9b3] Sent again for those whom it missed, or by a second click, it goes to these alone."""
    ids, agent, facts = await three_reports(city), city.actor("elif"), city.desk.facts
    async with city.desk.database.write() as session:
        key = (await proposed(session)).id or 0
        await incidents.confirm(session, key, agent, now=NOW)
        missed = await session.get_one(Application, ids[1])
        await only_listen(session, [missed])
        first = await incident_answers.answer_all(session, key, agent, text="Su verildi.", facts=facts, now=NOW)
        assert [one.application_id for one in first if one.problem] == [missed.id]
        second = await incident_answers.answer_all(session, key, agent, text="Su verildi.", facts=facts, now=NOW)
        assert [one.application_id for one in second] == [missed.id]


async def test_an_answer_that_comes_too_late_for_all_is_given_back(city: City) -> None:
    """[İ8b2] While it waited somebody has ended every application of the incident."""
    ids, agent, approver = await three_reports(city), city.actor("elif"), city.actor("onay")
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    async with city.desk.database.write() as session:
        key = (await proposed(session)).id or 0
        await incidents.confirm(session, key, agent, now=NOW)
        waiting = await incident_answers.submit_answer(
            session, key, agent, text="Su verildi.", desk=bench.review, rules=bench.rules, now=NOW
        )
        for one in ids:
            member = await session.get_one(Application, one)
            member.state, member.is_open = ApplicationState.CLOSED, False
        await session.flush()
        bearer = await session.get_one(Application, waiting.application_id)
        with pytest.raises(ConflictError, match=r"kalmadı\. Gerekçesiyle iade ediniz"):
            await approved_replies.approve(
                session, waiting, bearer, approver, text="Su verildi.", facts=city.desk.facts, given_by=None, now=NOW
            )


async def test_one_answer_for_all_is_approved_once(city: City) -> None:
    """[İ8b2, İ9b3] Handed in once, given back with a reason, handed in again, approved: to each in her own channel."""
    ids, agent, approver = await three_reports(city), city.actor("elif"), city.actor("onay")
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    async with city.desk.database.write() as session:
        await accounts.put_setting(session, organisation.APPROVES_REPLIES, True)
        key = (await proposed(session)).id or 0
        await incidents.confirm(session, key, agent, now=NOW)

        async def hand_in(text: str) -> Submission:
            return await incident_answers.submit_answer(
                session, key, agent, text=text, desk=bench.review, rules=bench.rules, now=NOW
            )

        with pytest.raises(ConflictError, match="onaydan"):
            await incident_answers.answer_all(session, key, agent, text="Su.", facts=city.desk.facts, now=NOW)
        first = await hand_in("Bakılacak, 0532 111 22 33 arayın.")
        assert {one["kind"] for one in first.findings} >= {FindingKind.PROMISE, FindingKind.PERSONAL_DATA}
        with pytest.raises(ConflictError):
            await hand_in("Yine")
        bearer = await session.get_one(Application, first.application_id)
        await approval.reject(session, first, bearer, approver, reason="Tarih yazınız.", now=NOW)
        second = await hand_in("Su verildi.")
        assert not [one for one in (await session.exec(select(OutboxItem))).all() if "Su verildi" in one.text]
        done = await approved_replies.approve(
            session, second, bearer, approver, text="Su verildi.", facts=city.desk.facts, given_by=None, now=NOW
        )
        sent = [one for one in (await session.exec(select(OutboxItem))).all() if "Su verildi" in one.text]
        incident = await session.get_one(Incident, key)
    assert {one.application_id for one in done.reached} == {one.application_id for one in sent} == set(ids)
    assert {one.user_id for one in sent} == {agent.user_id}
    assert (incident.answer, second.state) == ("Su verildi.", SubmissionState.APPROVED)


async def only_listen(session: AsyncSession, members: Sequence[Application]) -> None:
    for one in members:
        (await session.get_one(Account, one.account_id)).listen_only = True
    await session.flush()


async def test_whom_an_approved_answer_misses_is_unread_with_the_reason(city: City) -> None:
    """[İ8b2] A closed window stops one, not all; where nobody can be reached the approver gives it back."""
    ids, agent, approver = await three_reports(city), city.actor("elif"), city.actor("onay")
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    async with city.desk.database.write() as session:
        key = (await proposed(session)).id or 0
        await incidents.confirm(session, key, agent, now=NOW)
        waiting = await incident_answers.submit_answer(
            session, key, agent, text="Su verildi.", desk=bench.review, rules=bench.rules, now=NOW
        )
        bearer = await session.get_one(Application, waiting.application_id)
        missed = await session.get_one(Application, ids[1])
        await only_listen(session, [missed])

        async def approve() -> list[str]:
            done = await approved_replies.approve(
                session, waiting, bearer, approver, text="Su verildi.", facts=city.desk.facts, given_by=None, now=NOW
            )
            return [one.number for one in done.reached if one.problem]

        assert await approve() == [missed.number]
        assert missed.unread
        told = await applications.history(session, missed.id or 0)
        assert told[-1][0].action == "reply_missed"
        await only_listen(session, [await session.get_one(Application, one) for one in ids])
        with pytest.raises(ConflictError, match="hiçbir başvuruya"):
            await approve()


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
