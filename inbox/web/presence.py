"""Who else has an application open, and who is typing. Kept in memory of each process, told over the live bus."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from models.ports import LiveBus

TOPIC = "presence"
HERE_SECONDS = 25.0
"""Real seconds after which somebody who says nothing has gone; pages tell of themselves more often."""


@dataclass(frozen=True, slots=True)
class Colleague:
    user_id: int
    name: str
    typing: bool


class Presence:
    """Fed by every process's pages over the bus, so that it is the same everywhere."""

    def __init__(self, bus: LiveBus) -> None:
        self._bus = bus
        self._seen: dict[int, dict[int, tuple[Colleague, float]]] = defaultdict(dict)

    async def tell(self, application_id: int, colleague: Colleague, *, left: bool = False) -> None:
        """Somebody's page says that she is here (or has left)."""
        data = {
            "id": application_id, "user": colleague.user_id, "name": colleague.name, "typing": colleague.typing,
            "left": left,
        }  # fmt: skip
        self.hear(data)
        await self._bus.publish(TOPIC, data)

    def hear(self, data: dict[str, Any]) -> None:
        here = self._seen[data["id"]]
        if data["left"]:
            here.pop(data["user"], None)
        else:
            colleague = Colleague(user_id=data["user"], name=data["name"], typing=data["typing"])
            here[data["user"]] = (colleague, monotonic())
        if not here:
            self._seen.pop(data["id"], None)

    def others(self, application_id: int, user_id: int) -> list[Colleague]:
        """Those who are here besides this person, who is typing first."""
        oldest = monotonic() - HERE_SECONDS
        here = self._seen.get(application_id, {})
        for gone in [key for key, (_, seen) in here.items() if seen < oldest]:
            del here[gone]
        found = [colleague for colleague, _ in here.values() if colleague.user_id != user_id]
        return sorted(found, key=lambda one: (not one.typing, one.name))

    async def listen(self) -> None:
        """Follow the bus until cancelled."""
        async for topic, data in self._bus.listen():
            if topic == TOPIC:
                self.hear(data)

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Hear of colleagues at other processes' pages for as long as this one serves."""
        follower = asyncio.create_task(self.listen())
        try:
            yield
        finally:
            follower.cancel()
