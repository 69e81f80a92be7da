"""The two clocks: the system's, and one that runs faster for demos and replays."""

import asyncio
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ScaledClock:
    """Runs `speed` times as fast as real time from `started`. Processes that share both values share the clock."""

    def __init__(self, speed: float, *, started: float | None = None) -> None:
        self.speed = speed
        self.started = time.time() if started is None else started
        """Seconds since the epoch, real time."""

    def now(self) -> datetime:
        passed = (time.time() - self.started) * self.speed
        return datetime.fromtimestamp(self.started, UTC) + timedelta(seconds=passed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


class StillClock:
    """Stands until it is moved; sleeping moves it. For tests."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **timedelta_parts: float) -> None:
        self._now += timedelta(**timedelta_parts)

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0)
