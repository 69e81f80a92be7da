"""Keeps calls to one endpoint apart, where a platform states so many calls a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from models.ports import Clock


class Pace:
    """One call at a time, each at least `seconds` of the clock after the end of the one before.

    Counted from the end, so that the platform, too, sees them so far apart, however slow the way there is.
    """

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._gap = timedelta(seconds=seconds)
        self._clock = clock
        self._next: datetime | None = None
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn; the call is made inside."""
        async with self._lock:
            now = self._clock.now()
            if self._next and now < self._next:
                await self._clock.sleep((self._next - now).total_seconds())
            try:
                yield
            finally:
                self._next = self._clock.now() + self._gap
