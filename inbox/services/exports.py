"""A list as CSV. Personal data are masked always, and every export is recorded (directive 004, 19h)."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import inbox_list
from inbox.repositories.inbox_list import ListEntry
from inbox.repositories.list_query import ListQuery, Span
from inbox.rules.masking import HIDDEN_CITIZEN, mask_name, without_names
from inbox.rules.permissions import Action, Actor
from inbox.rules.sheets import BOM, line
from models.personal_data import mask
from models.tables import AccessRecord

MOST_ROWS = 50_000
"""Rows of one file; beyond them a report is what is wanted."""
HEAD = (
    "Başvuru no", "Kanal", "Vatandaş", "Tür", "Konu", "Birim", "İlçe", "Mahalle", "Durum", "Öncelik",
    "Geliş", "Son cevap", "İlk cevap", "Sonuçlanma", "Özet",
)  # fmt: skip

NameOf = Callable[[str, str | None], str]
"""(`channel` | `kind` | `topic` | `unit` | `state` | `urgency`, code) -> word."""


class Names:
    """Words for codes, as the pages show them."""

    def __init__(self, name_of: NameOf, shown_at: Callable[[datetime | None], str]) -> None:
        self.name_of = name_of
        self.shown_at = shown_at


async def record_export(session: AsyncSession, actor: Actor, *, title: str, now: datetime) -> None:
    """Who took which list out of the house."""
    actor.require(Action.EXPORT)
    session.add(AccessRecord(user_id=actor.user_id, what="export", reason=title[:200], at=now))


async def lines(
    session: AsyncSession, query: ListQuery, *, span: Span, actor: Actor, names: Names
) -> AsyncIterator[str]:
    """The file, page by page, `MOST_ROWS` at most."""
    actor.require(Action.EXPORT)
    yield BOM + line(HEAD)
    written = 0
    while written < MOST_ROWS:
        page = await inbox_list.page(session, query, span=span)
        yield "".join(line(_cells(one, names)) for one in page.entries)
        written += len(page.entries)
        if not page.next:
            return
        query = replace(query, after=page.next)


def _cells(one: ListEntry, names: Names) -> Sequence[str]:
    """Of a confidential one neither words nor neighbourhood: a file is read by who knows whom."""
    hidden = one.confidential
    words = without_names(one.summary, [one.citizen_name, one.handle])
    return (
        one.number,
        names.name_of("channel", one.channel),
        HIDDEN_CITIZEN if hidden else mask_name(one.citizen_name),
        names.name_of("kind", one.kind),
        names.name_of("topic", one.topic),
        names.name_of("unit", one.unit),
        one.district or "",
        "" if hidden else one.neighbourhood or "",
        names.name_of("state", one.state),
        names.name_of("urgency", one.urgency),
        names.shown_at(one.received_at),
        names.shown_at(one.due_at),
        names.shown_at(one.first_answer_at),
        names.shown_at(one.closed_at),
        "" if hidden else mask(words, shown=frozenset()),
    )
