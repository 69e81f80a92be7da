"""What may need a reminder, and which reminders were sent."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, false, or_, update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import ApplicationState
from models.tables import Application, SentReminder


async def candidates(
    session: AsyncSession, *, due_before: datetime, received_before: datetime, after: int, limit: int
) -> Sequence[Application]:
    """Open applications behind id `after` with a limit that is near or over, in order of id.

    Near: the answer is due, the unit may still return it, the citizen has heard nothing for long, or a date is set.
    """
    near = or_(
        Application.due_at <= due_before,
        and_(Application.routed_unit.is_not(None), Application.accepted_at.is_(None)),
        and_(Application.received_at <= received_before, Application.first_word_at.is_(None)),
        and_(Application.target_date.is_not(None), Application.told_of_schedule_at.is_(None)),
        and_(Application.needs_other_body, Application.told_of_other_body_at.is_(None)),
        Application.paused_at.is_not(None),
    )
    query = select(Application).where(
        Application.is_open, Application.answered_at.is_(None), Application.id > after, near
    )
    return (await session.exec(query.order_by(Application.id).limit(limit))).all()


async def sent(session: AsyncSession, application_ids: Collection[int]) -> Sequence[SentReminder]:
    query = select(SentReminder).where(SentReminder.application_id.in_(application_ids))
    return (await session.exec(query)).all()


async def add(session: AsyncSession, reminders: Sequence[SentReminder]) -> None:
    """Those that were not sent yet."""
    await insert_new(session, reminders)


async def addressed(
    session: AsyncSession,
    *,
    user_id: int | None,
    unit: str | None,
    recipients: Collection[str],
    unowned: str,
    limit: int,
) -> Sequence[tuple[SentReminder, Application]]:
    """Unseen reminders of open applications for one reader, the newest first.

    Of the recipient `unowned` those that have no person.
    """
    mine = SentReminder.user_id == user_id if user_id is not None else false()
    of_unit = and_(SentReminder.unit == unit, Application.routed_unit == unit) if unit is not None else false()
    in_role = SentReminder.recipient.in_(recipients) if recipients else false()
    nobodys = and_(SentReminder.user_id.is_(None), SentReminder.recipient == unowned) if unowned else false()
    query = (
        select(SentReminder, Application)
        .join(Application, Application.id == SentReminder.application_id)
        .where(Application.is_open, SentReminder.seen_at.is_(None), or_(mine, of_unit, in_role, nobodys))
        .order_by(SentReminder.sent_at.desc(), SentReminder.id.desc())
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def mark_seen(session: AsyncSession, reminder_ids: Collection[int], *, at: datetime) -> None:
    await session.exec(update(SentReminder).where(SentReminder.id.in_(reminder_ids)).values(seen_at=at))


async def with_units(session: AsyncSession, *, now: datetime) -> Sequence[Application]:
    """Applications that lie with a unit and whose unit may be late: the answer is due, or the return was."""
    at_unit = (ApplicationState.ROUTED, ApplicationState.IN_PROGRESS, ApplicationState.SCHEDULED)
    returnable = and_(Application.state == ApplicationState.ROUTED, Application.routed_at < now)
    late = or_(Application.due_at < now, returnable)
    query = select(Application).where(Application.is_open, Application.state.in_(at_unit), late)
    return (await session.exec(query.order_by(Application.due_at, Application.id))).all()


async def silent(session: AsyncSession, *, received_before: datetime, limit: int) -> Sequence[Application]:
    """Open applications whose citizen has heard nothing since long, the oldest first."""
    query = select(Application).where(
        Application.is_open,
        Application.received_at <= received_before,
        Application.first_word_at.is_(None),
        Application.told_of_schedule_at.is_(None),
        Application.answered_at.is_(None),
    )
    return (await session.exec(query.order_by(Application.received_at, Application.id).limit(limit))).all()
