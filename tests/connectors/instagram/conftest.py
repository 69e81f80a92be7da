"""An account on loopback, its connector, and an address that takes webhooks."""

from datetime import UTC, datetime

import pytest
from aiohttp import web

from connectors.instagram.connector import PLATFORM
from connectors.instagram.simulator import InstagramSimulator
from connectors.simulation import CitizenPost, SimulatorServer
from models.clock import StillClock
from models.enums import Surface

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return StillClock(NOW)


@pytest.fixture
async def simulator(clock):
    simulator = InstagramSimulator(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def connector(simulator, clock):
    connector = build(simulator, clock)
    yield connector
    await connector.close()


def build(simulator, clock, **settings):
    return PLATFORM.build(PLATFORM.settings(**{**simulator.account_settings(), **settings}), clock)


@pytest.fixture
def second_connector(simulator, clock):
    """The same account after a restart: nothing is remembered."""
    return build(simulator, clock)


@pytest.fixture
async def webhook():
    """Takes webhooks; `bodies` holds (headers, raw bytes) in the order of arrival."""
    app = web.Application()
    bodies = []

    async def take(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        bodies.append((headers, await request.read()))
        return web.Response(text="ok")

    app.router.add_post("/hook", take)
    server = SimulatorServer(app)
    await server.start()
    server.url = f"{server.base_url}/hook"
    server.bodies = bodies
    yield server
    await server.stop()


@pytest.fixture
def says():
    """A citizen's post by surface."""

    def post(text, *, author="ayse", surface=Surface.COMMENT, thread="duyuru", **more):
        return CitizenPost(
            author=author, name=author.title(), handle=author, surface=surface, text=text, thread=thread, **more
        )

    return post


@pytest.fixture
def walk():
    """All pages of a stream from a cursor on: (events, last cursor, number of requests)."""

    async def walked(connector, stream, cursor=""):
        events, count = [], 0
        while True:
            page = await connector.poll(stream, cursor)
            parsed = connector.parse(page.payload, stream=stream)
            assert not parsed.problems
            events += parsed.events
            cursor, count = page.cursor, count + 1
            if not page.more:
                return events, cursor, count

    return walked
