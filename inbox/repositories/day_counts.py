"""The counts of days that are over, and the figures of our accounts by day."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new, upsert
from models.tables import AccountFigure, DayCount, MonthCount


async def between(session: AsyncSession, first: date, last: date) -> Sequence[DayCount]:
    """The kept days, both ends included, oldest first."""
    query = select(DayCount).where(DayCount.day >= first, DayCount.day <= last)
    return (await session.exec(query.order_by(DayCount.day))).all()


async def kept_days(session: AsyncSession, first: date, last: date) -> Collection[date]:
    """Which days are kept, without their counts."""
    query = select(DayCount.day).where(DayCount.day >= first, DayCount.day <= last)
    return set((await session.exec(query)).all())


async def months_between(session: AsyncSession, first: date, last: date) -> Sequence[MonthCount]:
    """The kept months that begin in these days, oldest first."""
    query = select(MonthCount).where(MonthCount.first >= first, MonthCount.first <= last)
    return (await session.exec(query.order_by(MonthCount.first))).all()


async def keep(session: AsyncSession, row: DayCount | MonthCount) -> None:
    """Whoever comes second changes nothing."""
    await insert_new(session, [row])


async def note_account(session: AsyncSession, row: AccountFigure) -> None:
    """The last that a platform said on a day stands."""
    fresh = upsert(session, AccountFigure).values(row.model_dump())
    values = {"followers": row.followers, "posts": row.posts}
    await session.exec(fresh.on_conflict_do_update(index_elements=["account_id", "day"], set_=values))


async def accounts_at(session: AsyncSession, first: date, last: date) -> dict[int, AccountFigure]:
    """Each account's newest figures of these days."""
    query = select(AccountFigure).where(AccountFigure.day >= first, AccountFigure.day <= last)
    return {row.account_id: row for row in (await session.exec(query.order_by(AccountFigure.day))).all()}
