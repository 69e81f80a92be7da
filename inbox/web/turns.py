"""Pages put together one after the other: two at once on one processor both come late. Knows nothing of pages."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PATIENCE = 0.25
"""Real seconds. Whoever has waited so long behind somebody's slow page begins beside it."""


class Turns:
    """Of one process."""

    def __init__(self) -> None:
        self._line = asyncio.Lock()

    @asynccontextmanager
    async def next(self) -> AsyncIterator[None]:
        """Wait for one's turn; it ends with the block."""
        has_turn = await self._wait()
        try:
            yield
        finally:
            if has_turn:
                self._line.release()

    async def _wait(self) -> bool:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._line.acquire()
        except TimeoutError:
            return False
