"""Cursors: how far a stream was read, and where a walk over its pages stands. Pure.

X's lists have the newest first. `since` moves only when a walk has reached what was known, so that a crash in the
middle skips nothing. Items may become visible late: `since` stays some time behind, and what was seen in that time is
remembered, so that a quiet poll counts as empty.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from connectors.twitter.values import as_id, as_number, as_object, as_text, as_time, ids, objects, snowflake_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a walk must know of a page: its ids, and the token of the next one."""

    ids: tuple[str, ...] = ()
    next_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """`start` is the first start's ISO time, used until there is a `since`.

    `token` and `horizon` belong to a walk: items later than that id may still get elder neighbours.
    """

    since: str = ""
    start: str = ""
    token: str = ""
    horizon: str = ""
    seen: tuple[str, ...] = ()
    count: int = 0
    """Items that the walk has come by."""
    lowest: str = ""
    """The oldest of them."""
    searches: bool = False
    """The platform's list was too short: recent search goes on below `lowest`."""

    @property
    def walks(self) -> bool:
        return bool(self.token) or self.searches

    def as_text(self) -> str:
        """The same cursor gives the same text."""
        values = {"since": self.since, "start": self.start, "token": self.token, "horizon": self.horizon}
        walk = {"count": self.count, "lowest": self.lowest, "searches": self.searches} if self.walks else {}
        return json.dumps({name: value for name, value in (values | walk).items() if value} | {"seen": list(self.seen)})

    @property
    def floor(self) -> int:
        """Ids up to this one are known, or too old to be wanted."""
        start = as_time(self.start)
        return as_number(self.since) or (snowflake_at(start) if start else 0)

    def has_new(self, answer: Answer) -> bool:
        return any(one not in self.seen and as_number(one) > self.floor for one in answer.ids)

    def reaches(self, answer: Answer) -> bool:
        """Whether a page without lower bound has come to what was known before."""
        return any(as_number(one) <= self.floor for one in answer.ids)

    def raised_to(self, floor: int) -> "Cursor":
        """The cursor of a walk that cannot reach below `floor`. The bound is an id and stands until the walk ends."""
        return replace(self, since=str(max(self.floor, floor)))

    def after(self, answer: Answer, *, horizon: int, ended: bool = False) -> "Cursor":
        """The cursor behind a page; `horizon` counts where the page is the first of its walk."""
        horizon = as_number(self.horizon) or horizon
        seen = {one for one in (*self.seen, *answer.ids) if as_number(one) > self.floor}
        if answer.next_token and not ended:
            passed = self.passed(answer)
            return replace(passed, token=answer.next_token, horizon=str(horizon), seen=_sorted(seen))
        settled = [one for one in seen if as_number(one) <= horizon]
        since = max((self.since, *settled), key=as_number)
        recent = _sorted(one for one in seen if as_number(one) > as_number(since))
        return Cursor(since=since, start="" if since else self.start, seen=recent)

    def passed(self, answer: Answer) -> "Cursor":
        """The cursor of a walk that has come by this page."""
        lowest = min((*answer.ids, *([self.lowest] if self.lowest else [])), key=as_number, default="")
        return replace(self, count=self.count + len(answer.ids), lowest=lowest)

    def searching(self, answer: Answer, *, horizon: int) -> "Cursor":
        """The list ended here, though there may be more: the walk goes on by search, below what was listed."""
        horizon = as_number(self.horizon) or horizon
        seen = {one for one in (*self.seen, *answer.ids) if as_number(one) > self.floor}
        return replace(self.passed(answer), token="", horizon=str(horizon), seen=_sorted(seen), searches=True)

    def restarted(self) -> "Cursor":
        """The walk from its beginning, where the platform has forgotten the token."""
        return replace(self, token="", horizon="", count=0, lowest="", searches=False)


def read_cursor(text: str) -> Cursor:
    """An unreadable cursor is one that knows nothing: everything is asked for again."""
    try:
        found = as_object(json.loads(text)) if text else {}
    except ValueError:
        found = {}
    return Cursor(
        since=as_id(found.get("since")),
        start=as_text(found.get("start")),
        token=as_text(found.get("token")),
        horizon=as_id(found.get("horizon")),
        seen=tuple(ids(found.get("seen"))),
        count=as_number(as_id(found.get("count"))),
        lowest=as_id(found.get("lowest")),
        searches=found.get("searches") is True,
    )


def read_answer(body: bytes) -> Answer:
    """Raises ValueError where the body is no JSON."""
    page = as_object(json.loads(body))
    found: Sequence[str] = [as_id(item.get("id")) for item in objects(page.get("data"))]
    token = as_text(as_object(page.get("meta")).get("next_token"))
    return Answer(ids=tuple(one for one in found if one), next_token=token)


def _sorted(some: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(some, key=as_number))
