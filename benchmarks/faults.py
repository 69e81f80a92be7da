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

DISORDER = Disorder(redeliver=0.2, delay=0.2, batch=0.3, backlog=0.02)
SPEED = 20.0
"""Seconds of the platforms in a real one: polls and limits keep that pace, however little of the machine is ours."""
MESSAGES_A_SECOND = 16
"""Real seconds; what a shared machine of two cores keeps up with while it is being hurt."""
CALLS_A_FAULT = 20
"""About so many calls of a platform between two faults: a machine that is slow for a while is hurt no more for it."""
MOST_WAITING = 3
LOOK_SECONDS = 0.1
READ_FAULTS = ("throttled", "throttled_silently", "html", "transient", "hang_up_before")
WRITE_FAULTS = ("throttled", "throttled_silently", "html", "transient", "hang_up_after")
EXPIRED_CALLS = 12
"""So many calls in a row meet an expired token, once an account."""
DOWN_SECONDS = 0.5
LONGEST_LIFE = 90.0
CALM_SHARE = 0.05
"""Faults end when so little is left to do: the last texts must not wait for ever."""
PATIENCE = 900.0
"""Real seconds after the last message in which everything must have come to rest."""
PROMISES = ("lost", "stored_twice", "acknowledged_twice", "sent_twice", "waiting")
"""What must be zero."""


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
        """A fault every so many calls, none where some wait already; once the account's token is dead for a while."""
        started, has_expired, hurt_at = time.monotonic(), False, 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not has_expired and time.monotonic() - started > expires_at:
                _fault(simulator, "expired_token", times=EXPIRED_CALLS)
                has_expired = True
            elif simulator.faults.calls >= hurt_at and len(simulator.faults.waiting) < MOST_WAITING:
                hurt_at = simulator.faults.calls + self.dice.randint(1, 2 * CALLS_A_FAULT)
                writes = self.dice.random() < 0.5
                _fault(simulator, self.dice.choice(WRITE_FAULTS if writes else READ_FAULTS), writes=writes)

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
            **self._hurts(),
        }

    def _hurts(self) -> dict[str, Any]:
        """What the platforms did, as their simulators counted it."""
        hit = sum((one.faults.hit for one in self.simulators.values()), Counter[str]())
        return {**dict(self.ledger.disorder), **{kind: hit[kind] for kind in sorted({*READ_FAULTS, *WRITE_FAULTS})},
                "expired_token": hit["expired_token"]}  # fmt: skip


def _fault(simulator: Any, kind: str, *, times: int = 1, writes: bool = False) -> None:
    where: dict[str, Any] = {}
    if writes and simulator.channel is ChannelName.TELEGRAM:
        where = {"path": "sendMessage"}
    elif writes and simulator.channel is ChannelName.TWITTER:
        where = {"path": "POST"}
    elif writes:
        where = {"method": "POST"}
    simulator.fault(kind, times=times, **where)


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


def table(found: Mapping[str, Any]) -> str:
    """The figures of a run, one a line."""
    lines = [
        ("what the platforms did", ""),
        ("  bodies pushed", found["pushed"]),
        ("    of these pushed twice", found["twice"]),
        ("    pushed late, behind younger ones", found["late"]),
        ("    parts of the largest", found["largest"]),
        ("  pages given (X, Telegram)", found["pages"]),
        ("    of these with what was given before", found["pages again"]),
        ("  429 with a time", found["throttled"]),
        ("  429 without", found["throttled_silently"]),
        ("  5xx with HTML", found["html"]),
        ("  5xx of the platform", found["transient"]),
        ("  broken off before anything was done", found["hang_up_before"]),
        ("  broken off after it was accepted", found["hang_up_after"]),
        ("  calls that met an expired token", found["expired_token"]),
        ("  SIGKILL to the product", found["kills"]),
        ("what came of it", ""),
        ("  written by citizens", found["written"]),
        ("  lost", found["lost"]),
        ("  stored twice", found["stored_twice"]),
        ("  duplicates that were refused", found["duplicates_refused"]),
        ("  acknowledged", found["acknowledged"]),
        ("  acknowledged twice", found["acknowledged_twice"]),
        ("  texts that platforms took", found["sent"]),
        ("  texts taken twice", found["sent_twice"]),
        ("  unresolved: nobody can check, a person decides", found["unresolved"]),
        ("  still waiting at the end", found["waiting"]),
        ("  seconds until all was at rest", found["at_rest_after"]),
    ]
    return "\n".join(f"{name:<50} {count:>8}" for name, count in lines)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.faults")
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--kills", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--speed", type=float, default=SPEED)
    parser.add_argument("--model", type=Path, default=Path(os.environ.get("DATA_DIR", "var")) / "model")
    parser.add_argument("--keep", type=Path, help="folder for database, logs and ledger (default: a temporary one)")
    options = parser.parse_args(list(arguments))
    plan = FaultPlan(messages=options.messages, kills=options.kills, seed=options.seed, speed=options.speed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        run = FaultRun(plan, folder, options.model.resolve())
        figures_of_run = asyncio.run(run.run())
        if options.keep:
            write_ledger(run.ledger, folder / "ledger.jsonl")
    print(f"{plan.messages} messages over {len(run.simulators)} channels, seed {plan.seed}")
    print(table(figures_of_run))
    return 1 if any(figures_of_run[name] for name in PROMISES) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
