"""`python -m tests.fuzz [--count N]`: mutated payloads for every platform. Nothing raises, no delivery is lost, what is
read is fit to be stored."""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from connectors.registry import PLATFORMS
from inbox.repositories import accounts
from inbox.rules.keys import bounded
from inbox.services import intake
from inbox.services.intake import Batch, PolledFrom
from models import schema
from models.db import Database
from models.enums import SOCIAL_CHANNELS, ChannelName, DeliveryState, EventKind
from models.messages import Parsed
from models.tables import Account, Delivery, Event, Message

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ACCOUNT_ID = "104523678901234"
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**63, -(2**70), 10**400, float("inf"), float("nan"), "", " ", "0", "null",
    "\x00", "a\x00b", "\ud800", "\udfff\ud800", "😀" * 50, "İ" * 300, "x" * 5000, "2026-02-30T25:61:00+0000",
    "1757000000", 1757000000000, 1757000000000000, "-1", "1e9", [], {}, [[]], [None], [{}], {"": None}, {"id": {}},
    {"data": None}, {"data": [None, 7, "x"]}, "../../etc/passwd", "https://[::1", "file:///etc/passwd",
)  # fmt: skip
INTAKE_EVERY = 10
AT_ONCE = 50
"""Deliveries stored in one transaction."""
MOST_CHANGES = 5
Stored = tuple[bytes, Parsed, str]
"""Body, what was read in it, stream."""
LONGEST_KEY = 1000
"""Bytes; an index row of PostgreSQL takes 2,700, and some hold two keys."""


class Mutator:
    """Changes real payloads at random: values, keys, lists, types, bytes."""

    def __init__(self, channel: ChannelName, *, seed: int) -> None:
        self._dice = random.Random(f"{channel}-{seed}")
        self._sources = list(_sources(channel))
        assert self._sources, f"{channel} has no samples"

    def payload(self) -> bytes:
        """The next mutated body."""
        value = deepcopy(self._dice.choice(self._sources))
        for _ in range(self._dice.randint(1, MOST_CHANGES)):
            value = self._change(value)
        try:
            body = json.dumps(value, ensure_ascii=self._dice.random() < 0.7).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            body = repr(value).encode("utf-8", "surrogatepass")
        return self._cut(body) if self._dice.random() < 0.1 else body

    def _change(self, value: Any) -> Any:
        """One change somewhere inside."""
        holders = [holder for holder in _holders(value) if holder]
        if not holders or self._dice.random() < 0.02:
            return self._dice.choice(STRANGE)
        holder = self._dice.choice(holders)
        key = self._dice.choice(list(holder)) if isinstance(holder, dict) else self._dice.randrange(len(holder))
        match self._dice.randrange(7):
            case 0:
                del holder[key]
            case 1 | 2:
                holder[key] = deepcopy(self._dice.choice(STRANGE))
            case 3:
                holder[key] = _other_type(holder[key])
            case 4 if isinstance(holder, list):
                holder.extend(deepcopy(holder) * self._dice.randint(1, 5))
            case 5:
                other = self._dice.choice(self._sources)
                holder[key] = deepcopy(self._dice.choice(list(_holders(other))))
            case _:
                holder[key] = [deepcopy(holder[key])]
        return value

    def _cut(self, body: bytes) -> bytes:
        if not body:
            return body
        at = self._dice.randrange(len(body))
        if self._dice.random() < 0.5:
            return body[:at]
        return body[:at] + self._dice.randbytes(self._dice.randint(1, 4)) + body[at + 1 :]


def check(parsed: Parsed) -> None:
    """Raises AssertionError where something read could not be stored on every database."""
    assert isinstance(parsed, Parsed)
    for event in map(bounded, parsed.events):
        assert event.dedup_key, "an event without a key"
        assert event.kind is not EventKind.MESSAGE or event.external_id, "a message without an id"
        assert event.sent_at is None or event.sent_at.tzinfo is not None, "a time without an offset"
        json.dumps(dict(event.extra), allow_nan=False)
        for key in (
            event.dedup_key,
            event.external_id,
            event.thread_id,
            event.sender.external_id if event.sender else "",
        ):
            assert len(key.encode()) <= LONGEST_KEY, "a key longer than an index of PostgreSQL takes"
        for text in _texts(event):
            assert "\x00" not in text, "NUL, which PostgreSQL refuses"
            text.encode("utf-8")


def run(channel: ChannelName, count: int, *, seed: int = 7, database: Database | None = None) -> int:
    """Parse so many mutated payloads, store every tenth where a database is given; how many events were read."""
    return asyncio.run(fuzz(channel, count, seed=seed, database=database))


