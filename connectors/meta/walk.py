"""Reads lists of lists (posts and comments, conversations and messages) newest first, page by page, by a cursor.

A step is one request and one Page. `since` moves only when a walk has ended; a crash anywhere skips nothing. What an
earlier page of the same cursor already handed over is taken out, so that an unchanged list gives an empty page.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.meta.graph import GraphClient
from connectors.meta.pacing import Pace
from connectors.meta.reading import UNREADABLE, edge, id_of, moment, record
from models.errors import RequestRefusedError, TransientError
from models.messages import Page
from models.ports import Clock

OVERLAP = timedelta(minutes=5)
"""Read again behind `since`: clocks differ, and the platform shows some things late."""
LONGEST_MEMORY = 2_000
GONE = frozenset({"100/33", "404"})
"""Codes of an object that is not there any more. `100` alone is our own mistake: raised, the cursor stays."""

Item = dict[str, Any]
Query = Callable[[datetime], Mapping[str, Any]]


def _alone(item: Item) -> list[Item]:
    return [item]


def _no_item(_: Item) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of parents, each with an expanded inner list.

    `params` and `inner_params` give the query for a time since which items are wanted. Parents are read back to
    `reaches_back` before now, or, where it is None, to `since`. `is_item` tells parents that are items themselves.
    `unfold` lays nested items flat; `below` names inner lists of an item that need pages of their own. `names_next`:
    False where the platform tells cursors alone, also on the last page.
    """

    path: str
    params: Query
    inner: str
    inner_params: Query
    item_time: str
    parent_time: str
    reaches_back: timedelta | None = None
    inner_pages: bool = True
    names_next: bool = True
    kept_of_parent: tuple[str, ...] = ("id",)
    is_item: Callable[[Item], bool] = _no_item
    unfold: Callable[[Item], list[Item]] = _alone
    below: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The rest of an inner list. `is_whole`: its order is unknown, so it is read to the end."""

    path: str
    after: str
    thread_id: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a cursor holds. `started` is empty while no walk is under way; `known` are ids handed over lately."""

    since: str = ""
    high: str = ""
    started: str = ""
    after: str = ""
    rests: tuple[Rest, ...] = ()
    known: Mapping[str, str] | None = None

    def written(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))


def read_state(cursor: str) -> State:
    """The state in a cursor; a fresh one where it is empty or not ours."""
    try:
        fields = dict(record(json.loads(cursor or "{}")))
        rests = tuple(Rest(**rest) for rest in fields.pop("rests", ()))
        known = dict(record(fields.pop("known", None)))
        return State(rests=rests, known=known or None, **fields)
    except UNREADABLE:
        return State()


@dataclass(slots=True)
class _Step:
    """One answer under way to a Page."""

    state: State
    since: datetime
    known: dict[str, str]
    high: str
    count: int = 0


