"""The list of the inbox: keyset pages, counts, and how much has come since a list was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import and_, bindparam, func, or_, true, tuple_
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import search
from inbox.repositories.list_query import RANKS, ListQuery, Sort, Span, conditions, hits_of
from models.enums import (
    ApplicationState,
    ChannelName,
    Decision,
    Kind,
    Surface,
    Urgency,
)
from models.tables import Application, Citizen, ClassificationRecord, Conversation, Identity, Message, User

PAGE = 40
MOST_COUNTED = 1000
"""Shown as «999+»."""


class ListEntry(NamedTuple):
    """What a line shows of an application, and of other tables."""

    id: int
    number: str
    channel: ChannelName
    kind: Kind
    topic: str | None
    unit: str | None
    routed_unit: str | None
    district: str | None
    neighbourhood: str | None
    state: ApplicationState
    is_open: bool
    rank: int
    urgency: Urgency
    decision: Decision
    confidential: bool
    unread: bool
    summary: str
    received_at: datetime
    last_message_at: datetime
    due_at: datetime
    first_answer_at: datetime | None
    closed_at: datetime | None
    citizen_name: str
    handle: str
    surface: Surface
    assignee: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """`next` continues behind the last entry; empty on the last page."""

    entries: Sequence[ListEntry]
    next: str
    cut: bool = False
    """More applications hold the words than are looked at: the list has the newest."""


_OWN = [getattr(Application, name) for name in ListEntry._fields if name in Application.model_fields]
"""As columns, in the order of the fields: whole objects took twice as long."""
_ENTRIES: Any = (
    sqlalchemy.select(
        *_OWN, Citizen.display_name, Identity.handle, Identity.external_id, Conversation.surface, User.name
    )
    .select_from(Application)
    .join(Citizen, Citizen.id == Application.citizen_id)
    .join(Conversation, Conversation.id == Application.conversation_id, isouter=True)
    .join(Identity, Identity.id == Conversation.identity_id, isouter=True)
    .join(User, User.id == Application.assignee_id, isouter=True)
)


async def page(session: AsyncSession, query: ListQuery, *, span: Span) -> ListPage:
    """Up to `PAGE` entries behind `query.after`. Raises ValueError where that is no place in this order."""
    place = _read_place(query.after) if query.after else None
    hits = hits_of(session, query, span)
    if hits is None:
        found, hit = await _walk(session, query, span=span, place=place), 0
    else:
        found, hit = await _sort(session, query, span=span, hits=hits, place=place)
    more = len(found) > PAGE
    return ListPage(
        entries=found[:PAGE],
        next=_place(query.sort, found[PAGE - 1]) if more else "",
        cut=hit >= search.MOST_HITS,
    )


async def _walk(session: AsyncSession, query: ListQuery, *, span: Span, place: "_Place | None") -> list[ListEntry]:
    """Up to one more than a page, along the index of the order, one rank after the other.

    They are chosen before anything is joined to them: a topic may have thousands that wait.
    """
    found: list[ListEntry] = []
    order = _order(query.sort)
    for rank in RANKS[place.rank if place else 0 :]:
        chosen = sqlalchemy.select(Application.id).where(*conditions(query, span, None), Application.rank == rank)
        if place and place.rank == rank:
            chosen = chosen.where(_behind(query.sort, place, _moment(query.sort), Application.id))
        page = chosen.order_by(*order).limit(PAGE + 1 - len(found))
        rows = await session.exec(_ENTRIES.where(Application.id.in_(page)).order_by(*order))
        found += [_entry(row) for row in rows.all()]
        if len(found) > PAGE:
            break
    return found


async def _sort(
    session: AsyncSession, query: ListQuery, *, span: Span, hits: Any, place: "_Place | None"
) -> tuple[list[ListEntry], int]:
    """(the same of what words have found, how many applications hold the words).

    What is found is written down before it is put in order: else a database would walk all applications in that order.
    """
    chosen = sqlalchemy.select(Application.rank, _moment(query.sort).label("moment"), Application.id)
    found = chosen.where(*conditions(query, span, hits)).cte("found").prefix_with("MATERIALIZED")
    page = sqlalchemy.select(found).order_by(*_ranked(found.c, query.sort)).limit(PAGE + 1)
    if place:
        here = and_(found.c.rank == place.rank, _behind(query.sort, place, found.c.moment, found.c.id))
        page = page.where(or_(found.c.rank > place.rank, here))
    shown = page.subquery()
    hit = sqlalchemy.select(func.count().label("hit")).select_from(hits).subquery()
    both = sqlalchemy.select(hit.c.hit, shown.c.id).join(shown, true(), isouter=True)
    rows = (await session.exec(both.order_by(*_ranked(shown.c, query.sort)))).all()
    keys = [key for _, key in rows if key is not None]
    found_rows = (await session.exec(_ENTRIES.where(Application.id.in_(keys)))).all() if keys else []
    entries = {one.id: one for one in map(_entry, found_rows)}
    return [entries[key] for key in keys], rows[0][0]


async def entry(session: AsyncSession, application_id: int) -> ListEntry | None:
    """One application as a row of the list."""
    row = (await session.exec(_ENTRIES.where(Application.id == application_id))).first()
    return _entry(row) if row else None


async def count_each(session: AsyncSession, queries: Sequence[ListQuery], *, span: Span) -> list[int]:
    """How many stand in each list, in its order, counted to `MOST_COUNTED` at most: one look at the index of each."""
    if not queries:
        return []
    sums = []
    for query in queries:
        listed = conditions(query, span, hits_of(session, query, span))
        some = select(Application.id).where(*listed).limit(MOST_COUNTED).subquery()
        sums.append(select(func.count()).select_from(some).scalar_subquery())
    row = (await session.exec(select(*sums))).one()
    return list(row) if len(sums) > 1 else [row]


@dataclass(frozen=True, slots=True)
class Present:
    """What has come so far: everything classified after the mark is new to who reads the list now."""

    mark: int
    checks: int
    """Messages that wait for a person to confirm that there is nothing to act on."""


_PRESENT = select(
    func.coalesce(select(func.max(ClassificationRecord.id)).scalar_subquery(), 0),
    select(func.count(Message.id)).where(Message.awaits_check).scalar_subquery(),
)


async def present(session: AsyncSession) -> Present:
    """As the list and the rail of one page know it."""
    return Present(*(await session.exec(_PRESENT)).one())


async def count_since(session: AsyncSession, query: ListQuery, *, span: Span, mark: int) -> int:
    """How many turns of citizens have come into this view since the mark."""
    newer = select(ClassificationRecord.application_id).where(
        ClassificationRecord.id > mark,
        ClassificationRecord.corrected_by.is_(None),
        ClassificationRecord.application_id.is_not(None),
    )
    turns = (await session.exec(newer.order_by(ClassificationRecord.id).limit(MOST_COUNTED))).all()
    if not turns:
        return 0
    here = select(Application.id).where(Application.id.in_(set(turns)))
    found = set((await session.exec(here.where(*conditions(query, span, hits_of(session, query, span))))).all())
    return sum(application_id in found for application_id in turns)


async def waiting_checks(session: AsyncSession, *, limit: int) -> Sequence[tuple[Message, str, str]]:
    """(message, name, handle) of what waits for a look before it is dismissed, oldest first."""
    statement = (
        select(Message, Citizen.display_name, Identity.handle)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Identity, Identity.id == Conversation.identity_id)
        .join(Citizen, Citizen.id == Conversation.citizen_id)
        .where(Message.awaits_check)
        .order_by(Message.id)
        .limit(limit)
    )
    return (await session.exec(statement)).all()


def _entry(row: Any) -> ListEntry:
    *own, name, handle, external_id, surface, assignee = row
    known = name or handle or (external_id if row.channel is ChannelName.WHATSAPP else "") or ""
    cells = [*own, known, handle or "", surface or Surface.MANUAL, assignee]
    return ListEntry(*cells)


def _order(sort: Sort) -> tuple[Any, ...]:
    """Within one rank, so that every order is one walk over an index, forwards or backwards."""
    match sort:
        case Sort.DUE:
            return (Application.due_at, Application.id)
        case Sort.NEW:
            return (Application.last_message_at.desc(), Application.id.desc())
        case Sort.OLD:
            return (Application.last_message_at, Application.id)


def _ranked(columns: Any, sort: Sort) -> tuple[Any, ...]:
    """The whole order, of columns `rank`, `moment` and `id`."""
    moment, key = columns.moment, columns.id
    return (columns.rank, moment.desc(), key.desc()) if sort is Sort.NEW else (columns.rank, moment, key)


def _moment(sort: Sort) -> Any:
    return Application.due_at if sort is Sort.DUE else Application.last_message_at


def _place(sort: Sort, last: ListEntry) -> str:
    moment = last.due_at if sort is Sort.DUE else last.last_message_at
    return f"{last.rank}_{moment.isoformat()}_{last.id}"


@dataclass(frozen=True, slots=True)
class _Place:
    rank: int
    moment: datetime
    id: int


def _read_place(text: str) -> _Place:
    rank, moment, key = text.split("_")
    return _Place(int(rank), datetime.fromisoformat(moment.replace(" ", "+")), int(key))


def _behind(sort: Sort, place: _Place, moment: Any, key: Any) -> Any:
    here = tuple_(moment, key)
    there = tuple_(bindparam(None, place.moment, moment.type), bindparam(None, place.id, key.type))
    return here < there if sort is Sort.NEW else here > there
