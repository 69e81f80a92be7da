"""The queue, the live bus and the lease of one process."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

BUS_BACKLOG = 1000


class LocalQueue:
    """A JobQueue within the process. A key that already waits is not queued twice."""

    def __init__(self) -> None:
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._waiting: set[str] = set()

    async def announce(self, keys: Sequence[str]) -> None:
        for key in keys:
            if key not in self._waiting:
                self._waiting.add(key)
                self._keys.put_nowait(key)

    async def receive(self, *, most: int) -> list[str]:
        keys = [await self._keys.get()]
        while len(keys) < most and not self._keys.empty():
            keys.append(self._keys.get_nowait())
        self._waiting.difference_update(keys)
        return keys

    async def settle(self, keys: Sequence[str]) -> None:
        """Nothing to do: what was received is gone, and the sweeper announces again what is not done."""

    async def close(self) -> None:
        """Nothing to give back."""


class LocalBus:
    """A LiveBus within the process. A listener that falls behind loses the oldest messages."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[tuple[str, dict[str, Any]]]] = set()

    async def publish(self, topic: str, data: Mapping[str, Any]) -> None:
        for listener in self._listeners:
            if listener.full():
                listener.get_nowait()
            listener.put_nowait((topic, dict(data)))

    async def listen(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        inbox: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(BUS_BACKLOG)
        self._listeners.add(inbox)
        try:
            while True:
                yield await inbox.get()
        finally:
            self._listeners.discard(inbox)

    async def close(self) -> None:
        """Nothing to give back."""


class LocalLease:
    """A Lease where there is only one process: everybody is the owner."""

    async def acquire(self, name: str, *, seconds: float) -> bool:
        return True

    async def release(self, name: str) -> None:
        """Nothing to give back."""
