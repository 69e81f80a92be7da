"""Where people repeat a citizen's words in texts of their own: found by the words, and cut out of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.rules.quotations import without_quotations
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


async def cut_quotations(session: AsyncSession, application_id: int, words: Sequence[str]) -> None:
    """Take these texts out of whatever was written about the application; what quoted them in the history goes."""
    for table, columns in QUOTING.items():
        owner = table.id if table is Application else table.application_id
        for row in (await session.exec(select(table).where(owner == application_id))).all():
            _cut(session, row, columns, words)
    quoting = [key for key, content in await _contents(session, application_id) if _quotes(content, words)]
    await session.exec(delete(HistoryContent).where(HistoryContent.entry_id.in_(quoting)))


def _cut(session: AsyncSession, row: Any, columns: Sequence[str], words: Sequence[str]) -> None:
    for column in columns:
        text = getattr(row, column)
        left = without_quotations(text, words)
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


def _quotes(content: Any, words: Sequence[str]) -> bool:
    """Whether a text anywhere in the content repeats them."""
    if isinstance(content, dict):
        return any(_quotes(one, words) for one in content.values())
    if isinstance(content, list):
        return any(_quotes(one, words) for one in content)
    return isinstance(content, str) and without_quotations(content, words) != content
