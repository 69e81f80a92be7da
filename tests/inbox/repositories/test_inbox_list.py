"""The list's queries, on both databases."""

from dataclasses import replace
from datetime import timedelta

from inbox.repositories import conversations, inbox_list, search
from inbox.repositories.inbox_list import Present
from inbox.repositories.list_query import ListQuery, Sort, Span, View
from inbox.web.numbers import Numbers
from models.clock import StillClock
from models.db import Database
from models.enums import ApplicationState, ChannelName, Urgency
from models.profile import Profile
from models.tables import Application
from tests.builders import set_up
from tests.conftest import NOW
from tests.factories import City, make_desk, play
from tests.scenes import ASIDE, SCENES

DESK = Span(user_id=1, now=NOW, day_end=NOW + timedelta(hours=12), week_end=NOW + timedelta(days=7))
UNIT = replace(DESK, everything=False, unit="izsu")


async def filled(database: Database, profile: Profile) -> City:
    city = City(desk=make_desk(database, profile=profile, clock=StillClock(NOW)))
    await set_up(database, NOW, *dict.fromkeys(scene.channel for scene in SCENES))
    for number, scene in enumerate((*SCENES, *ASIDE)):
        await play(city, scene, number=number)
    return city


async def walk(database: Database, query: ListQuery, span: Span = DESK) -> list[int]:
    """Ids over all pages."""
    found: list[int] = []
    async with database.read() as session:
        while True:
            page = await inbox_list.page(session, query, span=span)
            found += [entry.id for entry in page.entries]
            if not page.next:
                return found
            query = replace(query, after=page.next)


async def change(database: Database, application_id: int, **values: object) -> None:
    async with database.write() as session:
        one = await session.get_one(Application, application_id)
        for name, value in values.items():
            setattr(one, name, value)
        session.add(one)


async def with_izsu(city: City) -> set[int]:
    """Two applications lie with the unit."""
    own = {city.applications["deniz.kaya35"], city.applications["kerem_35"]}
    for one in own:
        await change(city.desk.database, one, routed_unit="izsu")
    return own


async def test_orders_pages_and_reach(database: Database, profile: Profile, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    city = await filled(database, profile)
    monkeypatch.setattr(inbox_list, "PAGE", 4)
    urgent, oldest = city.applications["Hatice Demir"], city.applications["Halil İbrahim Uçar"]
    for sort in Sort:
        found = await walk(database, ListQuery(view=View.ALL, sort=sort))
        assert sorted(found) == sorted(city.applications.values())
        assert found[0] == urgent
        assert (found[1] == oldest) == (sort is not Sort.NEW)
    own = await with_izsu(city)
    assert set(await walk(database, ListQuery(view=View.EVERYTHING), UNIT)) == own
    assert await walk(database, ListQuery(view=View.ALL, unit="eshot"), UNIT) == []


async def test_filters_and_words_together(database: Database, profile: Profile) -> None:
    city = await filled(database, profile)
    found = await walk(
        database,
        ListQuery(
            view=View.ALL, channel=ChannelName.INSTAGRAM, district="Buca", urgency=Urgency.HIGH, words=("akmiyor",)
        ),
    )
    assert found == [city.applications["deniz.kaya35"]]
    assert await walk(database, ListQuery(view=View.ALL, words=("akmiyor",), district="Konak")) == []


async def test_an_answered_application_waits_again_once_she_writes(database: Database, profile: Profile) -> None:
    city = await filled(database, profile)
    key = city.applications["kerem_35"]
    await change(database, key, state=ApplicationState.ANSWERED, answered_at=NOW)
    assert key not in await walk(database, ListQuery(view=View.ALL))
    assert await walk(database, ListQuery(view=View.ANSWERED)) == [key]
    await change(database, key, last_message_at=NOW + timedelta(minutes=1))
    assert key in await walk(database, ListQuery(view=View.ALL))
    assert await walk(database, ListQuery(view=View.ANSWERED)) == []


async def test_counts_agree_with_the_lists(database: Database, profile: Profile) -> None:
    city = await filled(database, profile)
    await change(database, city.applications["kerem_35"], state=ApplicationState.ANSWERED, answered_at=NOW)
    await change(database, city.applications["Selin Ak"], state=ApplicationState.CLOSED, is_open=False)
    for span in (DESK, UNIT):
        async with database.read() as session:
            counts = await Numbers().counts(session, span=span, mark=0)
        for view, number in counts.views.items():
            assert number == len(await walk(database, ListQuery(view=view), span)), view
        for channel, number in counts.channels.items():
            assert number == len(await walk(database, ListQuery(view=View.ALL, channel=channel), span)), channel


async def test_counting_ends_where_the_page_says_and_more(database: Database, profile: Profile, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    await filled(database, profile)
    monkeypatch.setattr(inbox_list, "MOST_COUNTED", 3)
    async with database.read() as session:
        assert await inbox_list.count_each(session, [ListQuery(), ListQuery(view=View.CLOSED)], span=DESK) == [3, 0]


async def test_a_common_word_finds_the_newest(database: Database, profile: Profile, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """Of what the list is about: what is closed takes no place of what is open, nor other units' of hers."""
    city = await filled(database, profile)
    monkeypatch.setattr(search, "MOST_HITS", 2)
    everything = ListQuery(view=View.EVERYTHING, words=("2026",))
    newest = sorted(city.applications.values())[-2:]
    async with database.read() as session:
        page = await inbox_list.page(session, everything, span=DESK)
    assert page.cut
    assert {entry.id for entry in page.entries} == set(newest)
    await change(database, newest[1], state=ApplicationState.CLOSED, is_open=False)
    assert newest[1] not in await walk(database, ListQuery(view=View.ALL, words=("2026",)))
    assert len(await walk(database, ListQuery(view=View.ALL, words=("2026",)))) == 2
    own = await with_izsu(city)
    assert set(await walk(database, everything, UNIT)) == own


async def test_counts_of_nothing(database: Database) -> None:
    async with database.read() as session:
        counts = await Numbers().counts(session, span=DESK, mark=0)
        assert set(counts.views.values()) == {0}
        assert await inbox_list.present(session) == Present(mark=0, checks=0)


async def test_what_has_come_since(database: Database, profile: Profile) -> None:
    city = await filled(database, profile)
    async with database.read() as session:
        mark = (await inbox_list.present(session)).mark
    await play(city, replace(SCENES[2], who="Başkası", handle="baskasi", minutes=0), number=90)
    async with database.read() as session:
        everything = ListQuery(view=View.ALL)
        assert await inbox_list.count_since(session, everything, span=DESK, mark=mark) == 1
        assert await inbox_list.count_since(session, everything, span=UNIT, mark=mark) == 0
        assert await inbox_list.count_since(session, replace(everything, view=View.URGENT), span=DESK, mark=mark) == 0


async def test_the_check_queue_goes_round(database: Database, profile: Profile) -> None:
    city = await filled(database, profile)
    first, second = city.checks["kriptokazan"], city.checks["elifnaz__"]
    async with database.write() as session:
        waiting = await inbox_list.waiting_checks(session, limit=10)
        assert [message.id for message, _, _ in waiting] == sorted([first, second])
        assert await conversations.next_check(session, after=first) == second
        assert await conversations.next_check(session, after=second) == first
        await conversations.set_awaits_check(session, [first, second], value=False)
        assert await conversations.next_check(session, after=first) is None
