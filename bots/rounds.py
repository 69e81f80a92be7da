"""Rounds: a look that comes again and again, made by one process of an installation at a time."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from bots.heartbeat import heartbeat
from models.ports import Clock, Lease

log = logging.getLogger(__name__)

LEASE_SECONDS = 120.0
"""Real seconds; renewed while a look lasts, however long. Outlasts the shortest pause: who looks goes on looking."""


async def make_rounds(
    look: Callable[[], Awaitable[object]], *, name: str, every: timedelta, lease: Lease, clock: Clock
) -> None:
    """Look until cancelled. Only harmless work: who loses the name in the middle of a look ends it all the same."""
    hold = partial(lease.acquire, name, seconds=LEASE_SECONDS)
    while True:
        try:
            if await hold():
                async with heartbeat(hold, every=LEASE_SECONDS / 4):
                    await look()
        except Exception:
            log.exception("a round of the %s failed; the next one follows", name)
        await clock.sleep(every.total_seconds())


async def apart(what: str, work: Awaitable[object]) -> None:
    """One piece of a look: where it fails, the others go on."""
    try:
        await work
    except Exception:
        log.exception("%s failed; the next round tries again", what)
