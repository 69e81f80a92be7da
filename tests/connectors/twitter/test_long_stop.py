"""After a long stop: X lists 800 mentions, recent search finds those of seven days, the rest is told as a gap."""

from datetime import timedelta

import pytest

from connectors.twitter.connector import TwitterConnector
from connectors.twitter.facts import MENTIONS
from connectors.twitter.simulator import TwitterSimulator
from models.clock import StillClock
from models.enums import EventKind
from models.errors import TransientError
from tests.connectors.twitter.test_connector import post

MOST_PAGES = 40


async def read_all(connector: TwitterConnector, cursor: str) -> tuple[set[str], list[str], str]:
    """Ids of all mentions from the cursor on, what could not be had, and the last cursor."""
    found, missing = set[str](), list[str]()
    for _ in range(MOST_PAGES):
        page = await connector.poll(MENTIONS, cursor)
        parsed = connector.parse(page.payload, stream=MENTIONS)
        found |= {event.external_id for event in parsed.events if event.kind is EventKind.MESSAGE}
        missing += [problem.why for problem in parsed.problems]
        cursor = page.cursor
        if not page.more:
            return found, missing, cursor
    raise AssertionError("the walk does not end")


async def write_many(simulator: TwitterSimulator, clock: StillClock, count: int, *, within: timedelta) -> set[str]:
    written = set()
    for number in range(count):
        written.add(await simulator.write(post(f"Başvuru {number}", author=f"kisi{number % 50}")))
        clock.advance(seconds=within.total_seconds() / count)
    return written


async def test_mentions_beyond_the_list_are_found_by_search(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    _, _, cursor = await read_all(connector, "")
    written = await write_many(simulator, clock, 1100, within=timedelta(days=3))
    clock.advance(minutes=5)
    found, missing, cursor = await read_all(connector, cursor)
    assert written <= found
    assert missing == []
    item = await simulator.write(post("Sonra"))
    clock.advance(minutes=5)
    found, _, _ = await read_all(connector, cursor)
    assert item in found
    assert len(found) < 60


async def test_what_is_older_than_search_reaches_is_told_as_a_gap(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    await simulator.write(post("Önce"))
    clock.advance(minutes=5)
    _, _, cursor = await read_all(connector, "")
    lost = await write_many(simulator, clock, 200, within=timedelta(days=2))
    clock.advance(days=6)
    written = await write_many(simulator, clock, 1000, within=timedelta(days=3))
    clock.advance(minutes=5)
    found, missing, _ = await read_all(connector, cursor)
    assert written <= found
    assert lost.isdisjoint(found)
    assert len(missing) == 1
    assert "2026-11-22" in missing[0]


async def test_a_list_that_is_longer_than_search_reaches_is_not_searched(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """Few mentions a day, and a stop of months: all that X has stands in its list."""
    await simulator.write(post("Önce"))
    clock.advance(minutes=5)
    _, _, cursor = await read_all(connector, "")
    written = await write_many(simulator, clock, 900, within=timedelta(days=90))
    found, missing, _ = await read_all(connector, cursor)
    assert len(found & written) == 800
    assert not [one for one in simulator.exchanges if one.path.endswith("recent")]
    assert len(missing) == 1
    assert "2026-11-22" in missing[0]
    assert "2026-12-02" in missing[0]


async def test_a_walk_that_stood_still_begins_anew(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    """What came meanwhile has pushed the rest out of X's list: the old token would end the walk too early."""
    _, _, cursor = await read_all(connector, "")
    written = await write_many(simulator, clock, 600, within=timedelta(hours=20))
    page = await connector.poll(MENTIONS, cursor)
    found = {event.external_id for event in connector.parse(page.payload, stream=MENTIONS).events}
    written |= await write_many(simulator, clock, 700, within=timedelta(hours=20))
    clock.advance(minutes=5)
    assert page.more
    rest, missing, _ = await read_all(connector, page.cursor)
    assert written <= found | rest
    assert missing == []


async def test_a_fault_in_the_search_begins_no_walk_anew(
    simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock
) -> None:
    _, _, cursor = await read_all(connector, "")
    written = await write_many(simulator, clock, 1000, within=timedelta(days=2))
    clock.advance(minutes=5)
    found = set[str]()
    simulator.fault("html", path="search", after=1)
    for _ in range(MOST_PAGES):
        try:
            page = await connector.poll(MENTIONS, cursor)
        except TransientError:
            continue
        found |= {event.external_id for event in connector.parse(page.payload, stream=MENTIONS).events}
        cursor = page.cursor
        if not page.more:
            break
    assert written <= found


@pytest.mark.parametrize("text", ['{"searches":true,"lowest":"7","count":900,"seen":[]}', "no cursor"])
async def test_any_cursor_is_read(connector: TwitterConnector, text: str) -> None:
    await connector.poll(MENTIONS, text)
