"""Puts pages together: reads what they need from the desk and hands it to views. Changes nothing."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, inbox_list, operations, organisation, people
from inbox.repositories.inbox_list import ListPage, Present
from inbox.repositories.list_query import Span, View
from inbox.rules.permissions import Action, Actor, known_roles
from inbox.services import emergencies, mentions, saved_views
from inbox.web.guard import SAFE_METHODS
from inbox.web.kept import Kept
from inbox.web.list_state import VIEW_NAMES, ListState, list_state, span_of
from inbox.web.rendering import desk_of, moments_of
from inbox.web.turns import Turns
from inbox.web.views.alarms import alarm_row
from inbox.web.views.health import HealthLine, health_line
from inbox.web.views.labels import GLYPHS, Labels, labels_of
from inbox.web.views.rows import Row, application_row, check_row
from models.enums import SOCIAL_CHANNELS, Kind, Urgency
from models.errors import ForbiddenError, InputError

MOST_CHECKS = 100
Context = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """A saved view in the rail."""

    name: str
    link: str
    count: str
    current: bool


@dataclass(slots=True, kw_only=True)
class PageBuilder:
    """The parts of the inbox for one request."""

    request: Request
    session: AsyncSession
    actor: Actor
    labels: Labels
    state: ListState
    _known_present: Present | None = None
    _known_names: Sequence[int] | None = None

    async def shell(self, *, selected: str = "") -> Context:
        """Bar, rail and list: what stands around an opened application."""
        return {
            **await self.listing(selected=selected),
            **await self.rail(),
            **await self.filters(),
            "alarms": await self._alarms(),
        }

    async def _alarms(self) -> list[dict[str, object]]:
        """Emergencies that ring for this reader."""
        found = await emergencies.ringing(self.session, self.actor)
        moments = moments_of(self.request)
        return [alarm_row(one, actor=self.actor, labels=self.labels, moments=moments) for one in found]

    async def listing(self, *, selected: str = "") -> Context:
        page = await self._page()
        rows = [self._row(entry) for entry in page.entries]
        checks = [] if self.state.query.after else await self._checks()
        return {
            "state": self.state,
            "rows": [*checks, *rows],
            "next_page": self.state.link("/inbox", after=page.next) if page.next else "",
            "cut": page.cut,
            "selected": selected,
            "mark": (await self._present()).mark,
            "fresh": 0,
            "share_roles": self._share_roles(),
        }

    def _share_roles(self) -> list[tuple[str, str]]:
        """Roles with which she may share this list as a view."""
        may_share = saved_views.may_share(self.actor)
        return [(role.value, self.labels.role(role)) for role in saved_views.READERS] if may_share else []

    async def rail(self) -> Context:
        shared = self.request.app.state.numbers
        present = await self._present()
        mark = present.mark
        counts = await shared.counts(self.session, span=self.span, mark=mark)
        kept = await saved_views.views(self.session, self.actor)
        states = [list_state(one.params, self.actor) for one in kept]
        sizes = await shared.of_lists(self.session, [one.query for one in states], span=self.span, mark=mark)
        numbers = dict(counts.views)
        if self.actor.may(Action.CHECK):
            numbers[View.REVIEW] += present.checks
        channels = [
            (channel, self.labels.channel(channel), GLYPHS[channel], _shown(counts.channels[channel]))
            for channel in SOCIAL_CHANNELS
        ]
        return {
            "state": self.state,
            "numbers": {view: _shown(number) for view, number in numbers.items()},
            "views": VIEW_NAMES,
            "channels": channels,
            "View": View,
            "named": len(await self.named_in()),
            "kept_views": [
                KeptView(
                    name=one.name,
                    link=state.link("/inbox"),
                    count=str(_shown(size)),
                    current=state.params == self.state.params,
                )
                for one, state, size in zip(kept, states, sizes, strict=True)
            ],
            "health": await _health(self.request, self.session),
        }

    async def filters(self, *, colleagues: bool = True) -> Context:
        """Choices of the list's filters and of the labels; people only where somebody can choose them."""
        texts = self.labels.texts
        topics = list(self.labels.topics.values())
        units = [unit for unit in self.labels.units.values() if not unit.parent]
        districts = desk_of(self.request).profile.districts
        return {
            "topics": topics,
            "units": units,
            "districts": districts,
            "topic_options": [(topic.id, topic.name) for topic in topics],
            "unit_options": [(unit.id, unit.name) for unit in units],
            "district_options": [(name, name) for name in districts],
            "state_names": texts["states"],
            "kind_names": {kind: self.labels.kind(kind) for kind in Kind},
            "urgency_names": {urgency: self.labels.urgency(urgency) for urgency in Urgency},
            "channel_names": {channel: self.labels.channel(channel) for channel in SOCIAL_CHANNELS},
            "colleagues": await self._colleagues() if colleagues else [],
        }

    async def fresh(self, mark: int) -> Context:
        """How much has come into this list since it was read."""
        count = await inbox_list.count_since(self.session, self.state.query, span=self.span, mark=mark)
        return {"state": self.state, "fresh": count, "mark": mark}

    async def found(self, text: str) -> list[tuple[str, Row]]:
        """Number and row of what a search for this text shows first."""
        query = list_state({"q": text}, self.actor).query
        if not query.words:
            return []
        page = await inbox_list.page(self.session, query, span=self.span)
        return [(one.number, self._row(one)) for one in page.entries]

    async def row(self, application_id: int) -> Row | None:
        entry = await inbox_list.entry(self.session, application_id)
        if entry is None or not self.actor.may_see(entry):
            return None
        return self._row(entry)

    @property
    def span(self) -> Span:
        return span_of(self.actor, moments_of(self.request))

    async def _page(self) -> ListPage:
        try:
            return await inbox_list.page(self.session, self.state.query, span=self.span)
        except ValueError as error:
            raise InputError("Listenin bu yeri bulunamadı; listeyi baştan açınız.") from error

    async def _checks(self) -> list[Row]:
        """Messages in the check queue stand on top of their view, for those who may decide on them."""
        if self.state.view is not View.REVIEW or not self.actor.may(Action.CHECK) or self.state.filter_count:
            return []
        waiting = await inbox_list.waiting_checks(self.session, limit=MOST_CHECKS)
        moments = moments_of(self.request)
        return [
            check_row(message, name=name, handle=handle, labels=self.labels, moments=moments)
            for message, name, handle in waiting
        ]

    async def _present(self) -> Present:
        if self._known_present is None:
            self._known_present = await inbox_list.present(self.session)
        return self._known_present

    async def named_in(self) -> Sequence[int]:
        """Applications that have named her since she opened them."""
        if self._known_names is None:
            self._known_names = await mentions.named_in(self.session, self.actor)
        return self._known_names

    async def _colleagues(self) -> Sequence[tuple[int, str]]:
        """Those to whom an application can be given."""

        async def read() -> list[tuple[int, str]]:
            return [
                (user_id, name)
                for user_id, name, roles in await people.active_roles(self.session)
                if Actor(user_id=user_id, name=name, roles=known_roles(roles)).may(Action.ANSWER)
            ]

        return await kept_of(self.request).get("colleagues", read)

    def _row(self, entry: inbox_list.ListEntry) -> Row:
        return application_row(entry, actor=self.actor, labels=self.labels, moments=moments_of(self.request))


