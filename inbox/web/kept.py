"""What every page needs and what seldom changes, kept by each process for a short while."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

KEPT = 20.0
"""Real seconds."""
Thing = TypeVar("Thing")


class Kept:
    """Things by name, each read anew once it is too old."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Any]] = {}

    async def get(self, name: str, read: Callable[[], Awaitable[Thing]]) -> Thing:
        """What `read` gave, at most `KEPT` ago."""
        read_at, thing = self._known.get(name, (-KEPT, None))
        if time.monotonic() - read_at >= KEPT:
            thing = await read()
            self._known[name] = (time.monotonic(), thing)
        return thing

    def void(self) -> None:
        """Somebody has changed one of them here."""
        self._known.clear()
