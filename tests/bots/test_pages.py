"""The web server of a process."""

import socket

import aiohttp
import pytest

from bots.pages import PageServer
from bots.queues.local import LocalBus, LocalQueue
from inbox.web.desk import Desk
from models.clock import StillClock
from models.db import Database
from models.errors import InputError
from models.profile import Profile


@pytest.fixture
def desk(sqlite_database: Database, clock: StillClock, profile: Profile) -> Desk:
    return Desk(database=sqlite_database, clock=clock, profile=profile, queue=LocalQueue(), bus=LocalBus())


async def test_answers_are_sent_without_waiting_for_more(desk: Desk) -> None:
    """On a connection that is kept, the second part of an answer would wait 40 ms for the browser's receipt."""
    server = PageServer(desk, host="127.0.0.1", port=0)
    await server.start()
    try:
        async with aiohttp.ClientSession(server.address) as http, http.get("/health") as answer:
            assert answer.status == 200
            (connection,) = server._server.server_state.connections
            accepted = connection.transport.get_extra_info("socket")
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    finally:
        await server.stop()


async def test_a_port_that_is_taken_is_named(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=str(port)):
            await PageServer(desk, host="127.0.0.1", port=port).start()
