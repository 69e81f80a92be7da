"""Work is given by the desk's method and taken over from those who are away."""

from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.rules.assignment import Method
from inbox.services import assignment, people, roster
from inbox.services.roster import Skills
from models.enums import ChannelName
from models.errors import ForbiddenError, InputError
from models.tables import Application, HistoryContent, HistoryEntry
from tests.conftest import NOW
from tests.factories import City

HOUR = timedelta(hours=1)


async def come_in(city: City, *logins: str, at=NOW) -> None:
    async with city.desk.database.write() as session:
        for login in logins:
            await people.log_in(session, city.users[login], now=at)


async def use(city: City, method: Method) -> None:
    async with city.desk.database.write() as session:
        await assignment.set_method(session, city.actor("burcu"), method)


async def distribute(city: City, *names: str, at=NOW) -> list[tuple[int, str]]:
    async with city.desk.database.write() as session:
        found = [await session.get_one(Application, city.applications[name]) for name in names]
        given = await assignment.distribute(session, found, now=at, zone=city.desk.profile.time_zone)
    return [(one.user_id, one.why) for one in given]


async def test_by_hand_gives_nothing_but_emergencies(city: City) -> None:
    """[İ18b, İ7b3] Where the desk distributes by hand, an emergency alone is given to somebody who is there."""
    await come_in(city, "elif")
    given = await distribute(city, "Hatice Demir", "gizemlisokak")
    assert given == [(city.users["elif"].id, "emergency")]


async def test_by_turn_goes_round_and_the_history_tells_why(city: City) -> None:
    """[İ18b] By turn among those present; the history says by which rule."""
    await come_in(city, "elif", "burcu")
    await use(city, Method.BY_TURN)
    given = await distribute(city, "gizemlisokak", "Mehmet Akın", "Selin Ak")
    assert sorted({who for who, _ in given}) == sorted([city.users["elif"].id, city.users["burcu"].id])
    async with city.desk.database.read() as session:
        query = select(HistoryEntry, HistoryContent).join(HistoryContent, HistoryContent.entry_id == HistoryEntry.id)
        of_one = query.where(HistoryEntry.application_id == city.applications["gizemlisokak"])
        entry, content = (await session.exec(of_one.order_by(HistoryEntry.position.desc()))).first()
    assert (entry.actor, entry.action, content.content["why"]) == ("bot", "assigned", "by_turn")


async def test_who_is_not_there_is_given_nothing(city: City) -> None:
    """[İ17d] Neither on leave nor outside her shift nor logged out."""
    await use(city, Method.BY_TURN)
    assert await distribute(city, "gizemlisokak") == []
    await come_in(city, "elif", "burcu")
    lead = city.actor("burcu")
    async with city.desk.database.write() as session:
        await roster.add_absence(
            session, lead, user_id=lead.user_id, starts_at=NOW - HOUR, ends_at=None, reason="yıllık izin"
        )
        await roster.add_shift(
            session, lead, user_id=city.users["elif"].id or 0, starts="18:00", ends="02:00", weekdays=[]
        )
    assert await distribute(city, "gizemlisokak") == []


async def test_by_skill_goes_to_who_is_named(city: City) -> None:
    """[İ18b] Channel and topic decide, then load."""
    await come_in(city, "elif", "burcu")
    await use(city, Method.BY_SKILL)
    async with city.desk.database.write() as session:
        skills = Skills(channels=frozenset({ChannelName.TELEGRAM}), topics=frozenset({"tarim_destek"}))
        await roster.set_skills(session, city.actor("burcu"), user_id=city.users["burcu"].id or 0, skills=skills)
    assert await distribute(city, "Selin Ak") == [(city.users["burcu"].id, "by_skill")]
    assert await distribute(city, "gizemlisokak") == [(city.users["elif"].id, "by_skill")]


async def test_what_waits_for_somebody_who_is_away_is_taken_over(city: City) -> None:
    """[İ17d] After the time that its urgency allows, and never twice."""
    zone = city.desk.profile.time_zone
    later = NOW + 9 * HOUR
    await come_in(city, "burcu", at=later)
    async with city.desk.database.write() as session:
        given = await assignment.take_over(session, now=later, zone=zone)
        again = await assignment.take_over(session, now=later, zone=zone)
    taken = {one.application_id: one for one in given}
    one = taken[city.applications["deniz.kaya35"]]
    assert (one.before, one.user_id, one.why) == (city.users["elif"].id, city.users["burcu"].id, "owner_away")
    assert again == []


async def test_nothing_is_taken_over_while_nobody_else_is_there(city: City) -> None:
    """[İ17d] It stays with its owner until somebody comes."""
    async with city.desk.database.write() as session:
        assert await assignment.take_over(session, now=NOW + 9 * HOUR, zone=city.desk.profile.time_zone) == []
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
    assert one.assignee_id == city.users["elif"].id


async def test_only_leads_keep_the_roster(city: City) -> None:
    """[İ17ç] Shifts and absences are the team lead's."""
    agent = city.actor("elif")
    async with city.desk.database.write() as session:
        with pytest.raises(ForbiddenError):
            await roster.add_shift(session, agent, user_id=agent.user_id, starts="08:00", ends="16:00", weekdays=[])
        with pytest.raises(ForbiddenError):
            await assignment.set_method(session, agent, Method.BY_TURN)
        with pytest.raises(InputError):
            await roster.add_shift(
                session, city.actor("burcu"), user_id=agent.user_id, starts="sekiz", ends="16:00", weekdays=[]
            )


async def test_the_overview_shows_shifts_absences_and_load(city: City) -> None:
    """[İ18e] The lead sees who is there and what lies on whom; an absence that ends brings her back."""
    lead, zone = city.actor("burcu"), city.desk.profile.time_zone
    await come_in(city, "elif")
    async with city.desk.database.write() as session:
        who = city.users["elif"].id or 0
        await roster.add_absence(session, lead, user_id=who, starts_at=NOW - HOUR, ends_at=None, reason="rapor")
        await session.flush()
        (line,) = [one for one in await roster.overview(session, lead, now=NOW, zone=zone) if one.user.id == who]
        assert (line.is_there, line.load > 0, len(line.absences)) == (False, True, 1)
        await roster.end_absence(session, lead, absence_id=line.absences[0].id or 0, now=NOW)
        await session.flush()
        (line,) = [one for one in await roster.overview(session, lead, now=NOW, zone=zone) if one.user.id == who]
    assert (line.is_there, line.absences) == (True, ())
