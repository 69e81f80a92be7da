"""A beat beside work that lasts: it renews what the work holds. Real time; owns no lease itself."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

log = logging.getLogger(__name__)


@asynccontextmanager
async def heartbeat(beat: Callable[[], Awaitable[object]], *, every: float) -> AsyncIterator[None]:
    """Every so many seconds until the block ends; a beat that fails is logged, and the next one follows."""
    heart = asyncio.create_task(_go_on(beat, every))
    try:
        yield
    finally:
        heart.cancel()
        await asyncio.wait([heart])


async def _go_on(beat: Callable[[], Awaitable[object]], every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await beat()
        except Exception:
            log.exception("a beat failed; the next one follows")
