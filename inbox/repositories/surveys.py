"""Surveys: which closed applications have none yet, and which wait for a talk."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import ANSWERED_STATES, ApplicationState, SurveyState
from models.tables import Application, Citizen, Survey


async def unasked(session: AsyncSession, *, closed_since: datetime, limit: int) -> Sequence[Application]:
    """Applications closed since then without a survey, the oldest first."""
    query = (
        select(Application)
        .join(Survey, Survey.application_id == Application.id, isouter=True)
        .where(
            Application.state == ApplicationState.CLOSED,
            Application.closed_at >= closed_since,
            Application.answered_at.is_not(None),
            Survey.id.is_(None),
        )
        .order_by(Application.closed_at, Application.id)
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def add(session: AsyncSession, surveys: Sequence[Survey]) -> None:
    """Those of which there is none yet."""
    await insert_new(session, surveys)


async def waiting(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[tuple[Survey, Application, Citizen]]:
    """Talks that are due, the oldest first; not while the work goes on again, nor where it became confidential."""
    query = (
        select(Survey, Application, Citizen)
        .join(Application, Application.id == Survey.application_id)
        .join(Citizen, Citizen.id == Application.citizen_id)
        .where(
            Survey.state == SurveyState.WAITING,
            Survey.not_before <= now,
            Application.state.in_(ANSWERED_STATES),
            Application.confidential.is_(False),
        )
        .order_by(Survey.not_before, Survey.id)
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def survey_for_change(session: AsyncSession, survey_id: int) -> Survey | None:
    query = select(Survey).where(Survey.id == survey_id).with_for_update()
    return (await session.exec(query)).first()


async def of_application(session: AsyncSession, application_id: int) -> Survey | None:
    return (await session.exec(select(Survey).where(Survey.application_id == application_id))).first()
