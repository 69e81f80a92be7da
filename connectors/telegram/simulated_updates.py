"""The simulator's queue of updates: numbering, retention, confirmation, kinds asked for. Knows no HTTP."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from models.ports import Clock

KEPT_FOR = timedelta(hours=24)
IDLE_WEEK = timedelta(days=7)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
REMEMBERED = 5


@dataclass(frozen=True, slots=True)
class Queued:
    at: datetime
    update_id: int
    body: Mapping[str, Any]


@dataclass(slots=True)
class UpdateQueue:
    """What the bot has not confirmed yet, oldest first."""

    clock: Clock
    random: random.Random
    allowed: frozenset[str] | None = None
    """Kinds asked for last; None: all but those of NOT_BY_DEFAULT."""
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    items: dict[int, str] = field(default_factory=dict)
    """The citizen's message in an update, by update id."""
    _waiting: list[Queued] = field(default_factory=list)
    _confirmed: list[Queued] = field(default_factory=list)
    _last: Queued | None = None

    def add(self, kind: str, content: Mapping[str, Any], *, item: str = "") -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        if kind not in self.allowed if self.allowed is not None else kind in NOT_BY_DEFAULT:
            return
        update_id = self._next_id()
        self._last = Queued(self.clock.now(), update_id, {"update_id": update_id, kind: content})
        self._waiting.append(self._last)
        if item:
            self.items[update_id] = item
        self.arrived.set()

    def confirm(self, offset: int) -> None:
        """Forget updates before `offset`; a negative one counts from the end."""
        if offset < 0:
            offset = self._waiting[offset].update_id if len(self._waiting) >= -offset else 0
        self._confirmed += [queued for queued in self._waiting if queued.update_id < offset]
        self._confirmed = self._confirmed[-REMEMBERED:]
        self._waiting = [queued for queued in self._waiting if queued.update_id >= offset]

    def page(self, limit: int, *, again: bool = False) -> list[Queued]:
        """The earliest updates; with `again`, preceded by some that were confirmed before, where any wait at all."""
        oldest = self.clock.now() - KEPT_FOR
        self._waiting = [queued for queued in self._waiting if queued.at > oldest]
        if not self._waiting:
            self.arrived.clear()
            return []
        return ([*self._confirmed, *self._waiting] if again else self._waiting)[:limit]

    def __len__(self) -> int:
        return len(self._waiting)

    def _next_id(self) -> int:
        if self._last is None or self.clock.now() - self._last.at >= IDLE_WEEK:
            return self.random.randrange(100_000_000, 900_000_000)
        return self._last.update_id + 1
