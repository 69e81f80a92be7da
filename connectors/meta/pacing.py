"""Keeps calls to one endpoint apart, where a platform states so many calls a second."""

import asyncio
from datetime import datetime, timedelta

from models.ports import Clock


class Pace:
    """Lets one caller through at a time, `seconds` of the clock apart."""

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._gap = timedelta(seconds=seconds)
        self._clock = clock
        self._next: datetime | None = None
        self._lock = asyncio.Lock()

    async def wait(self) -> None:
        """Return once the next call may be made."""
        async with self._lock:
            now = self._clock.now()
            if self._next and now < self._next:
                await self._clock.sleep((self._next - now).total_seconds())
            self._next = self._clock.now() + self._gap
