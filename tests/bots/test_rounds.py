"""Rounds: one process at a time, for as long as a look lasts, and whatever became of the last one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bots import rounds
from bots.queues.local import LocalLease
from models.clock import StillClock

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
EVERY = timedelta(minutes=1)


class RestingClock(StillClock):
    """Stands still at its rest number `rests`."""

    def __init__(self, rests: int = 1) -> None:
        super().__init__(NOW)
        self._left = rests
        self.rests = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self._left -= 1
        await super().sleep(seconds)
        if not self._left:
            self.rests.set()
            await asyncio.Event().wait()


class CountedLease(LocalLease):
    """Tells how often it was asked for; another process has it where it is `taken`."""

    def __init__(self, *, taken: bool = False) -> None:
        self.taken = taken
        self.asked = 0
        self.was_renewed = asyncio.Event()

    async def acquire(self, name: str, *, seconds: float) -> bool:
        self.asked += 1
        if self.asked == 2:
            raise ConnectionError("Redis is away for a moment")
        if self.asked == 3:
            self.was_renewed.set()
        return not self.taken


async def _go(look: Callable[[], Awaitable[object]], lease: LocalLease, clock: RestingClock) -> None:
    running = asyncio.create_task(rounds.make_rounds(look, name="watch", every=EVERY, lease=lease, clock=clock))
    async with asyncio.timeout(5):
        await clock.rests.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_nobody_looks_where_another_process_does() -> None:
    looks: list[int] = []

    async def look() -> None:
        looks.append(1)

    await _go(look, CountedLease(taken=True), RestingClock())
    assert looks == []


async def test_a_look_that_fails_is_followed_by_the_next() -> None:
    looks: list[int] = []

    async def look() -> None:
        looks.append(1)
        raise ValueError("this look failed")

    clock = RestingClock(rests=2)
    await _go(look, LocalLease(), clock)
    assert len(looks) == 2
    assert clock.now() == NOW + 2 * EVERY


async def test_a_long_look_keeps_the_others_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is renewed while a look lasts, and again where that failed once; afterwards no more."""
    monkeypatch.setattr(rounds, "LEASE_SECONDS", 0.01)
    lease = CountedLease()
    await _go(lease.was_renewed.wait, lease, RestingClock())
    assert lease.asked == 3
