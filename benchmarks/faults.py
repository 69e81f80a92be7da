"""The fault run: simulators here, the product as a process of its own that is killed now and then; recounted from the
simulators' records. `python -m benchmarks.faults --messages 2000 --kills 5` is the whole of it.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from bots.demo import SIMULATORS, double_acknowledged, write_ledger
from bots.scenarios import Director, read_scenarios
from connectors.simulation import CitizenPost, Disorder, Ledger, LedgerEntry, Simulator
from inbox.repositories import figures
from models.clock import ScaledClock
from models.db import Database
from models.enums import ChannelName
from models.profile import load_profile

DISORDER = Disorder(redeliver=0.2, delay=0.2, batch=0.3)
SPEED = 60.0
MESSAGES_A_SECOND = 16
"""Real seconds; what a shared machine of two cores keeps up with while it is being hurt."""
FAULT_EVERY = 1.5
MOST_WAITING = 3
READ_FAULTS = ("throttled", "throttled_silently", "html", "transient", "hang_up_before")
WRITE_FAULTS = ("throttled", "throttled_silently", "html", "transient", "hang_up_after")
EXPIRED_CALLS = 12
"""So many calls in a row meet an expired token, once an account."""
DOWN_SECONDS = 0.5
LONGEST_LIFE = 90.0
CALM_SHARE = 0.05
"""Faults end when so little is left to do: the last texts must not wait for ever."""
PATIENCE = 420.0
"""Real seconds after the last message in which everything must have come to rest."""


@dataclass(slots=True, kw_only=True)
class FaultPlan:
    messages: int
    kills: int
    seed: int = 7
    speed: float = SPEED

    @property
    def seconds(self) -> float:
        """Real seconds in which citizens write."""
        return max(20.0, self.messages / MESSAGES_A_SECOND)


@dataclass(slots=True)
class Product:
    """The process under test: started, killed, started again over the same data."""

    plan_file: Path
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    kills: int = 0

    def start(self) -> None:
        command = [sys.executable, "-m", "benchmarks.product", str(self.plan_file)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)

    def kill(self) -> None:
        """SIGKILL to it and to its classifier at once: nothing is tidied up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def require_alive(self) -> None:
        """Raises RuntimeError with the end of its log where it ended by itself."""
        if self.process is None or self.process.poll() is not None:
            raise RuntimeError(f"the product ended by itself:\n{self.log.read_text(encoding='utf-8')[-3000:]}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(slots=True)
class FaultRun:
    """One run from first message to the recount."""

    plan: FaultPlan
    folder: Path
    model: Path
    clock: ScaledClock = field(init=False)
    ledger: Ledger = field(init=False)
    simulators: dict[ChannelName, Simulator] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.clock = ScaledClock(self.plan.speed)
        self.ledger = Ledger(self.clock)
        self.dice = random.Random(self.plan.seed)
        for make in SIMULATORS:
            simulator = make(self.clock, ledger=self.ledger, disorder=DISORDER)
            self.simulators[simulator.channel] = simulator

    async def run(self) -> dict[str, Any]:
        """Play, hurt, wait, recount."""
        for simulator in self.simulators.values():
            await simulator.start()
        product = Product(self.write_plan(), self.folder / "product.log")
        product.start()
        database = Database(f"sqlite:///{self.folder / 'him.sqlite3'}")
        hurting = asyncio.create_task(self._hurt())
        try:
            await asyncio.gather(self.play(), self._kill_now_and_then(product, database))
            rest = await self._wait_for_rest(database, product, hurting)
            return {**await self._recount(database, product), "at_rest_after": rest}
        finally:
            hurting.cancel()
            product.stop()
            for simulator in self.simulators.values():
                await simulator.stop()
            await database.close()

    def write_plan(self) -> Path:
        port = _free_port()
        for channel, simulator in self.simulators.items():
            simulator.connect_webhook(f"http://127.0.0.1:{port}/webhooks/{channel.value}")
        plan = {
            "data_dir": str(self.folder),
            "model": str(self.model),
            "port": port,
            "speed": self.clock.speed,
            "started": self.clock.started,
            "accounts": {name.value: one.account_settings() for name, one in self.simulators.items()},
        }
        path = self.folder / "plan.json"
        path.write_text(json.dumps(plan), encoding="utf-8")
        return path

    async def play(self) -> None:
        scenarios = read_scenarios(load_profile("izmir").scenarios_folder)
        director = Director(scenarios, clock=self.clock, write=self._write, seed=self.plan.seed)
        await director.play(messages=self.plan.messages, seconds=self.plan.seconds * self.clock.speed)

    async def _write(self, channel: ChannelName, post: CitizenPost) -> str:
        return await self.simulators[channel].write(post)

    async def _kill_now_and_then(self, product: Product, database: Database) -> None:
        """Each kill hits work under way: so much was stored and opened since the start before."""
        share = max(10, self.plan.messages // (self.plan.kills * 4 or 1))
        for _ in range(self.plan.kills):
            await self._wait_for_work(product, database, share)
            await asyncio.sleep(self.dice.uniform(0, 2))
            product.kill()
            await asyncio.sleep(DOWN_SECONDS)
            product.start()

    async def _wait_for_work(self, product: Product, database: Database, share: int) -> None:
        """Until the product has opened so many applications more, at most a minute and a half."""
        began, end = await _applications(database), time.monotonic() + LONGEST_LIFE
        while await _applications(database) < began + share and time.monotonic() < end:
            product.require_alive()
            await asyncio.sleep(0.5)

    async def _hurt(self) -> None:
        """Faults all the time on every platform, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for position, simulator in enumerate(self.simulators.values()):
                group.create_task(self._hurt_one(simulator, expires_at=self.plan.seconds * (position + 1) / 6))

    async def _hurt_one(self, simulator: Simulator, *, expires_at: float) -> None:
        """A fault every now and then, none where some wait already; once the account's token is dead for a while."""
        started, has_expired = time.monotonic(), False
        while True:
            await asyncio.sleep(FAULT_EVERY * self.dice.uniform(0.5, 1.5))
            if not has_expired and time.monotonic() - started > expires_at:
                self._fault(simulator, "expired_token", times=EXPIRED_CALLS)
                has_expired = True
            elif _waiting_faults(simulator) < MOST_WAITING:
                writes = self.dice.random() < 0.5
                kind = self.dice.choice(WRITE_FAULTS if writes else READ_FAULTS)
                self._fault(simulator, kind, writes=writes)

    def _fault(self, simulator: Simulator, kind: str, *, times: int = 1, writes: bool = False) -> None:
        self.faults[kind] += times
        where: dict[str, Any] = {}
        if writes and simulator.channel is ChannelName.TELEGRAM:
            where = {"path": "sendMessage"}
        elif writes and simulator.channel is ChannelName.TWITTER:
            where = {"path": "POST"}
        elif writes:
            where = {"method": "POST"}
        simulator.fault(kind, times=times, **where)  # type: ignore[attr-defined]

    async def _wait_for_rest(self, database: Database, product: Product, hurting: asyncio.Task[None]) -> float:
        """Until all that was written is stored and nothing is under way; how long that took, in real seconds."""
        began = time.monotonic()
        last = 0.0
        while time.monotonic() - began < PATIENCE:
            await asyncio.sleep(1)
            product.require_alive()
            counts = await _counts(database)
            everything_came = counts["messages"] >= len(written_items(self.ledger.entries))
            if everything_came and counts["waiting"] < self.plan.messages * CALM_SHARE:
                hurting.cancel()
            if everything_came and not counts["waiting"]:
                break
            if time.monotonic() - last > 10:
                last = time.monotonic()
                print(f"written {len(written_items(self.ledger.entries))}, {counts}", file=sys.stderr, flush=True)
        return round(time.monotonic() - began, 1)

    async def _recount(self, database: Database, product: Product) -> dict[str, Any]:
        counts = await _counts(database)
        async with database.read() as session:
            stored = await figures.stored_items(session)
            times = await figures.stored_times(session)
            outbox = await figures.outbox_states(session)
        written = written_items(self.ledger.entries)
        return {
            "written": len(written),
            "stored": counts["messages"],
            "lost": len(written - stored),
            "stored_twice": sum(count - 1 for count in times.values()) + len(stored - written),
            "acknowledged": counts["acknowledged"],
            "acknowledged_twice": double_acknowledged(self.ledger.entries),
            "sent": sum(entry.what == "sent" for entry in self.ledger.entries),
            "sent_twice": sent_twice(self.ledger.entries),
            "unresolved": counts["unresolved"],
            "duplicates_refused": counts["duplicates"],
            "outbox": outbox,
            "waiting": counts["waiting"],
            "kills": product.kills,
            "faults": dict(sorted(self.faults.items())),
        }


async def _applications(database: Database) -> int:
    try:
        return (await _counts(database))["applications"]
    except OperationalError:  # the product has not made its tables yet
        return 0


async def _counts(database: Database) -> Mapping[str, int]:
    async with database.read() as session:
        return await figures.demo_counts(session)


def written_items(entries: Sequence[LedgerEntry]) -> set[tuple[str, str]]:
    """(channel, item) of everything that citizens wrote."""
    return {(entry.channel, entry.item) for entry in entries if entry.what == "written"}


def sent_twice(entries: Sequence[LedgerEntry]) -> int:
    """How many texts the platforms took more than once; every text of the product names its application."""
    texts = Counter((entry.channel, entry.text) for entry in entries if entry.what == "sent")
    return sum(count - 1 for count in texts.values())


def _waiting_faults(simulator: Any) -> int:
    for holder in (simulator, getattr(simulator, "server", None), getattr(simulator, "_server", None)):
        found = getattr(holder, "faults", None)
        if found is not None:
            return len(found)
    return len(simulator._faults.waiting)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.faults")
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--model", type=Path, default=Path(os.environ.get("DATA_DIR", "var")) / "model")
    parser.add_argument("--keep", type=Path, help="folder for database, logs and ledger (default: a temporary one)")
    options = parser.parse_args(list(arguments))
    plan = FaultPlan(messages=options.messages, kills=options.kills, seed=options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run = FaultRun(plan, folder, options.model.resolve())
        figures_of_run = asyncio.run(run.run())
        if options.keep:
            write_ledger(run.ledger, folder / "ledger.jsonl")
    print(json.dumps(figures_of_run, ensure_ascii=False))
    bad = [name for name in ("lost", "stored_twice", "acknowledged_twice", "sent_twice") if figures_of_run[name]]
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
