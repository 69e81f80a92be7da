"""What the five simulators share: citizens who write, a ledger on the platform's side, webhooks as Meta sends them.

Imported by `bots.demo` and tests alone. A simulator follows the platform's documentation, not our client.
"""

import asyncio
import hashlib
import hmac
import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import aiohttp
from aiohttp import web

from connectors.simulated_faults import Faults
from models.enums import ChannelName, Surface
from models.ports import Clock

MOST_PUSHES, LONGEST_PUSH_PAUSE = 60, 1800
"""Seconds; Meta tries a body again for 36 hours."""
CHALLENGE = "1158201444"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenPost:
    """What a scripted citizen writes. `author` and `thread` are keys that the simulator maps to platform ids.

    Posts of one author with one `thread` stand in one thread (a post's comments, a private chat).
    """

    author: str
    name: str
    handle: str
    surface: Surface
    text: str
    thread: str = ""
    photo: bool = False
    voice: bool = False
    sticker: bool = False
    location: tuple[float, float] | None = None


@dataclass(slots=True)
class LedgerEntry:
    """`what`: `written` by a citizen, `served` to the product (poll answer, or webhook answered 200), `sent` by the
    product and accepted. `item` is the id as the product's parser must name it; `reply_to` the item that a sent text
    answers, `recipient` the citizen it goes to (empty where the platform does not say)."""

    at: datetime
    channel: str
    what: str
    item: str
    author: str = ""
    surface: str = ""
    text: str = ""
    reply_to: str = ""
    recipient: str = ""


@dataclass(slots=True)
class Ledger:
    """The platform's own record: who wrote what, what was handed over, what came back; how badly it behaved."""

    clock: Clock
    entries: list[LedgerEntry] = field(default_factory=list)
    disorder: Counter[str] = field(default_factory=Counter)
    """`twice`, `late`: how many pushes or pages; `largest`: parts of the largest body."""

    def record(self, channel: ChannelName, what: str, item: str, **facts: str) -> None:
        self.entries.append(LedgerEntry(self.clock.now(), channel.value, what, item, **facts))


class Simulator(Protocol):
    """A platform on loopback."""

    channel: ChannelName
    ledger: Ledger
    faults: Faults

    async def start(self, *, port: int = 0) -> None:
        """Listen on 127.0.0.1 (port 0: any free one)."""

    async def stop(self) -> None:
        """Stop listening and cancel what is under way."""

    def account_settings(self) -> dict[str, Any]:
        """Settings with which a connector of this platform reaches this simulator (field names of its settings)."""

    def connect_webhook(self, url: str) -> None:
        """Push to this address from now on; no-op where the platform is only polled."""

    async def write(self, post: CitizenPost) -> str:
        """A citizen writes; the item's id as the parser names it. Pushed or found by the next poll."""

    async def settle(self) -> None:
        """Return once every pushed item has been accepted or given up."""


class SimulatorServer:
    """An aiohttp application on loopback, started and stopped by the simulators."""

    def __init__(self, app: web.Application) -> None:
        self._runner = web.AppRunner(app, access_log=None)
        self.base_url = ""

    async def start(self, *, port: int = 0) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        address = self._runner.addresses[0]
        self.base_url = f"http://127.0.0.1:{address[1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()


@dataclass(slots=True, kw_only=True)
class Disorder:
    """How badly the platform behaves: shares (0..1) of pushed items that come twice, late, or in a batch.

    `backlog`: share of parts that begin a jam, in which up to a hundred gather and come in one body.
    """

    redeliver: float = 0.0
    delay: float = 0.0
    batch: float = 0.0
    backlog: float = 0.0
    seed: int = 7


class MetaWebhook:
    """Pushes bodies signed as Meta does (non-ASCII escaped), at least once, unordered where `disorder` says so.

    An address is pushed to once it has given a challenge back. A body is pushed again, with growing pauses, until the
    product answers 200, whatever it answered before.
    """

    def __init__(
        self,
        *,
        app_secret: str,
        verify_token: str,
        clock: Clock,
        disorder: Disorder | None = None,
        tally: Counter[str] | None = None,
    ) -> None:
        self.url = self._verified = ""
        self.tally = Counter() if tally is None else tally
        self._secret = app_secret.encode()
        self._verify_token = verify_token
        self._clock = clock
        self._disorder = disorder or Disorder()
        self._random = random.Random(self._disorder.seed)
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def push(self, body: Mapping[str, Any], *, on_accepted: Any = None) -> None:
        """Send `body` in the background, perhaps late, perhaps twice; `on_accepted()` after each 200."""
        raw = json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()
        copies = 2 if self._random.random() < self._disorder.redeliver else 1
        self.tally["pushed"] += 1
        self.tally["twice"] += copies - 1
        for copy in range(copies):
            late = copy or self._random.random() < self._disorder.delay
            self.tally["late"] += bool(late)
            pause = self._random.uniform(1, 20) if late else 0
            task = asyncio.create_task(self._deliver(raw, pause, on_accepted))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await self.settle()
        if self._session:
            await self._session.close()

    async def _deliver(self, raw: bytes, pause: float, on_accepted: Any) -> None:
        await self._clock.sleep(pause)
        for attempt in range(MOST_PUSHES):
            if await self._is_verified() and await self._is_taken(raw):
                if on_accepted:
                    on_accepted()
                return
            await self._clock.sleep(min(2**attempt, LONGEST_PUSH_PAUSE))

    async def _is_verified(self) -> bool:
        if self._verified == self.url:
            return True
        query = {"hub.mode": "subscribe", "hub.challenge": CHALLENGE, "hub.verify_token": self._verify_token}
        if await self._call("GET", params=query) == (200, CHALLENGE):
            self._verified = self.url
        return self._verified == self.url

    async def _is_taken(self, raw: bytes) -> bool:
        digest = hmac.new(self._secret, raw, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
        status, _ = await self._call("POST", data=raw, headers=headers)
        return status == 200

    async def _call(self, method: str, **options: Any) -> tuple[int, str]:
        """Status and body of an answer; 0 where there is none."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        try:
            async with self._session.request(method, self.url, **options) as response:
                return response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError):
            return 0, ""
