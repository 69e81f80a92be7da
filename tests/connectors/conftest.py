"""What several platforms' tests share: an address that takes webhooks, citizens' posts, walks over pages."""

import pytest
from aiohttp import web

from connectors.simulation import CitizenPost, SimulatorServer
from models.enums import Surface


@pytest.fixture
async def webhook():
    """Takes webhooks; `bodies` holds (headers, raw bytes) in the order of arrival."""
    app = web.Application()
    bodies = []

    async def take(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        bodies.append((headers, await request.read()))
        return web.Response(text="ok")

    async def shake_hands(request: web.Request) -> web.Response:
        return web.Response(text=request.query["hub.challenge"])

    app.router.add_post("/hook", take)
    app.router.add_get("/hook", shake_hands)
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
