"""Corrective and preventive actions."""

from collections.abc import Sequence

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import CorrectiveAction

MOST_CLOSED = 100


async def open_ones(session: AsyncSession) -> Sequence[CorrectiveAction]:
    """Those with the nearest date first, those without one behind them."""
    query = select(CorrectiveAction).where(CorrectiveAction.closed_at.is_(None))
    dated = (CorrectiveAction.due_on.is_(None), CorrectiveAction.due_on, CorrectiveAction.id)
    return (await session.exec(query.order_by(*dated))).all()


async def closed_ones(session: AsyncSession) -> Sequence[CorrectiveAction]:
    """The last that were closed, the newest first."""
    query = select(CorrectiveAction).where(CorrectiveAction.closed_at.is_not(None))
    return (await session.exec(query.order_by(CorrectiveAction.closed_at.desc()).limit(MOST_CLOSED))).all()


async def one(session: AsyncSession, action_id: int) -> CorrectiveAction | None:
    return await session.get(CorrectiveAction, action_id)


async def one_for_change(session: AsyncSession, action_id: int) -> CorrectiveAction | None:
    """Held until the transaction ends."""
    query = select(CorrectiveAction).where(CorrectiveAction.id == action_id).with_for_update()
    return (await session.exec(query)).first()


async def add(session: AsyncSession, action: CorrectiveAction) -> CorrectiveAction:
    session.add(action)
    await session.flush()
    return action
