"""Full text over applications: folded words, found by their beginnings. FTS5 on SQLite, tsvector on PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

_PUT = {
    "sqlite": "INSERT OR REPLACE INTO application_search (rowid, folded) VALUES (:id, :folded)",
    "postgresql": (
        "INSERT INTO application_search (rowid, folded) VALUES (:id, to_tsvector('simple', :folded)) "
        "ON CONFLICT (rowid) DO UPDATE SET folded = excluded.folded"
    ),
}
_MATCH = {
    "sqlite": "SELECT rowid FROM application_search WHERE application_search MATCH :query",
    "postgresql": "SELECT rowid FROM application_search WHERE folded @@ to_tsquery('simple', :query)",
}


async def put(session: AsyncSession, texts: Mapping[int, str]) -> None:
    """Make applications findable by these texts, already folded (`models.turkish.skeleton`); replaces what was there."""
    if texts:
        rows = [{"id": key, "folded": folded} for key, folded in texts.items()]
        await session.execute(text(_PUT[_dialect(session)]), rows)


def matching(session: AsyncSession, words: Sequence[str]) -> Any:
    """A selectable of the ids whose texts hold a word beginning with each of `words` (folded, letters and digits)."""
    if _dialect(session) == "sqlite":
        query = " ".join(f'"{word}"*' for word in words)
    else:
        query = " & ".join(f"{word}:*" for word in words)
    return text(_MATCH[_dialect(session)]).bindparams(query=query)


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name
