"""Full text over applications: folded words, found by their beginnings. FTS5 on SQLite, tsvector on PostgreSQL."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, column, literal_column, table, text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import ChannelName
from models.tables import Application, Citizen, Identity, Message
from models.tables.columns import BIG_ID
from models.turkish import skeleton

NAME_MARK = "n0"
"""Stands before every word of a citizen's name, so that only those who may see names find by them."""
_WORD = re.compile(r"[^\W_]+")
"""Letters and digits of any alphabet: not everybody in a city writes Turkish."""
_PUT = {
    "sqlite": "INSERT OR REPLACE INTO application_search (rowid, folded) VALUES (:id, :folded)",
    "postgresql": (
        "INSERT INTO application_search (rowid, folded) VALUES (:id, to_tsvector('simple', :folded)) "
        "ON CONFLICT (rowid) DO UPDATE SET folded = excluded.folded"
    ),
}
_MATCH = {
    "sqlite": "application_search MATCH :query",
    "postgresql": "folded @@ to_tsquery('simple', :query)",
}
_ROW = column("rowid", BIG_ID)
_INDEX = table("application_search", _ROW)
MOST_HITS = 1000
"""So many of the newest hits are looked at: a common word must not cost more in a large database."""
DIGITS = 7
"""Of the counted part of an application's number."""
_WHOLE_NUMBER = re.compile(rf"(?:^|.* )(20\d\d) (\d{{{DIGITS}}})")
_BY_PHONE = (ChannelName.WHATSAPP, ChannelName.PHONE)
"""Where a citizen's id is her number."""
_MOBILE = re.compile(r"05\d+")


def words_of(text: str) -> list[str]:
    """Folded words of letters and digits, as they stand in the index."""
    return _WORD.findall(skeleton(text))


async def put(session: AsyncSession, texts: Mapping[int, str]) -> None:
    """Make applications findable by these folded texts (`models.turkish.skeleton`); replaces what was there."""
    if texts:
        rows = [{"id": key, "folded": folded} for key, folded in texts.items()]
        await session.exec(text(_PUT[_dialect(session)]), params=rows)


async def index_applications(session: AsyncSession, ids: Sequence[int]) -> None:
    """Put applications into the index anew: number, their messages as they stand now, and their citizens' names."""
    if not ids:
        return
    found = (await session.exec(select(Application).where(Application.id.in_(ids)))).all()
    messages = await _messages(session, ids)
    names = await _names(session, {one.citizen_id for one in found})
    texts = {
        one.id or 0: " ".join(index_words(one.number, messages[one.id or 0], names[one.citizen_id])) for one in found
    }
    await put(session, texts)


async def index_numbers(session: AsyncSession, numbers: Mapping[int, str]) -> None:
    """Applications that can be found by their numbers alone from now on."""
    await put(session, {key: " ".join(index_words(number, (), ())) for key, number in numbers.items()})


async def forget_deleted(session: AsyncSession) -> None:
    """Words that were taken out of the index leave its pages, too (FTS5 keeps them until parts are merged)."""
    if _dialect(session) == "sqlite":
        await session.exec(text("INSERT INTO application_search (application_search) VALUES ('optimize')"))


async def erased_since(session: AsyncSession, since: datetime) -> bool:
    """Whether a message was taken back or an application anonymised since then."""
    taken_back = select(Message.id).where(Message.deleted_at >= since).limit(1)
    anonymised = select(Application.id).where(Application.anonymised_at >= since).limit(1)
    return any([(await session.exec(query)).first() is not None for query in (taken_back, anonymised)])


def newest(session: AsyncSession, words: Sequence[str], *, names: bool = False, among: Any = None) -> Any:
    """The `rowid` of the newest `MOST_HITS` applications with a word beginning like each given; a table expression.

    The words are folded, of letters and digits; with `names` they may also be of the citizen's name. `among` is a
    selectable of ids: only those are hits. A word of one letter must stand there as it is.
    """
    sqlite = _dialect(session) == "sqlite"
    words_asked = bindparam("query", _query(_telling(words), names=names, sqlite=sqlite), unique=True)
    match = text(_MATCH[_dialect(session)]).bindparams(words_asked)
    query = select(_ROW).select_from(_INDEX).where(match)
    if among is not None:
        # SQLite: the plus keeps it from asking the index anew for each id.
        query = query.where((literal_column("+rowid", BIG_ID) if sqlite else _ROW).in_(among))
    return query.order_by(_ROW.desc()).limit(MOST_HITS).cte()


def whole_number(words: Sequence[str]) -> str:
    """The end of the application number that was asked for, such as `-2026-0000007`; empty where none was."""
    found = _WHOLE_NUMBER.fullmatch(" ".join(words))
    return f"-{found[1]}-{found[2]}" if found else ""


def _telling(words: Sequence[str]) -> Sequence[str]:
    """Of a whole number the last part alone: the others stand in every application."""
    return words[-1:] if whole_number(words) else words


def _query(words: Sequence[str], *, names: bool, sqlite: bool) -> str:
    begins, either, both = ("*", " OR ", " AND ") if sqlite else (":*", " | ", " & ")
    quote = '"' if sqlite else ""

    def of(word: str) -> str:
        stems = _stems(word, names=names)
        return either.join(f"{quote}{stem}{quote}{begins if len(word) > 1 else ''}" for stem in stems)

    return both.join(f"({of(word)})" for word in words)


def _stems(word: str, *, names: bool) -> list[str]:
    """What a word may stand as: `0002` is the end of 0000002, 0532… of a citizen the number 90532… of her account."""
    stems = [word, word.zfill(DIGITS)] if word.isdigit() and word.startswith("0") else [word]
    if names:
        stems += [f"{NAME_MARK}{word}"] + ([f"{NAME_MARK}9{word}"] if _MOBILE.fullmatch(word) else [])
    return list(dict.fromkeys(stems))


async def _messages(session: AsyncSession, ids: Sequence[int]) -> Mapping[int | None, list[str]]:
    query = select(Message.application_id, Message.text).where(Message.application_id.in_(ids), Message.text != "")
    texts: dict[int | None, list[str]] = defaultdict(list)
    for application_id, content in (await session.exec(query.order_by(Message.id))).all():
        texts[application_id].append(content)
    return texts


async def _names(session: AsyncSession, citizen_ids: Iterable[int]) -> Mapping[int | None, list[str]]:
    names: dict[int | None, list[str]] = defaultdict(list)
    known = select(Citizen.id, Citizen.display_name).where(Citizen.id.in_(sorted(citizen_ids)))
    for citizen_id, name in (await session.exec(known)).all():
        names[citizen_id].append(name)
    query = select(Identity).where(Identity.citizen_id.in_(list(names)))
    for one in (await session.exec(query)).all():
        number = one.external_id if one.channel in _BY_PHONE else ""
        names[one.citizen_id] += [one.display_name, one.handle, number]
    return names


def index_words(number: str, texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """What stands in the index for an application with these texts and these names of its citizen."""
    parts = words_of(number)
    parts += [part.lstrip("0") for part in parts if part.isdigit() and part.startswith("0")]
    named = dict.fromkeys(f"{NAME_MARK}{word}" for name in names for word in words_of(name))
    return [*parts, *(word for content in texts for word in words_of(content)), *named]


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name