async def fuzz(channel: ChannelName, count: int, *, seed: int = 7, database: Database | None = None) -> int:
    platform, mutator, dice = PLATFORMS[channel], Mutator(channel, seed=seed), random.Random(seed)
    account_id = await _account(database, channel) if database else 0
    streams = ("", *platform.facts.streams)
    read, waiting, stored = 0, list[Stored](), 0
    for number in range(count):
        body, stream = mutator.payload(), dice.choice(streams)
        try:
            parsed = platform.parse(body, account_id=ACCOUNT_ID, stream=stream)
            check(parsed)
        except Exception as error:
            error.add_note(f"{channel}, payload {number} of seed {seed}, stream {stream!r}: {body[:2000]!r}")
            raise
        read += len(parsed.events)
        if database and number % INTAKE_EVERY == 0:
            waiting.append((body, parsed, stream))
        if database and (len(waiting) == AT_ONCE or number == count - 1):
            await _store(database, channel, waiting, account_id)
            stored, waiting = stored + len(waiting), []
    if database:
        await _recount(database, stored)
    return read


async def _account(database: Database, channel: ChannelName) -> int:
    async with database.write() as session:
        wanted = Account(channel=channel, external_id=ACCOUNT_ID, name=channel, created_at=NOW)
        return (await accounts.ensure_account(session, wanted)).id or 0


async def _store(database: Database, channel: ChannelName, waiting: Sequence[Stored], account_id: int) -> None:
    """As poller or webhook would, many in one transaction; a second time changes nothing."""
    async with database.write() as session:
        for body, parsed, stream in waiting:
            try:
                await _store_one(session, channel, body, parsed, account_id, stream)
            except Exception as error:
                error.add_note(f"{channel}, storing of stream {stream!r}: {body[:2000]!r}")
                raise
            session.expunge_all()


async def _store_one(
    session: AsyncSession, channel: ChannelName, body: bytes, parsed: Parsed, account_id: int, stream: str
) -> None:
    source = f"poll:{stream}" if stream else "webhook"
    batch = Batch(channel=channel, source=source, body=body, parsed=parsed, received_at=NOW)
    polled = PolledFrom(account_id=account_id, stream=stream, cursor="c") if stream else None
    first = await intake.store(session, batch, polled=polled)
    kept = await session.get_one(Delivery, first.delivery_id)
    told = {event.external_id for event in parsed.events}
    gone = select(func.count(Event.id)).where(Event.kind == EventKind.DELETE, col(Event.external_id).in_(told))
    erased = (await session.exec(gone)).one() > 0
    assert kept.body == body or erased, "the raw bytes are not those received"
    assert parsed.events or parsed.problems or kept.state is DeliveryState.PARSED
    assert not parsed.problems or kept.problem, "a problem that nobody would see"
    again = await intake.store(session, batch, polled=polled)
    assert (again.events, again.messages) == (0, 0), "a second time brought something new"


async def _recount(database: Database, stored: int) -> None:
    async with database.read() as session:
        deliveries = (await session.exec(select(func.count(Delivery.id)))).one()
        messages = (await session.exec(select(func.count(Message.id)))).one()
        events = (await session.exec(select(func.count(Event.id)))).one()
    assert deliveries == 2 * stored, "a delivery was lost"
    assert messages <= events


def _sources(channel: ChannelName) -> Iterator[Any]:
    folders = [ROOT / "connectors" / channel.value / "samples", ROOT.parent / "shared/payloads" / channel.value]
    for folder in folders:
        for path in sorted(folder.rglob("*.json")):
            try:
                yield json.loads(path.read_bytes())
            except ValueError:
                continue


def _holders(value: Any) -> Iterator[Any]:
    """Every object and list inside."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict | list):
            yield one
            waiting.extend(one.values() if isinstance(one, dict) else one)


def _other_type(value: Any) -> Any:
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 4000 else {"text": value}
    return str(value) if isinstance(value, int | float) else json.dumps(value, default=str)


def _texts(value: Any) -> Iterator[str]:
    """Every text inside an event."""
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


async def _fuzz_all(channels: Sequence[ChannelName], count: int, seed: int) -> None:
    for channel in channels:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{folder}/fuzz.sqlite3")
            await schema.upgrade(database.engine)
            started = time.monotonic()
            try:
                read = await fuzz(channel, count, seed=seed, database=database)
            finally:
                await database.close()
        print(f"{channel}: {count} payloads, {read} events, {time.monotonic() - started:.0f} s", flush=True)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("--count", type=int, default=20_000, help="payloads per platform")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--platform", choices=[channel.value for channel in SOCIAL_CHANNELS], help="only this one")
    options = parser.parse_args(list(arguments))
    channels = [ChannelName(options.platform)] if options.platform else SOCIAL_CHANNELS
    asyncio.run(_fuzz_all(channels, options.count, options.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
