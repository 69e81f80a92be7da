"""What was read and written, and for how much, by account and day."""

from collections.abc import Sequence

from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import upsert
from models.tables import AccountCost


async def add(session: AsyncSession, cost: AccountCost) -> None:
    """Add to the row of that account, day and kind."""
    fresh = upsert(session, AccountCost).values(cost.model_dump())
    sums = {"pieces": AccountCost.pieces + cost.pieces, "micros": AccountCost.micros + cost.micros}
    await session.exec(fresh.on_conflict_do_update(index_elements=["account_id", "day", "kind"], set_=sums))


async def micros_of(session: AsyncSession, account_id: int, day: str) -> int:
    query = select(func.coalesce(func.sum(AccountCost.micros), 0)).where(
        AccountCost.account_id == account_id, AccountCost.day == day
    )
    return int((await session.exec(query)).one())


async def since(session: AsyncSession, day: str) -> Sequence[AccountCost]:
    """All rows from that day on, oldest first."""
    query = select(AccountCost).where(AccountCost.day >= day)
    return (await session.exec(query.order_by(AccountCost.day, AccountCost.account_id, AccountCost.kind))).all()
