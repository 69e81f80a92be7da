"""What a list shows, as it stands in the address: read from the query, and written back into links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar
from urllib.parse import urlencode

from inbox.repositories.list_query import BEYOND_OPEN, ListQuery, Sort, Span, View
from inbox.repositories.search import words_of
from inbox.rules.permissions import Action, Actor
from inbox.web.views.moments import Moments
from models.enums import ApplicationState, ChannelName, Urgency

VIEW_NAMES = {
    View.ALL: "Bekleyenler",
    View.URGENT: "Acil",
    View.MINE: "Bana atananlar",
    View.UNASSIGNED: "Atanmamış",
    View.REVIEW: "Kontrol bekleyen",
    View.TODAY: "Süresi bugün dolan",
    View.WEEK: "Süresi bu hafta dolan",
    View.ANSWERED: "Cevaplananlar",
    View.SNOOZED: "Ertelenenler",
    View.CLOSED: "Kapananlar",
    View.EVERYTHING: "Tüm başvurular",
}
_SORT_NAMES = {Sort.DUE: "Süresi en yakın", Sort.NEW: "En yeni", Sort.OLD: "En uzun bekleyen"}
_SORT_NAMES_BEYOND_OPEN = {Sort.NEW: "En yeni", Sort.OLD: "En eski"}
"""What is closed has no limit any more, and waits for nothing."""
_FIRST_SORT = {View.ALL: Sort.NEW, View.ANSWERED: Sort.NEW, View.CLOSED: Sort.NEW, View.EVERYTHING: Sort.NEW}
_FILTERS = ("channel", "topic", "unit", "district", "state", "urgency", "assignee")
_KEPT = ("view", "q", *_FILTERS, "sort")
MOST_WORDS = 8
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """A list's address in parts. Unknown values are left out, so that an old link still opens."""

    query: ListQuery
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def view(self) -> View:
        return self.query.view

    @property
    def title(self) -> str:
        return f"“{self.params['q']}” araması" if self.params.get("q") else VIEW_NAMES[self.view]

    @property
    def sorts(self) -> Mapping[Sort, str]:
        """The orders in which this list can stand, with their names."""
        return _sorts(self.view)

    @property
    def filter_count(self) -> int:
        return sum(1 for name in _FILTERS if self.params.get(name))

    def get(self, name: str) -> str:
        return self.params.get(name, "")

    def link(self, address: str, **changes: str) -> str:
        """An address that keeps this list; empty values take a part away."""
        merged = {**self.params, **changes}
        text = urlencode({name: value for name, value in merged.items() if value})
        return f"{address}?{text}" if text else address


def list_state(params: Mapping[str, str], actor: Actor) -> ListState:
    known = tuple((name, params[name]) for name in (*_KEPT, "after") if params.get(name))
    return _read(known, actor.may(Action.REVEAL_CITIZEN))


@lru_cache(maxsize=1_000)
def _read(known: tuple[tuple[str, str], ...], names: bool) -> ListState:
    """Every page shows thirty saved views, mostly the same."""
    params = dict(known)
    view = _word(View, params.get("view"))
    searched = params.get("q", "").strip()
    words = tuple(words_of(searched)[:MOST_WORDS])
    if view is None:
        view = View.EVERYTHING if searched else View.ALL
    assignee = params.get("assignee", "")
    query = ListQuery(
        view=view,
        sort=_word(_sorts(view), params.get("sort")) or _FIRST_SORT.get(view, Sort.DUE),
        channel=_word(ChannelName, params.get("channel")),
        topic=params.get("topic", ""),
        unit=params.get("unit", ""),
        district=params.get("district", ""),
        state=_word(ApplicationState, params.get("state")),
        urgency=_word(Urgency, params.get("urgency")),
        assignee_id=int(assignee) if assignee.isdecimal() else None,
        words=words,
        names=names,
        unfindable=bool(searched) and not words,
        after=params.get("after", ""),
    )
    return ListState(query=query, params={name: value for name, value in known if name in _KEPT})


def span_of(actor: Actor, moments: Moments) -> Span:
    day_end, week_end = moments.ends()
    reach = actor.reach
    return Span(
        user_id=actor.user_id,
        everything=reach.everything,
        unit=reach.unit,
        answered=reach.answered,
        now=moments.now,
        day_end=day_end,
        week_end=week_end,
    )


def _sorts(view: View) -> Mapping[Sort, str]:
    return _SORT_NAMES_BEYOND_OPEN if view in BEYOND_OPEN else _SORT_NAMES


def _word(words: Iterable[Word], value: str | None) -> Word | None:
    return next((word for word in words if word == value), None) if value else None
