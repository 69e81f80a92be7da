"""An address that takes WhatsApp's pushes as the product does."""

from dataclasses import dataclass, field

from aiohttp import web

from connectors.simulation import SimulatorServer
from models.messages import ChannelEvent
from models.ports import Connector


@dataclass
class Receiver:
    """401 on a wrong signature, else kept and 200. `refusals` come first."""

    connector: Connector
    bodies: list[bytes] = field(default_factory=list)
    events: list[ChannelEvent] = field(default_factory=list)
    refusals: int = 0

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self.connector.verify({name.lower(): value for name, value in request.headers.items()}, body):
            return web.Response(status=401)
        if self.refusals:
            self.refusals -= 1
            return web.Response(status=500)
        parsed = self.connector.parse(body)
        assert not parsed.problems
        self.bodies.append(body)
        self.events.extend(parsed.events)
        return web.Response()

    async def shake_hands(self, request: web.Request) -> web.Response:
        answer = self.connector.handshake(request.query)
        return web.Response(text=answer, status=200 if answer else 403)

    def server(self) -> SimulatorServer:
        app = web.Application()
        app.router.add_post("/", self.receive)
        app.router.add_get("/", self.shake_hands)
        return SimulatorServer(app)
