"""Words that have to be asked for: what waits, and when it is tried again."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.tables import Lookup


async def add(session: AsyncSession, rows: Sequence[Lookup]) -> None:
    """What waits already stays as it is."""
    await insert_new(session, rows)


async def is_any_due(session: AsyncSession, account_ids: Collection[int], *, now: datetime) -> bool:
    query = select(Lookup.external_id).where(Lookup.due_at <= now, Lookup.account_id.in_(account_ids)).limit(1)
    return (await session.exec(query)).first() is not None


async def claim(
    session: AsyncSession, account_ids: Collection[int], *, now: datetime, until: datetime, limit: int
) -> Sequence[Lookup]:
    """What is due, longest waiting first; not due again before `until`."""
    query = (
        select(Lookup)
        .where(Lookup.due_at <= now, Lookup.account_id.in_(account_ids))
        .order_by(Lookup.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = (await session.exec(query)).all()
    for row in found:
        row.due_at, row.tries = until, row.tries + 1
        session.add(row)
    await session.flush()
    return found


async def postpone(session: AsyncSession, row: Lookup, *, until: datetime) -> None:
    query = update(Lookup).where(Lookup.account_id == row.account_id, Lookup.external_id == row.external_id)
    await session.exec(query.values(due_at=until))


async def forget(session: AsyncSession, row: Lookup) -> None:
    await session.exec(delete(Lookup).where(Lookup.account_id == row.account_id, Lookup.external_id == row.external_id))
