"""Emergencies that ring, and those of whom management has not heard."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.applications import held
from models.db import insert_new
from models.enums import SubmissionState, Urgency
from models.tables import Application, EmergencyAlarm, Submission

Ringing = tuple[EmergencyAlarm, Application]


async def add(session: AsyncSession, alarms: Sequence[EmergencyAlarm]) -> list[int]:
    """Raise those that are not raised yet; the ids of their applications."""
    return [row[0] for row in await insert_new(session, alarms, EmergencyAlarm.application_id)]


async def unraised(session: AsyncSession, *, limit: int) -> Sequence[Application]:
    """Open emergencies without an alarm."""
    query = (
        select(Application)
        .join(EmergencyAlarm, EmergencyAlarm.application_id == Application.id, isouter=True)
        .where(Application.is_open, Application.rank == 0, Application.urgency == Urgency.EMERGENCY)
        .where(EmergencyAlarm.id.is_(None), Application.answered_at.is_(None))
        .order_by(Application.id)
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def ringing(session: AsyncSession) -> Sequence[Ringing]:
    """Those that nobody has taken, the oldest first."""
    query = (
        select(EmergencyAlarm, Application)
        .join(Application, Application.id == EmergencyAlarm.application_id)
        .where(EmergencyAlarm.taken_at.is_(None), Application.is_open)
        .order_by(EmergencyAlarm.raised_at, EmergencyAlarm.id)
    )
    return (await session.exec(query)).all()


async def of_applications(session: AsyncSession, application_ids: Collection[int]) -> dict[int, EmergencyAlarm]:
    query = select(EmergencyAlarm).where(EmergencyAlarm.application_id.in_(application_ids))
    return {one.application_id: one for one in (await session.exec(query)).all()}


async def alarm_for_change(session: AsyncSession, application_id: int) -> EmergencyAlarm | None:
    query = select(EmergencyAlarm).where(EmergencyAlarm.application_id == application_id).with_for_update()
    return (await session.exec(query)).first()


async def latest(session: AsyncSession, *, limit: int) -> Sequence[Ringing]:
    """The last emergencies, taken or not, the newest first."""
    query = select(EmergencyAlarm, Application).join(Application, Application.id == EmergencyAlarm.application_id)
    return (await session.exec(query.order_by(EmergencyAlarm.id.desc()).limit(limit))).all()


async def untold(session: AsyncSession, *, since: datetime) -> Sequence[Ringing]:
    """Those of which management has not heard, the oldest first; their applications are held for a change."""
    query = (
        select(EmergencyAlarm, Application)
        .join(Application, Application.id == EmergencyAlarm.application_id)
        .where(EmergencyAlarm.management_informed_at.is_(None), EmergencyAlarm.raised_at >= since)
        .order_by(EmergencyAlarm.id)
    )
    return (await session.exec(held(query))).all()


async def owed_approvals(
    session: AsyncSession, *, submitted_before: datetime
) -> Sequence[tuple[Submission, Application]]:
    """Approvals after the fact that wait since then, the oldest first."""
    query = (
        select(Submission, Application)
        .join(Application, Application.id == Submission.application_id)
        .where(
            Submission.after_the_fact,
            Submission.state == SubmissionState.WAITING,
            Submission.submitted_at < submitted_before,
        )
        .order_by(Submission.id)
    )
    return (await session.exec(query)).all()