class Walker:
    """Walks one listing. The first walk looks back by `look_back`."""

    def __init__(
        self, graph: GraphClient, clock: Clock, listing: Listing, *, look_back: timedelta, pace: Pace | None = None
    ) -> None:
        self._graph = graph
        self._clock = clock
        self._listing = listing
        self._look_back = look_back
        self._pace = pace

    async def step(self, cursor: str) -> Page:
        """The next page. Raises ChannelError; the cursor then stays as it was."""
        state = self._begun(read_state(cursor))
        step = _Step(state, moment(state.since) or self._clock.now(), dict(state.known or {}), state.high)
        try:
            return await (self._inner(step) if state.rests else self._outer(step))
        except UNREADABLE as error:
            raise TransientError(f"the platform's list cannot be read ({type(error).__name__})") from error

    def _begun(self, state: State) -> State:
        if state.started:
            return state
        now = self._clock.now()
        since = moment(state.since) or now - self._look_back
        return replace(state, started=now.isoformat(), since=since.isoformat(), high="", after="", rests=())

    async def _outer(self, step: _Step) -> Page:
        state, listing = step.state, self._listing
        query = {**listing.params(step.since), **({"after": state.after} if state.after else {})}
        try:
            answer = await self._get(listing.path, query)
        except RequestRefusedError:
            if not state.after:
                raise
            return _page([], step, replace(state, started="", after=""))  # the continuation is dead: walk anew
        parents = _objects(answer)
        rests: list[Rest] = []
        kept = [thinned for parent in parents if (thinned := self._parent(dict(parent), step, rests))]
        after = next_after(answer, is_named=listing.names_next) if self._goes_on(parents, step) else ""
        return self._page(kept, step, replace(state, after=after, rests=tuple(rests)))

    async def _inner(self, step: _Step) -> Page:
        rest, *others = step.state.rests
        try:
            answer = await self._get(rest.path, {**self._listing.inner_params(step.since), "after": rest.after})
        except RequestRefusedError as error:
            if not rest.after and error.code not in GONE:
                raise
            retry = [replace(rest, after="")] if rest.after else []  # a dead continuation: its first page again
            return self._page([], step, replace(step.state, rests=(*retry, *others)))
        items = _objects(answer)
        rests: list[Rest] = []
        fresh = self._fresh(items, step, rests, rest.thread_id)
        after = next_after(answer)
        if after and (rest.is_whole or self._reaches(items, self._listing.item_time, step.since)):
            rests.insert(0, replace(rest, after=after))
        page_state = replace(step.state, rests=(*rests, *others))
        return self._page(fresh, step, page_state, thread_id=rest.thread_id)

    async def _get(self, path: str, query: Mapping[str, Any]) -> Any:
        query = {name: value for name, value in query.items() if value != ""}
        async with self._pace.turn() if self._pace else nullcontext():
            return (await self._graph.get(path, query)).json

    def _parent(self, parent: Item, step: _Step, rests: list[Rest]) -> Item | None:
        """The parent with its fresh items alone; None where nothing of it is fresh."""
        listing = self._listing
        thread_id = id_of(parent.get("id"))
        inner = parent.pop(listing.inner, None)
        items = _objects(inner)
        fresh = self._fresh(items, step, rests, thread_id)
        after = next_after(inner) if listing.inner_pages else ""
        if after and self._reaches(items, listing.item_time, step.since):
            rests.append(Rest(path=f"{thread_id}/{listing.inner}", after=after, thread_id=thread_id))
        is_fresh = listing.is_item(parent) and self._is_fresh(parent, listing.parent_time, step)
        if not fresh and not is_fresh:
            return None
        kept = parent if is_fresh else {name: parent[name] for name in listing.kept_of_parent if name in parent}
        return {**kept, listing.inner: {"data": fresh}}

    def _fresh(self, items: Sequence[Item], step: _Step, rests: list[Rest], thread_id: str) -> list[Item]:
        listing = self._listing
        for item in items if listing.below else ():
            path = f"{id_of(item.get('id'))}/{listing.below}"
            if after := next_after(item.get(listing.below)):
                rests.append(Rest(path=path, after=after, thread_id=thread_id, is_whole=True))
        flat = [part for item in items for part in listing.unfold(item)]
        return [part for part in flat if self._is_fresh(part, listing.item_time, step)]

    def _is_fresh(self, item: Item, time_key: str, step: _Step) -> bool:
        """New to this cursor. An item without a readable time or id counts as new."""
        at, name = moment(item.get(time_key)), id_of(item.get("id"))
        if name in step.known or (at and at < step.since):
            return False
        if at and name:
            step.known[name] = at.isoformat()
            step.high = max(step.high, at.isoformat())
        step.count += 1
        return True

    def _goes_on(self, parents: Sequence[Item], step: _Step) -> bool:
        reach = self._listing.reaches_back
        return self._reaches(parents, self._listing.parent_time, self._clock.now() - reach if reach else step.since)

    @staticmethod
    def _reaches(items: Sequence[Item], time_key: str, back_to: datetime) -> bool:
        """True where the last item is not older: there may be more behind it."""
        last = moment(items[-1].get(time_key)) if items else None
        return bool(items) and (last is None or last >= back_to)

    def _page(self, data: list[Item], step: _Step, state: State, *, thread_id: str = "") -> Page:
        state = replace(state, high=step.high, known=_latest(step.known))
        if not state.rests and not state.after:
            state = _ended(state)
        return _page(data, step, state, thread_id=thread_id)


def _ended(state: State) -> State:
    """`since` moves to the newest item seen, but never behind the walk's own start: later ones were perhaps passed."""
    newest = min(filter(None, (moment(state.high), moment(state.started))), default=None)
    old = moment(state.since) or datetime.fromtimestamp(0, UTC)
    since = max(old, newest - OVERLAP) if newest and state.high else old
    lately = {name: at for name, at in (state.known or {}).items() if (moment(at) or old) >= since}
    return State(since=since.isoformat(), known=lately)


def _latest(known: Mapping[str, str]) -> Mapping[str, str]:
    """As many as a cursor may hold; what is forgotten is handed over again, which is harmless."""
    if len(known) <= LONGEST_MEMORY:
        return known
    return dict(sorted(known.items(), key=lambda pair: pair[1])[-LONGEST_MEMORY:])


def _objects(answer: Any) -> list[Item]:
    """The objects of an edge; null and the like carry nothing."""
    return [dict(item) for item in edge(answer) if isinstance(item, Mapping)]


def _page(data: list[Item], step: _Step, state: State, *, thread_id: str = "") -> Page:
    body = {"thread_id": thread_id, "data": data} if thread_id else {"data": data}
    payload = json.dumps(body).encode()
    return Page(payload=payload, cursor=state.written(), more=bool(state.started), empty=not step.count)


def next_after(answer: Any, *, is_named: bool = True) -> str:
    """The continuation of an edge; empty on its last page, which names no next one."""
    paging = record(record(answer).get("paging")) if isinstance(answer, Mapping) else {}
    return id_of(record(paging.get("cursors")).get("after")) if paging.get("next") or not is_named else ""
