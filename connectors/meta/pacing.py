"""What Meta states of how much may be sent, and a pace for endpoints that take so many calls a second."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from models.channel_facts import SendLimit
from models.enums import SendMode, Surface
from models.ports import Clock

SEND_LIMITS = (
    SendLimit(name="messages", burst=150, every=timedelta(seconds=1 / 150), surfaces=frozenset({Surface.DIRECT})),
    SendLimit(
        name="private_replies", burst=250, every=timedelta(seconds=7.2), modes=frozenset({SendMode.PRIVATE_REPLY})
    ),
)
"""Messenger and Instagram: half of 300 texts a second, two thirds of 750 private replies an hour."""


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
