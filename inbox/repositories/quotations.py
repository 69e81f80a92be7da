"""Where people repeat a citizen's words in texts of their own: found by the words, and cut out of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import (
    Application,
    DeadlinePause,
    Draft,
    FieldCheck,
    HistoryContent,
    HistoryEntry,
    Note,
    OutboxItem,
    SignedDocument,
    Submission,
    Survey,
    UnitResponse,
    UnsentText,
)

Cut = Callable[[str], str]
"""A text without the words that were taken back."""
QUOTING: Mapping[type[SQLModel], tuple[str, ...]] = {
    Application: ("brief", "closing_note"),
    DeadlinePause: ("reason",),
    Draft: ("short_text", "long_text"),
    FieldCheck: ("reason", "text"),
    Note: ("text",),
    OutboxItem: ("text",),
    SignedDocument: ("subject",),
    Submission: ("text", "suggested", "reason"),
    Survey: ("note",),
    UnitResponse: ("text", "reason"),
    UnsentText: ("text",),
}


async def cut_quotations(session: AsyncSession, application_id: int, cut: Cut) -> None:
    """Cut whatever was written about the application; contents of the history that would have to be cut go whole."""
    for table, columns in QUOTING.items():
        owner = table.id if table is Application else table.application_id
        for row in (await session.exec(select(table).where(owner == application_id))).all():
            _cut(session, row, columns, cut)
    quoting = [key for key, content in await _contents(session, application_id) if _quotes(content, cut)]
    await session.exec(delete(HistoryContent).where(HistoryContent.entry_id.in_(quoting)))


def _cut(session: AsyncSession, row: Any, columns: Sequence[str], cut: Cut) -> None:
    for column in columns:
        text = getattr(row, column)
        left = cut(text)
        if left != text:
            setattr(row, column, left)
            if isinstance(row, Submission):
                row.findings = []
            session.add(row)


async def _contents(session: AsyncSession, application_id: int) -> Sequence[tuple[int, Any]]:
    query = select(HistoryContent.entry_id, HistoryContent.content).join(
        HistoryEntry, HistoryEntry.id == HistoryContent.entry_id
    )
    return (await session.exec(query.where(HistoryEntry.application_id == application_id))).all()


def _quotes(content: Any, cut: Cut) -> bool:
    """Whether a text anywhere in the content repeats them."""
    if isinstance(content, dict):
        return any(_quotes(one, cut) for one in content.values())
    if isinstance(content, list):
        return any(_quotes(one, cut) for one in content)
    return isinstance(content, str) and cut(content) != content
