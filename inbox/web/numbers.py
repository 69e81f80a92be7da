"""The rail's numbers: how much waits in each view and on each channel. Counted once for all who see the same.

A new message or a change of any application makes them void; what only time changes is counted anew every few seconds.
"""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import inbox_list
from inbox.repositories.inbox_list import Counts, ListQuery, Span, View

KEPT = 5.0
"""Real seconds."""


@dataclass(slots=True)
class Numbers:
    """Counts of one process, by who sees them and what is counted."""

    _counts: dict[Hashable, tuple[float, Counts]] = field(default_factory=dict)
    _lists: dict[Hashable, tuple[float, int]] = field(default_factory=dict)

    def void(self) -> None:
        """Somebody has changed an application."""
        self._counts.clear()
        self._lists.clear()

    async def counts(self, session: AsyncSession, *, span: Span) -> Counts:
        """Of all standing views. Her own is counted for her, the others for everybody with her reach."""
        key = (_reach(span), await inbox_list.newest_record(session))
        kept = self._counts.get(key)
        if kept is None or time.monotonic() - kept[0] > KEPT:
            kept = (time.monotonic(), await inbox_list.counts(session, span=span))
            self._counts[key] = kept
        (mine,) = await self.of_lists(session, [ListQuery(view=View.MINE)], span=span)
        return replace(kept[1], views={**kept[1].views, View.MINE: mine})

    async def of_lists(self, session: AsyncSession, queries: Sequence[ListQuery], *, span: Span) -> list[int]:
        """How many stand in each list, in its order; see `inbox_list.count_each`."""
        newest = await inbox_list.newest_record(session)
        keys = [(_list_key(query, span), newest) for query in queries]
        old = time.monotonic() - KEPT
        stale = [place for place, key in enumerate(keys) if self._lists.get(key, (0.0, 0))[0] < old]
        counted = await inbox_list.count_each(session, [queries[place] for place in stale], span=span)
        for place, count in zip(stale, counted, strict=True):
            self._lists[keys[place]] = (time.monotonic(), count)
        return [self._lists[key][1] for key in keys]


def _reach(span: Span) -> Hashable:
    return (span.everything, span.unit, span.answered, span.day_end, span.week_end)


def _list_key(query: ListQuery, span: Span) -> Hashable:
    reader = span.user_id if query.view is View.MINE else None
    return (replace(query, after="", words=tuple(query.words)), reader, _reach(span))
