"""The figures of the wall screen: today's messages by hour, what waits, what is late, what rings."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.applications import clock_ran, is_open
from models.enums import Direction, IncidentState, Urgency
from models.tables import Application, EmergencyAlarm, Incident, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFigures:
    """`by_hour` begins with the day's first hour; hours to come are 0."""

    by_hour: Sequence[int]
    answered_today: int
    waiting: int
    late: int
    due_today: int
    emergencies: int
    ringing: int
    incidents: Sequence[Incident]


async def figures(session: AsyncSession, *, day_start: datetime, day_end: datetime, now: datetime) -> WallFigures:
    waiting, late, due_today, emergencies = (await session.exec(_open_work(now, day_end))).one()
    answered = select(func.count(Application.id)).where(Application.answered_at >= day_start)
    alarms = select(func.count(EmergencyAlarm.id)).join(Application, Application.id == EmergencyAlarm.application_id)
    incidents = select(Incident).where(Incident.state == IncidentState.CONFIRMED).order_by(Incident.began_at.desc())
    return WallFigures(
        by_hour=await _by_hour(session, day_start),
        answered_today=(await session.exec(answered)).one(),
        waiting=waiting,
        late=late or 0,
        due_today=due_today or 0,
        emergencies=emergencies or 0,
        ringing=(await session.exec(alarms.where(EmergencyAlarm.taken_at.is_(None), is_open()))).one(),
        incidents=(await session.exec(incidents.limit(6))).all(),
    )


def _open_work(now: datetime, day_end: datetime) -> object:
    unanswered = Application.answered_at.is_(None)
    return select(
        func.count(Application.id),
        func.sum(case((and_(Application.due_at < now, clock_ran()), 1), else_=0)),
        func.sum(case((and_(Application.due_at.between(now, day_end), clock_ran()), 1), else_=0)),
        func.sum(case((Application.urgency == Urgency.EMERGENCY, 1), else_=0)),
    ).where(is_open(), unanswered)


async def _by_hour(session: AsyncSession, day_start: datetime) -> list[int]:
    """One walk over today's messages by the index of their times."""
    hours = [day_start + timedelta(hours=hour) for hour in range(25)]
    sums = [
        func.sum(case(((Message.received_at >= start) & (Message.received_at < end), 1), else_=0))
        for start, end in itertools.pairwise(hours)
    ]
    query = select(*sums).where(Message.received_at >= day_start, Message.direction == Direction.INBOUND)
    return [count or 0 for count in (await session.exec(query)).one()]
