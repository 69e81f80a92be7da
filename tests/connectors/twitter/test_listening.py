"""Listening: posts that name the city and not the account, found by recent search."""

import json
from collections.abc import AsyncIterator

import pytest

from connectors.simulation import CitizenPost
from connectors.twitter.connector import PLATFORM, TwitterConnector
from connectors.twitter.facts import LISTENING, MENTIONS
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.simulated_search import fits
from connectors.twitter.simulator import TwitterSimulator
from models.clock import StillClock
from models.enums import EventKind, Surface
from models.messages import ChannelEvent, Page

QUERY = '#izmir (su OR "kırık boru")'


@pytest.fixture
async def listener(simulator: TwitterSimulator, clock: StillClock) -> AsyncIterator[TwitterConnector]:
    settings = TwitterSettings(**simulator.account_settings(), listening_query=QUERY)
    connector = PLATFORM.build(settings, clock)
    assert isinstance(connector, TwitterConnector)
    yield connector
    await connector.close()


def post(text: str, *, author: str = "ayse") -> CitizenPost:
    return CitizenPost(author=author, name=author, handle=author, surface=Surface.LISTENING, text=text)


async def heard(connector: TwitterConnector, clock: StillClock, cursor: str = "") -> tuple[list[ChannelEvent], Page]:
    """Everything up to the end of one walk."""
    events: list[ChannelEvent] = []
    while True:
        clock.advance(minutes=3)
        page = await connector.poll(LISTENING, cursor)
        events += connector.parse(page.payload, stream=LISTENING).events
        cursor = page.cursor
        if not page.more:
            return events, page


async def test_hits_are_kept_apart_and_never_answered(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    item = await simulator.write(post("#izmir Bornova'da su yok"))
    await simulator.write(post("#izmir ne güzel şehir", author="b"))
    (event,), _ = await heard(listener, clock)
    assert (event.kind, event.external_id, event.surface) == (EventKind.MESSAGE, item, Surface.LISTENING)
    assert not event.replyable
    assert event.text.endswith("su yok")


async def test_what_comes_as_a_mention_is_left_to_the_mentions(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    item = await simulator.write(post(f"@{simulator.account.username} #izmir su yok"))
    (event,), _ = await heard(listener, clock)
    page = await listener.poll(MENTIONS, "")
    (mention,) = listener.parse(page.payload, stream=MENTIONS).events
    assert (event.kind, event.reason) == (EventKind.IGNORED, "comes as a mention")
    assert (mention.kind, mention.external_id) == (EventKind.MESSAGE, item)
    assert event.dedup_key != mention.dedup_key


async def test_a_quote_that_does_not_name_us_comes_this_way_alone(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    """X lists as mentions what names the account; a quote may be answered all the same."""
    ours = simulator.records.add_post(simulator.account, "Bugün kesinti yok")
    found = simulator.records.add_post(simulator.citizens.person("can"), "#izmir su yok hâlâ", quotes=ours)
    (event,), _ = await heard(listener, clock)
    assert (event.kind, event.external_id) == (EventKind.MESSAGE, found.id)
    assert (event.surface, event.replyable) == (Surface.QUOTE, True)
    assert listener.parse((await listener.poll(MENTIONS, "")).payload, stream=MENTIONS).events == ()


async def test_new_hits_alone_are_asked_for(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    await simulator.write(post("#izmir su yok"))
    _, page = await heard(listener, clock)
    young = await simulator.write(post("#izmir kırık boru", author="b"))
    events, page = await heard(listener, clock, page.cursor)
    assert young in [one.external_id for one in events]
    _, page = await heard(listener, clock, page.cursor)
    assert page.empty


async def test_a_walk_over_pages(simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock) -> None:
    written = {await simulator.write(post(f"#izmir su yok {number}", author=str(number))) for number in range(130)}
    events, _ = await heard(listener, clock)
    assert {one.external_id for one in events} == written


async def test_after_a_stop_of_weeks_the_last_days_are_read(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    await simulator.write(post("#izmir su yok"))
    _, page = await heard(listener, clock)
    clock.advance(days=20)
    young = await simulator.write(post("#izmir su hâlâ yok"))
    events, page = await heard(listener, clock, page.cursor)
    assert [one.external_id for one in events] == [young]
    _, page = await heard(listener, clock, page.cursor)
    assert page.empty


async def test_quiet_weeks_change_no_cursor(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    """What is settled is not asked for again; a beginning that X lists no more is not written down each minute."""
    item = await simulator.write(post("#izmir su yok"))
    _, page = await heard(listener, clock)
    _, page = await heard(listener, clock, page.cursor)
    assert json.loads(page.cursor) == {"since": item, "seen": []}
    clock.advance(days=20)
    for _ in range(2):
        events, later = await heard(listener, clock, page.cursor)
        assert (events, later.empty, later.cursor) == ([], True, page.cursor)


async def test_pages_of_one_walk_have_one_beginning(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    _, page = await heard(listener, clock)
    clock.advance(days=20)
    for number in range(130):
        await simulator.write(post(f"#izmir su yok {number}", author=str(number)))
    events, _ = await heard(listener, clock, page.cursor)
    first, second = (one.query for one in list(simulator.exchanges)[-2:])
    assert len(events) == 130
    assert {**second, "next_token": ""} == {**first, "next_token": ""}


async def test_the_first_start_may_ask_for_all_that_x_gives(simulator: TwitterSimulator, clock: StillClock) -> None:
    item = await simulator.write(post("#izmir su yok"))
    clock.advance(days=6)
    settings = TwitterSettings(**simulator.account_settings(), listening_query=QUERY, first_hours=168)
    connector = PLATFORM.build(settings, clock)
    assert isinstance(connector, TwitterConnector)
    events, _ = await heard(connector, clock)
    await connector.close()
    assert [one.external_id for one in events] == [item]


async def test_at_most_one_search_a_minute(
    simulator: TwitterSimulator, listener: TwitterConnector, clock: StillClock
) -> None:
    page = await listener.poll(LISTENING, "")
    calls = len(simulator.exchanges)
    clock.advance(seconds=30)
    assert (await listener.poll(LISTENING, page.cursor)).empty
    assert len(simulator.exchanges) == calls


async def test_without_a_query_nothing_is_asked(simulator: TwitterSimulator, connector: TwitterConnector) -> None:
    page = await connector.poll(LISTENING, "")
    assert (page.empty, page.cursor, len(simulator.exchanges)) == (True, "", 0)


def test_the_simulated_search_reads_queries(simulator: TwitterSimulator) -> None:
    person = simulator.records.add_person("a", "a")
    found = simulator.records.add_post(person, "Bornova'da SU yok #izmir")
    for query, expected in (
        ("su", True),
        ("sus", False),
        ("su -izmir", False),
        ("(yol OR su) #izmir", True),
        ("(yol OR çukur)", False),
        (f"su -from:{person.id}", False),
        ('"su yok" -is:retweet', True),
    ):
        assert fits(query, found) is expected, query
