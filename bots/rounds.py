"""Rounds: a look that comes again and again, made by one process of an installation at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from models.ports import Clock, Lease

log = logging.getLogger(__name__)

LEASE_SECONDS = 120.0
"""Real seconds; renewed while a look lasts, however long. Outlasts the shortest pause: who looks goes on looking."""


async def make_rounds(
    look: Callable[[], Awaitable[object]], *, name: str, every: timedelta, lease: Lease, clock: Clock
) -> None:
    """Look until cancelled. Only harmless work: a process that loses the name in the middle of a look ends it."""
    while True:
        try:
            if await lease.acquire(name, seconds=LEASE_SECONDS):
                async with _kept(lease, name):
                    await look()
        except Exception:
            log.exception("a round of the %s failed; the next one follows", name)
        await clock.sleep(every.total_seconds())


@asynccontextmanager
async def _kept(lease: Lease, name: str) -> AsyncIterator[None]:
    heart = asyncio.create_task(_renew(lease, name))
    try:
        yield
    finally:
        heart.cancel()


async def _renew(lease: Lease, name: str) -> None:
    while True:
        await asyncio.sleep(LEASE_SECONDS / 4)
        try:
            await lease.acquire(name, seconds=LEASE_SECONDS)
        except Exception:
            log.exception("the name of the %s was not kept; it is tried again", name)
