"""The rail's numbers: how much waits in each view and on each channel. Counted once for all who see the same.

A new message or a change of any application makes them void; what only time changes is counted anew every few seconds.
"""

import asyncio
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import inbox_list
from inbox.repositories.list_query import STANDING_VIEWS, ListQuery, Span, View
from models.enums import SOCIAL_CHANNELS, ChannelName

KEPT = 15.0
"""Real seconds."""
MOST_KEPT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many applications wait in each view and on each channel."""

    views: dict[View, int]
    channels: dict[ChannelName, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    number: int
    known: tuple[int, int]
    """Changes made here, and the mark of the present."""
    at: float


@dataclass(slots=True)
class Numbers:
    """Counts of one process, by who sees them and what is counted."""

    _kept: dict[Hashable, _Kept] = field(default_factory=dict)
    _changes: int = 0
    _line: asyncio.Lock = field(default_factory=asyncio.Lock)

    def void(self) -> None:
        """Somebody has changed an application."""
        self._changes += 1

    async def counts(self, session: AsyncSession, *, span: Span, mark: int) -> Counts:
        """Of all standing views and channels."""
        lists = [ListQuery(view=view) for view in STANDING_VIEWS]
        lists += [ListQuery(channel=channel) for channel in SOCIAL_CHANNELS]
        found = await self.of_lists(session, lists, span=span, mark=mark)
        return Counts(
            views=dict(zip(STANDING_VIEWS, found, strict=False)),
            channels=dict(zip(SOCIAL_CHANNELS, found[len(STANDING_VIEWS) :], strict=True)),
        )

    async def of_lists(
        self, session: AsyncSession, queries: Sequence[ListQuery], *, span: Span, mark: int
    ) -> list[int]:
        """How many stand in each list, in its order; see `inbox_list.count_each`. `mark` is the present.

        While somebody counts anew, the others are told what stood a moment ago, but for changes that were made here.
        """
        keys = [_key(query, span) for query in queries]
        known = (self._changes, mark)
        if self._line.locked() and all(self._is_of_these_changes(key) for key in keys):
            return [self._kept[key].number for key in keys]
        async with self._line:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            stale = [place for place, key in enumerate(keys) if not _is_fresh(self._kept.get(key), known)]
            at = time.monotonic()
            counted = await inbox_list.count_each(session, [queries[place] for place in stale], span=span)
            for place, number in zip(stale, counted, strict=True):
                self._kept[keys[place]] = _Kept(number=number, known=known, at=at)
            return [self._kept[key].number for key in keys]

    def _is_of_these_changes(self, key: Hashable) -> bool:
        kept = self._kept.get(key)
        return kept is not None and kept.known[0] == self._changes


def _is_fresh(kept: _Kept | None, known: tuple[int, int]) -> bool:
    return kept is not None and kept.known == known and time.monotonic() - kept.at < KEPT


def _key(query: ListQuery, span: Span) -> Hashable:
    """Of all that the number depends on; who asks matters to her own list alone."""
    reader = span.user_id if query.view is View.MINE else None
    reach = (span.everything, span.unit, span.answered, span.day_end, span.week_end)
    return (replace(query, after="") if query.after else query, reader, reach)
