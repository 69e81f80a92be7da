"""What others published and named the account in: a list of its own, read in no hurry."""

from datetime import datetime, timedelta
from typing import Any

from connectors.meta.graph import GraphClient
from connectors.meta.walk import Item, Listing, Walker
from models.messages import Page
from models.ports import Clock

TAGS = "tags"
PAUSE = timedelta(minutes=10)
"""Calls are counted by the day; webhooks tell most of it at once."""
PAGE_SIZE = 25
NOTHING = b'{"data":[]}'


class TagWalker:
    """Walks the list of one account, at most once in `PAUSE`."""

    def __init__(
        self,
        graph: GraphClient,
        clock: Clock,
        *,
        path: str,
        fields: str,
        time_key: str,
        look_back: timedelta,
        names_next: bool,
    ) -> None:
        self._clock = clock
        self._due = clock.now()
        self._walker = Walker(graph, clock, _listing(path, fields, time_key, names_next), look_back=look_back)

    async def step(self, cursor: str) -> Page:
        """The next page; an empty one without a request where it is too early. Raises ChannelError."""
        if self._clock.now() < self._due:
            return Page(payload=NOTHING, cursor=cursor, empty=True)
        page = await self._walker.step(cursor)
        if not page.more:
            self._due = self._clock.now() + PAUSE
        return page


def _listing(path: str, fields: str, time_key: str, names_next: bool) -> Listing:
    """The things named are items themselves; nothing below them is asked for."""

    def params(since: datetime) -> dict[str, Any]:
        return {"fields": fields, "limit": PAGE_SIZE}

    return Listing(
        path=path,
        params=params,
        inner="comments",
        inner_params=params,
        item_time=time_key,
        parent_time=time_key,
        inner_pages=False,
        names_next=names_next,
        is_item=_is_item,
    )


def _is_item(_: Item) -> bool:
    return True
