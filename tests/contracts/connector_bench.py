"""One platform on loopback with its connector: what the contract suite needs to treat all of them alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from connectors.facebook.simulator import FacebookSimulator
from connectors.instagram.simulator import InstagramSimulator
from connectors.registry import PLATFORMS
from connectors.simulation import CitizenPost, LedgerEntry, SimulatorServer
from connectors.telegram.simulator import TelegramSimulator
from connectors.twitter.simulator import TwitterSimulator
from connectors.whatsapp.simulator import WhatsAppSimulator
from models.clock import StillClock
from models.enums import AttachmentKind, ChannelName, EventKind, Surface
from models.messages import ChannelEvent, OutboundFile, OutboundMessage
from models.ports import Connector

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOST_PAGES = 30


@dataclass(frozen=True, kw_only=True)
class Case:
    """What differs between platforms: where citizens can write, and how a fault is aimed at a send."""

    simulator: Any
    surfaces: tuple[Surface, ...]
    sends: Mapping[str, str]


CASES = {
    ChannelName.TWITTER: Case(
        simulator=TwitterSimulator, surfaces=(Surface.MENTION, Surface.DIRECT), sends={"path": "POST"}
    ),
    ChannelName.INSTAGRAM: Case(
        simulator=InstagramSimulator, surfaces=(Surface.COMMENT, Surface.DIRECT), sends={"method": "POST"}
    ),
    ChannelName.FACEBOOK: Case(
        simulator=FacebookSimulator,
        surfaces=(Surface.COMMENT, Surface.VISITOR_POST, Surface.DIRECT),
        sends={"method": "POST"},
    ),
    ChannelName.WHATSAPP: Case(simulator=WhatsAppSimulator, surfaces=(Surface.DIRECT,), sends={"method": "POST"}),
    ChannelName.TELEGRAM: Case(simulator=TelegramSimulator, surfaces=(Surface.DIRECT,), sends={"path": "sendMessage"}),
}
SURFACES = [(channel, surface) for channel, case in CASES.items() for surface in case.surfaces]


@dataclass
class Bench:
    """A simulator, its connector, and an address that takes pushes as the product does."""

    channel: ChannelName
    simulator: Any
    connector: Connector
    clock: StillClock
    cursors: dict[str, str] = field(default_factory=dict)
    bodies: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    server: SimulatorServer | None = None

    @property
    def case(self) -> Case:
        return CASES[self.channel]

    async def write(self, text: str, *, surface: Surface, author: str = "ayse", **more: Any) -> str:
        post = CitizenPost(
            author=author, name=author.title(), handle=author, surface=surface, text=text, thread="duyuru", **more
        )
        return str(await self.simulator.write(post))

    async def collect(self) -> list[ChannelEvent]:
        """Everything that polls from the last cursors on give, or that was pushed since, as stored in order."""
        return await self.polled() if self.connector.facts.streams else await self.pushed()

    async def polled(self) -> list[ChannelEvent]:
        events: list[ChannelEvent] = []
        self.clock.advance(minutes=2)
        for stream in self.connector.facts.streams:
            for _ in range(MOST_PAGES):
                page = await self.connector.poll(stream, self.cursors.get(stream, ""))
                parsed = self.connector.parse(page.payload, stream=stream)
                assert not parsed.problems
                self.cursors[stream] = page.cursor
                events += parsed.events
                if not page.more:
                    break
        return events

    async def pushed(self) -> list[ChannelEvent]:
        await self.simulator.settle()
        bodies, self.bodies = self.bodies, []
        events: list[ChannelEvent] = []
        for headers, body in bodies:
            assert self.connector.verify(headers, body)
            parsed = self.connector.parse(body)
            assert not parsed.problems
            events += parsed.events
        return events

    async def message(self, text: str, *, surface: Surface) -> ChannelEvent:
        """A citizen writes; the event by which we hear of it."""
        item = await self.write(text, surface=surface)
        (event,) = [one for one in messages(await self.collect()) if one.external_id == item]
        return event

    def fault(self, kind: str, *, on_send: bool, times: int = 1) -> None:
        self.simulator.fault(kind, times=times, **(self.case.sends if on_send else {}))

    def sent(self) -> list[LedgerEntry]:
        return [entry for entry in self.simulator.ledger.entries if entry.what == "sent"]

    async def open(self) -> None:
        await self.simulator.start()
        app = web.Application()
        app.router.add_post("/hook", self._take)
        app.router.add_get("/hook", self._shake_hands)
        self.server = SimulatorServer(app)
        await self.server.start()
        self.simulator.connect_webhook(f"{self.server.base_url}/hook")

    async def close(self) -> None:
        await self.connector.close()
        await self.simulator.stop()
        if self.server:
            await self.server.stop()

    async def _shake_hands(self, request: web.Request) -> web.Response:
        answer = self.connector.handshake(request.query)
        return web.Response(text=answer, status=200 if answer else 403)

    async def _take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.bodies.append((headers, await request.read()))
        return web.Response(text="OK")


async def open_bench(channel: ChannelName) -> Bench:
    clock = StillClock(NOW)
    simulator = CASES[channel].simulator(clock)
    bench = Bench(channel=channel, simulator=simulator, connector=None, clock=clock)  # type: ignore[arg-type]
    await bench.open()
    bench.connector = another_connector(bench)
    return bench


def another_connector(bench: Bench) -> Connector:
    """The same account after a restart: nothing is remembered."""
    platform = PLATFORMS[bench.channel]
    return platform.build(platform.settings(**bench.simulator.account_settings()), bench.clock)


def messages(events: list[ChannelEvent]) -> list[ChannelEvent]:
    return [event for event in events if event.kind is EventKind.MESSAGE]


def answer_to(event: ChannelEvent, text: str, *, reference: str = "17") -> OutboundMessage:
    assert event.surface is not None
    assert event.sender is not None
    return OutboundMessage(
        reference=reference,
        surface=event.surface,
        recipient_id=event.sender.external_id,
        text=text,
        thread_id=event.thread_id,
        reply_to=event.external_id,
    )


def file_of(mime_type: str, *, size: int = 0) -> OutboundFile:
    """A file of this type; `size` where it should pretend to be larger."""
    data = b"\x89PNG\r\n\x1a\n" + bytes(300)
    kind = AttachmentKind.IMAGE if mime_type.startswith("image/") else AttachmentKind.FILE
    return OutboundFile(kind=kind, mime_type=mime_type, file_name="plan.png", size=size or len(data), data=data)
