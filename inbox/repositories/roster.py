"""Who can be given work: people with their shifts, absences, log-ins and load, each in one query."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.applications import is_open
from models.enums import ApplicationState
from models.tables import Absence, Application, RosterShift, User, UserSession


async def shifts(session: AsyncSession) -> Mapping[int, list[RosterShift]]:
    """Every shift by its person."""
    found: dict[int, list[RosterShift]] = defaultdict(list)
    for shift in (await session.exec(select(RosterShift).order_by(RosterShift.id))).all():
        found[shift.user_id].append(shift)
    return found


async def absences(session: AsyncSession, *, since: datetime) -> Mapping[int, list[Absence]]:
    """Absences by person that had not ended before `since`, those to come too."""
    found: dict[int, list[Absence]] = defaultdict(list)
    lasting = select(Absence).where(or_(Absence.ends_at.is_(None), Absence.ends_at > since))
    for absence in (await session.exec(lasting.order_by(Absence.starts_at, Absence.id))).all():
        found[absence.user_id].append(absence)
    return found


async def signed_in(session: AsyncSession, *, seen_since: datetime, now: datetime) -> set[int]:
    """Users with a log-in that is in use."""
    seen = func.coalesce(UserSession.last_seen_at, UserSession.created_at)
    query = select(UserSession.user_id).where(UserSession.expires_at > now, seen >= seen_since).distinct()
    return set((await session.exec(query)).all())


async def loads(session: AsyncSession, states: Collection[ApplicationState]) -> Mapping[int, int]:
    """Applications in these states by the one on whom they are."""
    query = (
        select(Application.assignee_id, func.count())
        .where(is_open(), Application.assignee_id.is_not(None), Application.state.in_(states))
        .group_by(Application.assignee_id)
    )
    return dict((await session.exec(query)).all())


async def note_given(session: AsyncSession, user_ids: Collection[int], *, at: datetime) -> None:
    """These people were given something just now."""
    await session.exec(update(User).where(User.id.in_(user_ids)).values(last_given_at=at))


async def held_by(
    session: AsyncSession, user_ids: Collection[int], states: Collection[ApplicationState], *, limit: int
) -> Sequence[Application]:
    """Open applications of these people in these states, the most pressing first, held for a change."""
    query = (
        select(Application)
        .where(is_open(), Application.assignee_id.in_(user_ids), Application.state.in_(states))
        .order_by(Application.rank, Application.due_at, Application.id)
        .limit(limit)
        .with_for_update()
    )
    return (await session.exec(query)).all()


async def shift(session: AsyncSession, shift_id: int) -> RosterShift | None:
    return await session.get(RosterShift, shift_id)


async def absence(session: AsyncSession, absence_id: int) -> Absence | None:
    return await session.get(Absence, absence_id)


async def remove_shift(session: AsyncSession, shift_id: int) -> None:
    await session.exec(delete(RosterShift).where(RosterShift.id == shift_id))
