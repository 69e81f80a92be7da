"""What a list asks: standing views, filters and words, as conditions on applications; and the wall around a reader."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import and_, false, or_
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import search
from inbox.repositories.applications import is_open
from models.enums import ANSWERED_STATES, ApplicationState, ChannelName, Decision, Urgency
from models.tables import Application

RANKS = (0, 1)
"""Emergencies first, then the rest."""


class View(StrEnum):
    """A standing question to the list."""

    ALL = "all"
    URGENT = "urgent"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    REVIEW = "review"
    TODAY = "today"
    WEEK = "week"
    ANSWERED = "answered"
    SNOOZED = "snoozed"
    CLOSED = "closed"
    EVERYTHING = "everything"
    """Open or not: what a search looks through."""


BEYOND_OPEN = frozenset({View.CLOSED, View.EVERYTHING})
STANDING_VIEWS = [view for view in View if view not in BEYOND_OPEN]
"""Those with a number in the rail."""


class Sort(StrEnum):
    DUE = "due"
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The present, the ends of the day and the week in which the reader lives, and who she is to the list."""

    user_id: int
    everything: bool = True
    """Else only `unit`'s applications and, with `answered`, those whose citizen has an answer."""
    unit: str | None = None
    answered: bool = False
    now: datetime
    day_end: datetime
    week_end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a list shows. `words` are folded; `names` lets them match citizens' names too."""

    view: View = View.ALL
    sort: Sort = Sort.DUE
    channel: ChannelName | None = None
    topic: str = ""
    unit: str = ""
    district: str = ""
    state: ApplicationState | None = None
    urgency: Urgency | None = None
    assignee_id: int | None = None
    words: tuple[str, ...] = ()
    names: bool = False
    unfindable: bool = False
    """Somebody searches for signs of which no word is made: nothing is found, rather than everything."""
    after: str = ""
    """Where the page before ended; see `ListPage.next`."""


def hits_of(session: AsyncSession, query: ListQuery, span: Span) -> Any:
    """What the words find, to select from; None without words. Open lists and those of a unit look among theirs."""
    if not query.words:
        return None
    own = [is_open()] if query.view not in BEYOND_OPEN else []
    own += _reach(span) if not span.answered else []
    among = select(Application.id).where(*own) if own else None
    return search.newest(session, query.words, names=query.names, among=among)


def conditions(query: ListQuery, span: Span, hits: Any) -> list[Any]:
    """Of the applications that stand in the list; `hits` are `hits_of` the same query."""
    equal = {
        Application.channel: query.channel,
        Application.topic: query.topic,
        Application.unit: query.unit,
        Application.district: query.district,
        Application.state: query.state,
        Application.urgency: query.urgency,
        Application.assignee_id: query.assignee_id,
    }
    listed = [*_reach(span), *_view(query.view, span)]
    listed += [column == value for column, value in equal.items() if value]
    listed += [false()] if query.unfindable else []
    listed += _emergency() if query.urgency is Urgency.EMERGENCY else []
    if hits is not None:
        listed.append(Application.id.in_(sqlalchemy.select(hits.c.rowid)))
        listed += _searchable(query, span)
        number = search.whole_number(query.words)
        listed += [Application.number.endswith(number)] if number else []
    return listed


def _searchable(query: ListQuery, span: Span) -> list[Any]:
    """Who does not see the whole desk finds a confidential application by its number alone, never by its words."""
    if span.everything:
        return []
    last = query.words[-1]
    by_number = [Application.number.like(f"%-{last.zfill(7)}")] if last.isdigit() else []
    return [or_(~Application.confidential, *by_number)]


def _reach(span: Span) -> list[Any]:
    """The wall: whoever sees only a unit's or answered applications is bound to them in every query."""
    if span.everything:
        return []
    allowed = [Application.routed_unit == span.unit] if span.unit is not None else []
    if span.answered:
        allowed.append(Application.state.in_(ANSWERED_STATES))
    return [or_(*allowed) if allowed else false()]


def _view(view: View, span: Span) -> list[Any]:
    match view:
        case View.URGENT:
            return [_waits(span.now), *_emergency()]
        case View.MINE:
            return [_waits(span.now), Application.assignee_id == span.user_id]
        case View.UNASSIGNED:
            return [_waits(span.now), Application.assignee_id.is_(None)]
        case View.REVIEW:
            return [_waits(span.now), Application.decision == Decision.REVIEW]
        case View.TODAY:
            return [_waits(span.now), *_due_by(span.day_end)]
        case View.WEEK:
            return [_waits(span.now), *_due_by(span.week_end)]
        case View.ANSWERED:
            return [is_open(), Application.state == ApplicationState.ANSWERED, ~_waits(span.now)]
        case View.SNOOZED:
            return [is_open(), Application.snoozed_until > span.now]
        case View.CLOSED:
            return [Application.is_open == false()]
        case View.EVERYTHING:
            return []
        case View.ALL:
            return [_waits(span.now)]


def _emergency() -> list[Any]:
    """With its rank, so that an index leads to them."""
    return [Application.rank == 0, Application.urgency == Urgency.EMERGENCY]


def _due_by(moment: datetime) -> list[Any]:
    """With the ranks named, so that the index by rank and limit is of use."""
    return [Application.rank.in_(RANKS), Application.due_at <= moment]


def _waits(now: datetime) -> Any:
    """Condition: somebody owes this citizen a step, and nobody has laid it aside.

    An answered application waits again once she has written.
    """
    answered = and_(
        Application.state == ApplicationState.ANSWERED,
        Application.answered_at.is_not(None),
        Application.last_message_at <= Application.answered_at,
    )
    aside = and_(Application.snoozed_until.is_not(None), Application.snoozed_until > now)
    return and_(is_open(), ~answered, ~aside)
