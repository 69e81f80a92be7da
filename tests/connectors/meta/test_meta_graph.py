from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from connectors.meta.graph import GraphClient
from connectors.meta.simulation import GraphServer
from models.clock import StillClock
from models.errors import (
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN = "EAAGtoken"
SECRET = "sir"


@pytest.fixture
def clock():
    return StillClock(NOW)


@pytest.fixture
async def server(clock):
    server = GraphServer(clock, app_secret=SECRET, access_token=TOKEN, usage_type="pages")
    server.written = []

    async def numbers(request: web.Request) -> web.Response:
        return server.answer(server.page_of([{"id": str(number)} for number in range(7)], request))

    async def write(request: web.Request) -> web.Response:
        server.written.append(await request.json())
        return server.answer({"id": "1"})

    server.route("GET", "/numbers", numbers)
    server.route("POST", "/numbers", write)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def graph(server, clock):
    client = make_client(server, clock)
    yield client
    await client.close()


def make_client(server, clock, *, token=TOKEN, secret=SECRET):
    return GraphClient(base_url=server.base_url, version="v25.0", access_token=token, app_secret=secret, clock=clock)


async def test_pages_follow_each_other_and_carry_no_token(graph):
    seen, after = [], ""
    while True:
        answer = await graph.get("numbers", {"limit": 3, "after": after})
        assert TOKEN.encode() not in answer.body
        seen += [item["id"] for item in answer.json["data"]]
        if "next" not in answer.json["paging"]:
            break
        assert "limit=3" in answer.json["paging"]["next"]
        after = answer.json["paging"]["cursors"]["after"]
    assert seen == [str(number) for number in range(7)]


async def test_wrong_token_and_missing_proof(server, clock):
    stranger, careless = make_client(server, clock, token="other"), make_client(server, clock, secret="")
    with pytest.raises(ReauthoriseError):
        await stranger.get("numbers")
    with pytest.raises(RequestRefusedError):
        await careless.get("numbers")
    await stranger.close()
    await careless.close()


async def test_unknown_path_is_refused(graph):
    with pytest.raises(RequestRefusedError):
        await graph.get("nowhere")


@pytest.mark.parametrize(
    ("fault", "reading", "writing", "done"),
    [
        ("html", TransientError, OutcomeUnknownError, 0),
        ("hang_up_after", TransientError, OutcomeUnknownError, 1),
        ("hang_up_before", TransientError, OutcomeUnknownError, 0),
        ("transient", TransientError, TransientError, 0),
        ("expired_token", ReauthoriseError, ReauthoriseError, 0),
        ("throttled_silently", RateLimitedError, RateLimitedError, 0),
    ],
)
async def test_faults(server, graph, fault, reading, writing, done):
    server.fault(fault, times=2, method="GET")  # aiohttp asks once more where a GET breaks off
    server.fault(fault, method="POST")
    with pytest.raises(reading):
        await graph.get("numbers")
    with pytest.raises(writing):
        await graph.post("numbers", json={"text": "ş"})
    assert len(server.written) == done


async def test_throttled_reader_waits_while_writer_goes_on(server, graph, clock):
    server.fault("throttled", minutes=9)
    with pytest.raises(RateLimitedError) as caught:
        await graph.get("numbers")
    assert caught.value.retry_at == NOW + timedelta(minutes=9)
    calls = server.calls
    with pytest.raises(RateLimitedError):
        await graph.get("numbers")
    assert server.calls == calls
    clock.advance(minutes=9)
    await graph.get("numbers")


async def test_usage_near_the_end_stops_readers_alone(server, graph, clock):
    server.usage_percent = 96
    await graph.get("numbers")
    assert graph.usage.is_exhausted
    with pytest.raises(RateLimitedError):
        await graph.get("numbers")
    await graph.post("numbers", json={})


async def test_nobody_listens(clock, server):
    await server.stop()
    client = make_client(server, clock)
    with pytest.raises(TransientError):
        await client.post("numbers", json={})
    await client.close()


async def test_daily_allowance_is_counted_and_said(server, graph, clock):
    server.engaged = lambda: 0
    for _ in range(4_750):
        server._daily.take()
    await graph.get("numbers")
    assert graph.usage.percent == 98
    clock.advance(hours=1)
    for _ in range(49):
        server._daily.take()
    with pytest.raises(RateLimitedError) as caught:
        await graph.get("numbers")
    assert caught.value.code == "80001"
    assert caught.value.retry_at == NOW + timedelta(hours=24, minutes=1)
