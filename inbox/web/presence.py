"""Who else has an application open, and who is typing. Kept in memory of each process, told over the live bus."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from models.ports import LiveBus

TOPIC = "presence"
HERE_SECONDS = 25.0
"""Real seconds after which somebody who says nothing has gone; pages tell of themselves more often."""
TYPING_SECONDS = 15.0
"""Real seconds for which somebody who pressed a key counts as typing."""


@dataclass(frozen=True, slots=True)
class Colleague:
    user_id: int
    name: str
    typing: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """Somebody, when her page told of her last, and when she pressed a key last."""

    colleague: Colleague
    at: float
    typed_at: float


class Presence:
    """Fed by every process's pages over the bus, so that it is the same everywhere."""

    def __init__(self, bus: LiveBus) -> None:
        self._bus = bus
        self._seen: dict[int, dict[int, _Seen]] = defaultdict(dict)

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
            colleague, now = Colleague(user_id=data["user"], name=data["name"], typing=data["typing"]), monotonic()
            before = here.get(data["user"])
            typed_at = now if colleague.typing else before.typed_at if before else now - TYPING_SECONDS
            here[data["user"]] = _Seen(colleague, now, typed_at)
        if not here:
            self._seen.pop(data["id"], None)

    def others(self, application_id: int, user_id: int) -> list[Colleague]:
        """Those who are here besides this person, who is typing first."""
        now, here = monotonic(), self._seen.get(application_id, {})
        for gone in [key for key, seen in here.items() if seen.at < now - HERE_SECONDS]:
            del here[gone]
        found = [
            replace(seen.colleague, typing=now - seen.typed_at < TYPING_SECONDS)
            for key, seen in here.items()
            if key != user_id
        ]
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
