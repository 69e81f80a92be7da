"""The whole product against simulators: five platforms on loopback, scripted citizens, one scaled clock."""

import asyncio
import json
import re
import secrets
import shutil
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bots.account_office import office_desk
from bots.classification import ClassifierProcess
from bots.compose import Installation, add_account, connect_accounts, open_installation
from bots.pages import PageServer, keep_what_is_loaded
from bots.roles import clocks, followers, keepers, pollers, reporters, run_all, senders, workers
from bots.scenarios import Director, read_scenarios
from bots.settings import Settings
from classifier.shelf import CHAMPION
from connectors.facebook.simulator import FacebookSimulator
from connectors.instagram.simulator import InstagramSimulator
from connectors.registry import PLATFORMS
from connectors.simulation import CitizenPost, Disorder, Ledger, LedgerEntry, Simulator
from connectors.telegram.simulator import TelegramSimulator
from connectors.twitter.simulator import TwitterSimulator
from connectors.whatsapp.simulator import WhatsAppSimulator
from inbox.repositories import figures
from inbox.services import people, second_factor
from models.clock import ScaledClock
from models.enums import SOCIAL_CHANNELS, ChannelName, Role

SIMULATORS = (TwitterSimulator, InstagramSimulator, FacebookSimulator, WhatsAppSimulator, TelegramSimulator)
DISORDER = Disorder(redeliver=0.15, delay=0.1)
WRITING_SHARE = 0.7
"""Citizens write in this share of the time given; the rest is for what is under way."""
DRAIN_SECONDS = 60.0
"""Real seconds after the time is up in which what is under way may end; only a busy machine needs them."""
BURST_MESSAGES, BURST_SECONDS = 60, 40
STEADY_MESSAGES, STEADY_SECONDS = 200, 1800
AUTOMATIC = "(Otomatik yanıt)"
USERS = {
    "elif": ("Elif Aydın", [Role.AGENT]),
    "burcu": ("Burcu Kaya", [Role.AGENT, Role.TEAM_LEAD]),
    "onay": ("Onur Yalçın", [Role.APPROVER]),
    "izsu": ("İZSU Birim Kullanıcısı", [Role.UNIT_USER]),
    "mudur": ("Müge Demir", [Role.CHIEF]),
    "yonetici": ("Yönetici", [Role.ADMINISTRATOR]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPlan:
    """What was asked for. `seconds` is real time from `started` (monotonic); None serves until stopped."""

    seconds: float | None
    messages: int
    speed: float
    started: float

    @property
    def seconds_left(self) -> float:
        """Real seconds until the time is up."""
        assert self.seconds is not None
        return max(0.0, self.started + self.seconds - time.monotonic())


class Demo:
    """Simulators and product in one process, on data of its own."""

    def __init__(self, settings: Settings, plan: DemoPlan) -> None:
        folder = settings.data_dir / "demo"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.plan = plan
        self._model_folder = settings.data_dir / CHAMPION
        (folder / CHAMPION).symlink_to(self._model_folder.resolve())  # shown on its page; never promoted from there
        self._settings = settings.model_copy(update={"data_dir": folder, "database_url": "", "redis_url": ""})
        self._clock = ScaledClock(plan.speed)
        self.ledger = Ledger(self._clock)
        self._simulators: dict[ChannelName, Simulator] = {}
        for make in SIMULATORS:
            simulator = make(self._clock, ledger=self.ledger, disorder=DISORDER)
            self._simulators[simulator.channel] = simulator

    async def run(self) -> dict[str, Any]:
        """Play until the time is up or, without a time, until cancelled; the counts at the end."""
        classifier = ClassifierProcess(self._model_folder, profile=self._settings.profile)
        loading = asyncio.create_task(classifier.start())
        for simulator in self._simulators.values():
            await simulator.start()
        installation = await open_installation(self._settings, clock=self._clock)
        desk = office_desk(installation)
        server = PageServer(desk, host=self._settings.host, port=self._port)
        try:
            await self._connect(installation)
            desk.demo_logins = logins = await self._add_users(installation)
            await server.start()
            for channel, simulator in self._simulators.items():
                simulator.connect_webhook(f"{server.address}/webhooks/{channel.value}")
            await loading
            keep_what_is_loaded()
            self._greet(server.address, logins)
            return await self._play(installation, classifier)
        finally:
            for simulator in self._simulators.values():
                await simulator.stop()
            await server.stop()
            classifier.close()
            await installation.close()

    @property
    def _port(self) -> int:
        """Any free port for a timed run: it must not stumble over another one."""
        return 0 if self.plan.seconds is not None else self._settings.port

    async def _connect(self, installation: Installation) -> None:
        for channel, simulator in self._simulators.items():
            platform = PLATFORMS[channel]
            settings = platform.settings(**simulator.account_settings())
            await add_account(installation, settings, name=platform.facts.title)
        await connect_accounts(installation)

    async def _add_users(self, installation: Installation) -> dict[str, str]:
        """The demo's people, with one password made for this run."""
        password = _password()
        async with installation.database.write() as session:
            await second_factor.require_for(session, [])
            for login, (name, roles) in USERS.items():
                await people.add_user(
                    session,
                    login=login,
                    name=name,
                    password=password,
                    roles=[role.value for role in roles],
                    unit="izsu" if login == "izsu" else None,
                    now=installation.clock.now(),
                )
        return dict.fromkeys(USERS, password)

    def _greet(self, address: str, logins: Mapping[str, str]) -> None:
        password = next(iter(logins.values()))
        _tell(f"Gelen kutusu: {address}")
        _tell(f"Kullanıcılar: {', '.join(logins)} — parola: {password}")

    async def _play(self, installation: Installation, classifier: ClassifierProcess) -> dict[str, Any]:
        roles = [
            *followers(installation),
            *keepers(installation),
            *clocks(installation),
            *reporters(installation),
            *pollers(installation),
            *workers(installation, classifier),
            *senders(installation),
        ]
        running = asyncio.create_task(run_all(roles))
        progress = asyncio.create_task(self._show_progress(installation))
        try:
            await self._direct(installation)
        finally:
            progress.cancel()
            running.cancel()
            await asyncio.gather(progress, running, return_exceptions=True)
        return await self.counts(installation)

    async def _direct(self, installation: Installation) -> None:
        scenarios = read_scenarios(installation.profile.scenarios_folder)
        director = Director(scenarios, clock=self._clock, write=self._write)
        if self.plan.seconds is None:
            await director.play(messages=BURST_MESSAGES, seconds=BURST_SECONDS)
            while True:
                await director.play(messages=STEADY_MESSAGES, seconds=STEADY_SECONDS)
        window = self.plan.seconds_left * WRITING_SHARE * self._clock.speed
        await director.play(messages=self.plan.messages, seconds=window)
        await self._drain(installation)

    async def _write(self, channel: ChannelName, post: CitizenPost) -> str:
        return await self._simulators[channel].write(post)

    async def _drain(self, installation: Installation) -> None:
        """Wait until nothing is under way, at most a little over the time given."""
        end = time.monotonic() + self.plan.seconds_left + DRAIN_SECONDS
        while time.monotonic() < end:
            async with installation.database.read() as session:
                counts = await figures.demo_counts(session)
            if counts["messages"] == self._written() and not counts["waiting"]:
                break
            await asyncio.sleep(0.3)

    def _written(self) -> int:
        return len({entry.item for entry in self.ledger.entries if entry.what == "written"})

    async def _show_progress(self, installation: Installation) -> None:
        """A line in the terminal every few seconds."""
        while True:
            await asyncio.sleep(3)
            async with installation.database.read() as session:
                counts = await figures.demo_counts(session)
            _tell(
                f"yazılan {self._written()} · gelen {counts['messages']} · başvuru {counts['applications']} · "
                f"taslak {counts['drafts']} · yanıtlanan {counts['acknowledged']} · bekleyen {counts['waiting']}"
            )

    async def counts(self, installation: Installation) -> dict[str, Any]:
        """The contract of `demo --json`. Losses and double acknowledgements come from the simulators' records."""
        async with installation.database.read() as session:
            counts = await figures.demo_counts(session)
            stored = await figures.stored_items(session)
            by_channel = await figures.messages_by_channel(session)
        written = {(entry.channel, entry.item) for entry in self.ledger.entries if entry.what == "written"}
        counts.pop("waiting")
        return {
            "sent_by_citizens": len(written),
            **counts,
            "lost": len(written - stored),
            "double_acknowledged": double_acknowledged(self.ledger.entries),
            "by_channel": {channel.value: by_channel.get(channel, 0) for channel in SOCIAL_CHANNELS},
        }


def _password() -> str:
    """Easy to type, and without vowels: by chance it is no word, so the rules of passwords always take it."""
    return "-".join("".join(secrets.choice("bcdfghjkmnpqrstvwxz23456789") for _ in range(4)) for _ in range(3))


def double_acknowledged(entries: Sequence[LedgerEntry]) -> int:
    """How many application numbers the platforms saw in more than one automatic reply."""
    numbers = Counter(
        number
        for entry in entries
        if entry.what == "sent" and AUTOMATIC in entry.text
        for number in re.findall(r"\b\w+-\d{4}-\d{7}\b", entry.text)
    )
    return sum(1 for count in numbers.values() if count > 1)


def write_ledger(ledger: Ledger, path: Path) -> None:
    """A JSON object a line: everything that the simulators saw."""
    lines = [json.dumps({**asdict(entry), "at": entry.at.isoformat()}, ensure_ascii=False) for entry in ledger.entries]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
