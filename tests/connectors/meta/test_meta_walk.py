import json
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise

import pytest
from aiohttp import web

from connectors.meta.graph import GraphClient
from connectors.meta.pacing import Pace
from connectors.meta.simulation import GraphServer
from connectors.meta.walk import Listing, State, Walker, read_state
from models.clock import StillClock
from models.errors import RequestRefusedError, TransientError

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return StillClock(NOW)


class Shelf:
    """A Graph host whose lists are set by the test: `pages` by path and continuation."""

    def __init__(self, clock):
        self.server = GraphServer(clock, app_secret="s", access_token="t", usage_type="pages")
        self.server.route("GET", "/{path:.+}", self.answer)
        self.pages = {}
        self.asked = []
        self.clock = clock

    async def answer(self, request: web.Request) -> web.Response:
        key = (request.match_info["path"], request.query.get("after", ""))
        self.asked.append((*key, self.clock.now()))
        return self.server.answer(self.pages[key])


@pytest.fixture
async def shelf(clock):
    shelf = Shelf(clock)
    await shelf.server.start()
    yield shelf
    await shelf.server.stop()


@pytest.fixture
async def graph(shelf, clock):
    client = GraphClient(base_url=shelf.server.base_url, version="v25.0", access_token="t", app_secret="s", clock=clock)
    yield client
    await client.close()


def listing(**more):
    return Listing(
        path="posts",
        params=lambda since: {"fields": "id"},
        inner="comments",
        inner_params=lambda since: {"fields": "id"},
        item_time="at",
        parent_time="at",
        **{"reaches_back": timedelta(days=3), **more},
    )


def walker(graph, clock, **more):
    pace = more.pop("pace", None)
    return Walker(graph, clock, listing(**more), look_back=timedelta(days=1), pace=pace)


def at(**back):
    return (NOW - timedelta(**back)).isoformat()


def page(*items, after=""):
    paging = {"cursors": {"after": after}, **({"next": "https://x/?access_token=t"} if after else {})}
    return {"data": list(items), "paging": paging}


def post(name, *comments, after="", **back):
    return {"id": name, "at": at(**(back or {"hours": 1})), "comments": page(*comments, after=after)}


def comment(name, **back):
    return {"id": name, "at": at(**(back or {"minutes": 30}))}


def names(page):
    body = json.loads(page.payload)
    lists = [item["comments"]["data"] if "comments" in item else [item] for item in body["data"]]
    return [inner["id"] for inner in chain(*lists)]


async def walk(walker, cursor=""):
    found = []
    while True:
        result = await walker.step(cursor)
        found += names(result)
        cursor = result.cursor
        if not result.more:
            return found, cursor


async def test_parents_behind_the_reach_are_not_asked_for(shelf, graph, clock):
    shelf.pages["posts", ""] = page(post("p1", comment("c1")), post("p2", days=4), after="2")
    found, _ = await walk(walker(graph, clock))
    assert found == ["c1"]
    assert len(shelf.asked) == 1


async def test_inner_list_is_followed_while_it_is_new_enough(shelf, graph, clock):
    shelf.pages["posts", ""] = page(post("p1", comment("c1"), after="a"), post("p2", comment("old", days=2), after="b"))
    shelf.pages["p1/comments", "a"] = page(comment("c2"), comment("too old", days=2), after="c")
    found, cursor = await walk(walker(graph, clock))
    assert found == ["c1", "c2"]
    assert read_state(cursor).since == (NOW - timedelta(minutes=35)).isoformat()


async def test_since_stands_still_until_the_walk_has_ended(shelf, graph, clock):
    shelf.pages["posts", ""] = page(post("p1", comment("c1"), after="a"))
    first = await walker(graph, clock).step("")
    assert first.more
    assert read_state(first.cursor).since == (NOW - timedelta(days=1)).isoformat()


async def test_since_never_passes_the_start_of_the_walk(shelf, graph, clock):
    """An item dated after the start was perhaps seen while another, in a list already read, was not."""
    shelf.pages["posts", ""] = page(post("p1", {"id": "c1", "at": (NOW + timedelta(hours=2)).isoformat()}))
    _, cursor = await walk(walker(graph, clock))
    assert read_state(cursor).since == (NOW - timedelta(minutes=5)).isoformat()


async def test_late_item_behind_since_is_found_within_the_overlap(shelf, graph, clock):
    shelf.pages["posts", ""] = page(post("p1", comment("c1", minutes=10)))
    subject = walker(graph, clock)
    _, cursor = await walk(subject)
    shelf.pages["posts", ""] = page(post("p1", comment("c1", minutes=10), comment("late", minutes=13)))
    found, _ = await walk(subject, cursor)
    assert found == ["late"]


async def test_items_without_time_or_id_are_handed_over(shelf, graph, clock):
    shelf.pages["posts", ""] = page(post("p1", {"id": "c1"}, {"at": at(hours=2), "id": None}))
    result = await walker(graph, clock).step("")
    assert len(json.loads(result.payload)["data"][0]["comments"]["data"]) == 2


async def test_parents_that_are_items_keep_their_words_only_where_new(shelf, graph, clock):
    new, old = post("new", comment("c1")), post("old", comment("c2"), days=2)
    shelf.pages["posts", ""] = page({**new, "text": "a"}, {**old, "text": "b"})
    result = await walker(graph, clock, is_item=lambda parent: True).step("")
    first, second = json.loads(result.payload)["data"]
    assert first["text"] == "a"
    assert second == {"id": "old", "comments": {"data": [comment("c2")]}}


async def test_nested_items_are_laid_flat_and_followed(shelf, graph, clock):
    nested = {**comment("c1", days=2), "replies": page(comment("r1"), after="x")}
    shelf.pages["posts", ""] = page(post("p1", nested))
    shelf.pages["c1/replies", "x"] = page(comment("r2"), comment("older", days=3), after="y")
    shelf.pages["c1/replies", "y"] = page(comment("r3"))
    unfold = lambda item: [item, *item.get("replies", {}).get("data", [])]  # noqa: E731
    found, _ = await walk(walker(graph, clock, unfold=unfold, below="replies"))
    assert found == ["r1", "r2", "r3"]


async def test_our_own_mistake_is_raised_and_the_cursor_stays(shelf, graph, clock):
    shelf.pages["posts", ""] = page(post("p1", comment("c1"), after="a"))
    subject = walker(graph, clock)
    first = await subject.step("")
    again = await subject.step(first.cursor)  # refused: the rest's first page is tried next
    with pytest.raises(RequestRefusedError):
        await subject.step(again.cursor)


async def test_unreadable_list_is_a_passing_fault(shelf, graph, clock):
    shelf.pages["posts", ""] = {"data": 7}
    with pytest.raises(TransientError):
        await walker(graph, clock).step("")


async def test_calls_are_paced(shelf, graph, clock):
    shelf.pages["posts", ""] = page(after="")
    subject = walker(graph, clock, pace=Pace(0.5, clock))
    for _ in range(4):
        await subject.step("")
    moments = [moment for _, _, moment in shelf.asked]
    gaps = {later - earlier for earlier, later in pairwise(moments)}
    assert gaps == {timedelta(seconds=0.5)}


@pytest.mark.parametrize(
    "cursor", ["", "{", "[]", "7", '{"since":"x","strange":1}', '{"rests":[{"x":1}]}', '{"known":7}']
)
def test_foreign_cursor_is_a_fresh_start(cursor):
    assert read_state(cursor) == State()
