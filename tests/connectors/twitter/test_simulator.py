"""The simulated X itself: bounds, fields, paging, error bodies, limits, as its documentation says. Asked without us."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from oauthlib.oauth1 import Client
from yarl import URL

from connectors.simulation import CitizenPost
from connectors.twitter.simulated_signature import HOST
from connectors.twitter.simulator import TwitterSimulator
from models.clock import StillClock
from models.enums import Surface


class Caller:
    """Signs requests as the documentation says."""

    def __init__(self, simulator: TwitterSimulator, session: aiohttp.ClientSession) -> None:
        settings = simulator.account_settings()
        names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
        self._oauth = Client(*(settings[name] for name in names))
        self._base, self._session, self.user_id = settings["base_url"], session, settings["user_id"]
        self.headers: dict[str, str] = {}

    async def __call__(
        self, method: str, path: str, *, json: Any = None, signed: bool = True, **query: str
    ) -> tuple[int, Any]:
        url = URL(HOST + path).with_query({name.replace("__", "."): value for name, value in query.items()})
        _, headers, _ = self._oauth.sign(str(url), method)
        local = str(url).replace(HOST, self._base)
        headers = headers if signed else {}
        async with self._session.request(method, URL(local, encoded=True), json=json, headers=headers) as response:
            self.headers = dict(response.headers)
            return response.status, await response.json(content_type=None)

    async def mentions(self, **query: str) -> tuple[int, Any]:
        return await self("GET", f"/2/users/{self.user_id}/mentions", **query)


@pytest.fixture
async def call(simulator: TwitterSimulator) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(simulator, session)


async def write(simulator: TwitterSimulator, count: int = 1, *, surface: Surface = Surface.MENTION) -> list[str]:
    return [
        await simulator.write(
            CitizenPost(author=f"a{number}", name="A", handle="a", surface=surface, text=f"ileti {number}")
        )
        for number in range(count)
    ]


async def test_unsigned_calls_are_refused(call: Caller) -> None:
    status, body = await call("GET", "/2/users/me", signed=False)
    assert (status, body) == (
        401,
        {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"},
    )


@pytest.mark.parametrize("size", ["4", "101", "x"])
async def test_page_sizes_have_bounds(call: Caller, size: str) -> None:
    status, body = await call.mentions(max_results=size)
    assert status == 400
    assert body["type"].endswith("/invalid-request")
    assert body["errors"][0]["parameters"] == {"max_results": [size]}


@pytest.mark.parametrize(
    "query",
    [
        {"unknown": "1"},
        {"tweet__fields": "author_id,sender"},
        {"expansions": "likes"},
        {"since_id": "abc"},
        {"start_time": "yesterday"},
        {"pagination_token": "aaaaaaaaaaaaaaaaaaaaaaaa"},
    ],
)
async def test_wrong_parameters_are_refused(call: Caller, query: dict[str, str]) -> None:
    assert (await call.mentions(**query))[0] == 400


@pytest.mark.parametrize("bound", ["start_time", "end_time"])
@pytest.mark.parametrize("limit", ["since_id", "until_id"])
async def test_a_search_has_bounds_by_id_or_by_time(
    bound: str, limit: str, simulator: TwitterSimulator, call: Caller
) -> None:
    [item] = await write(simulator)
    search, moment = "/2/tweets/search/recent", "2026-11-22T08:00:00Z"
    status, body = await call("GET", search, query="ileti", **{bound: moment, limit: item})
    assert (status, body["errors"][0]["message"][:28]) == (400, "Invalid use of 'since_id' or")
    assert (await call("GET", search, query="ileti", **{bound: moment}))[0] == 200


async def test_only_what_was_asked_for(simulator: TwitterSimulator, call: Caller) -> None:
    await write(simulator)
    _, body = await call.mentions()
    assert set(body["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    assert "includes" not in body
    _, body = await call.mentions(post__fields="author_id", expansions="author_id")
    assert set(body["data"][0]) == {"id", "text", "edit_history_tweet_ids", "author_id"}
    assert set(body["includes"]["users"][0]) == {"id", "name", "username"}


async def test_empty_pages_have_no_data(call: Caller) -> None:
    assert await call.mentions() == (200, {"meta": {"result_count": 0}})


async def test_pages_have_the_newest_first(simulator: TwitterSimulator, call: Caller) -> None:
    items = await write(simulator, 12)
    _, first = await call.mentions(max_results="5")
    _, second = await call.mentions(max_results="5", pagination_token=first["meta"]["next_token"])
    _, third = await call.mentions(max_results="5", pagination_token=second["meta"]["next_token"])
    assert [one["id"] for page in (first, second, third) for one in page["data"]] == items[::-1]
    assert "next_token" not in third["meta"]
    assert first["meta"]["newest_id"] == items[-1]
    _, rest = await call.mentions(since_id=items[9])
    assert [one["id"] for one in rest["data"]] == [items[11], items[10]]


async def test_no_more_than_800_mentions(simulator: TwitterSimulator, call: Caller) -> None:
    await write(simulator, 805)
    token, found = {}, 0
    while True:
        _, page = await call.mentions(max_results="100", **token)
        found += page["meta"]["result_count"]
        if "next_token" not in page["meta"]:
            break
        token = {"pagination_token": page["meta"]["next_token"]}
    assert found == 800


async def test_limits_count_on_the_clock(simulator: TwitterSimulator, call: Caller, clock: StillClock) -> None:
    reset = str(int(clock.now().timestamp()) + 900)
    for left in range(14, -1, -1):
        status, _ = await call("GET", "/2/dm_events")
        assert (status, call.headers["x-rate-limit-remaining"]) == (200, str(left))
    status, body = await call("GET", "/2/dm_events")
    assert (status, body["title"], call.headers["x-rate-limit-reset"]) == (429, "Too Many Requests", reset)
    assert call.headers["x-rate-limit-limit"] == "15"
    clock.advance(minutes=15)
    assert (await call("GET", "/2/dm_events"))[0] == 200


async def test_posts_that_are_refused(simulator: TwitterSimulator, call: Caller) -> None:
    [item] = await write(simulator)
    stranger = simulator.records.add_post(simulator.citizens.person("b"), "hava güzel").id
    for text, answered in (("a" * 281, item), ("Selam", stranger), ("Selam", "99999")):
        body = {"text": text, "reply": {"in_reply_to_tweet_id": answered}}
        assert (await call("POST", "/2/tweets", json=body))[0] == 403
    good = {"text": "Selam", "reply": {"in_reply_to_tweet_id": item}}
    status, body = await call("POST", "/2/tweets", json=good)
    assert (status, set(body["data"])) == (201, {"id", "text", "edit_history_tweet_ids"})
    status, body = await call("POST", "/2/tweets", json=good)
    assert (status, body["detail"]) == (403, "You are not allowed to create a Tweet with duplicate content.")
    assert (await call("POST", "/2/tweets", json={"text": ""}))[0] == 400


async def test_deleted_posts_are_gone(simulator: TwitterSimulator, call: Caller) -> None:
    [item] = await write(simulator)
    assert (await call("GET", f"/2/tweets/{item}"))[1]["data"]["id"] == item
    simulator.delete(item)
    status, body = await call("GET", f"/2/tweets/{item}")
    assert (status, body["errors"][0]["title"]) == (200, "Not Found Error")
    assert (await call.mentions())[1]["meta"]["result_count"] == 0


async def test_own_posts_can_be_deleted(simulator: TwitterSimulator, call: Caller) -> None:
    _, body = await call("POST", "/2/tweets", json={"text": "Duyuru"})
    path = f"/2/tweets/{body['data']['id']}"
    assert await call("DELETE", path) == (200, {"data": {"deleted": True}})
    [item] = await write(simulator)
    assert (await call("DELETE", f"/2/tweets/{item}"))[0] == 403


async def test_messages_of_thirty_days(simulator: TwitterSimulator, call: Caller, clock: StillClock) -> None:
    await write(simulator, surface=Surface.DIRECT)
    clock.advance(days=31)
    [young] = await write(simulator, surface=Surface.DIRECT)
    _, body = await call("GET", "/2/dm_events", dm_event__fields="created_at")
    assert [one["id"] for one in body["data"]] == [young]
    assert body["data"][0]["created_at"].endswith(".000Z")
