"""Good answers whose body is none: what came is told as a fault of X's, never as one of ours."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from connectors.simulation import SimulatorServer
from connectors.twitter.connector import PLATFORM
from connectors.twitter.facts import FACTS
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.simulator import TwitterSimulator
from models.clock import StillClock
from models.enums import Surface
from models.errors import ChannelError, OutcomeUnknownError, TransientError
from models.messages import OutboundMessage
from models.ports import Connector

UNREADABLE = (b"", b"<html>", b"\xff", b"[" * 100_000, b'{"data":[')
ODD = (b"null", b"[]", b'{"data":null,"meta":null}', b'{"data":[1,{"id":null}],"meta":{"next_token":7}}')
ENDLESS_ID = b'{"data":[{"id":"' + b"9" * 5000 + b'"}]}'
TEXT = OutboundMessage(reference="1", surface=Surface.MENTION, recipient_id="2", reply_to="3", text="Alındı")


@pytest.fixture
async def connector(request: pytest.FixtureRequest, clock: StillClock) -> AsyncIterator[Connector]:
    """X answers every call with the parameter's bytes."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=request.param)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    server = SimulatorServer(app)
    await server.start()
    settings = {**TwitterSimulator(clock).account_settings(), "base_url": server.base_url, "listening_query": "su"}
    opened = PLATFORM.build(TwitterSettings(**settings), clock)
    yield opened
    await opened.close()
    await server.stop()


@pytest.mark.parametrize("connector", UNREADABLE, indirect=True, ids=len)
async def test_unreadable_answers_are_passing_faults(connector: Connector, clock: StillClock) -> None:
    for stream in FACTS.streams:
        with pytest.raises(TransientError):
            await connector.poll(stream, "")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(TEXT)
    with pytest.raises(TransientError):
        await connector.check(TEXT, since=clock.now())


@pytest.mark.parametrize("connector", [*ODD, ENDLESS_ID], indirect=True, ids=len)
async def test_answers_of_another_shape_hold_nothing(connector: Connector, clock: StillClock) -> None:
    for stream in FACTS.streams:
        page = await connector.poll(stream, "")
        assert not page.more
        assert not [one for one in connector.parse(page.payload, stream=stream).events if one.sender]
    assert await connector.check(TEXT, since=clock.now()) is None
    with pytest.raises(ChannelError):
        await connector.send(TEXT)