def _shown(size: int) -> int | str:
    return f"{inbox_list.MOST_COUNTED - 1}+" if size >= inbox_list.MOST_COUNTED else size


@asynccontextmanager
async def page(request: Request) -> AsyncIterator[PageBuilder]:
    """To read a page of the inbox; in its turn where the database works in this very process."""
    turns: Turns = request.app.state.turns
    database = desk_of(request).database
    async with turns.next() if database.dialect == "sqlite" else nullcontext(), database.read() as session:
        yield await page_builder(request, session)


async def page_builder(request: Request, session: AsyncSession) -> PageBuilder:
    """Raises ForbiddenError for people who have no list."""
    actor: Actor = request.state.log_in.actor
    if not actor.reach:
        raise ForbiddenError("Hesabınız için gelen kutusu yetkisi tanımlı değil; yöneticinize başvurunuz.")
    if request.method not in SAFE_METHODS:
        request.app.state.numbers.void()
    labels = await office_labels(request, session)
    state = list_state(request.query_params, actor)
    return PageBuilder(request=request, session=session, actor=actor, labels=labels, state=state)


def kept_of(request: Request) -> Kept:
    """Names and the like, as this process knows them; void it after a change of any."""
    kept: Kept = request.app.state.kept
    return kept


async def office_labels(request: Request, session: AsyncSession) -> Labels:
    """Names of topics and units."""

    async def read() -> Labels:
        return labels_of(
            desk_of(request).profile.texts,
            topics=await organisation.all_topics(session),
            units=await organisation.all_units(session),
        )

    return await kept_of(request).get("labels", read)


async def _health(request: Request, session: AsyncSession) -> HealthLine | None:
    """The accounts in one line."""

    async def read() -> HealthLine | None:
        known = await accounts.all_accounts(session)
        runs = [run for one in known if one.enabled and (run := await operations.last_run(session, one.id or 0))]
        return health_line(known, runs, moments=moments_of(request))

    return await kept_of(request).get("health", read)
