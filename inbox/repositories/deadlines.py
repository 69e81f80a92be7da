"""What a limit depends on besides the application itself: pauses of the clock, and days of leave."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import DeadlineClass
from models.tables import Application, DeadlinePause, LeaveDay


async def pauses_of(session: AsyncSession, application_ids: Collection[int]) -> dict[int, list[DeadlinePause]]:
    """By application, in order of their beginning."""
    if not application_ids:
        return {}
    query = select(DeadlinePause).where(DeadlinePause.application_id.in_(sorted(application_ids)))
    found: dict[int, list[DeadlinePause]] = defaultdict(list)
    for pause in (await session.exec(query.order_by(DeadlinePause.started_at, DeadlinePause.id))).all():
        found[pause.application_id].append(pause)
    return found


async def open_pause(session: AsyncSession, application_id: int) -> DeadlinePause | None:
    query = select(DeadlinePause).where(
        DeadlinePause.application_id == application_id, DeadlinePause.ended_at.is_(None)
    )
    return (await session.exec(query.order_by(DeadlinePause.id.desc()).limit(1))).first()


async def leave_days(session: AsyncSession) -> Sequence[tuple[date, str]]:
    """Administrative leave with its reason, in order."""
    return (await session.exec(select(LeaveDay.day, LeaveDay.reason).order_by(LeaveDay.day))).all()


async def add_leave(session: AsyncSession, day: LeaveDay) -> bool:
    """False where the day is leave already."""
    return bool(await insert_new(session, [day], LeaveDay.day))


async def remove_leave(session: AsyncSession, day: date) -> bool:
    found = await session.get(LeaveDay, day)
    if found:
        await session.delete(found)
    return found is not None


async def counting_working_days(session: AsyncSession) -> Sequence[Application]:
    """Open applications whose limit a day of leave moves (law 4982)."""
    query = select(Application).where(Application.is_open, Application.deadline_class == DeadlineClass.INFORMATION)
    return (await session.exec(query.order_by(Application.id))).all()
