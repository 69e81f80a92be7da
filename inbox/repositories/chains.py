"""Walks the chains of history, page by page."""

from collections.abc import Sequence

from sqlalchemy import and_, or_
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import Application, HistoryContent, HistoryEntry

StoredLink = tuple[HistoryEntry, HistoryContent | None]
Place = tuple[int, int]
"""(application, position) of a link."""


async def links_behind(
    session: AsyncSession, place: Place, *, limit: int, application_id: int | None = None
) -> Sequence[StoredLink]:
    """The next links in order of application and position, of one application alone where it is named."""
    owner, position = place
    behind = or_(
        HistoryEntry.application_id > owner,
        and_(HistoryEntry.application_id == owner, HistoryEntry.position > position),
    )
    query = select(HistoryEntry, HistoryContent).join(
        HistoryContent, HistoryContent.entry_id == HistoryEntry.id, isouter=True
    )
    if application_id is not None:
        query = query.where(HistoryEntry.application_id == application_id)
    ordered = query.where(behind).order_by(HistoryEntry.application_id, HistoryEntry.position)
    return (await session.exec(ordered.limit(limit))).all()


async def numbers(session: AsyncSession, application_ids: Sequence[int]) -> dict[int, str]:
    """Numbers of applications by their ids."""
    found = await session.exec(select(Application.id, Application.number).where(Application.id.in_(application_ids)))
    return dict(found.all())


async def without_chain(session: AsyncSession, *, application_id: int | None = None) -> Sequence[int]:
    """Applications of whose history nothing is there."""
    linked = select(HistoryEntry.id).where(HistoryEntry.application_id == Application.id).exists()
    query = select(Application.id).where(~linked)
    if application_id is not None:
        query = query.where(Application.id == application_id)
    return (await session.exec(query.order_by(Application.id))).all()
