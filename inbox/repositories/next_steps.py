"""What the next step of applications depends on beyond their rows, in one query each."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import ResponseKind, ResponseState
from models.tables import EmergencyAlarm, Routing, UnitResponse


async def ringing(session: AsyncSession, application_ids: Collection[int]) -> set[int]:
    """Those of them whose alarm nobody has taken."""
    query = select(EmergencyAlarm.application_id).where(
        EmergencyAlarm.application_id.in_(application_ids), EmergencyAlarm.taken_at.is_(None)
    )
    return set((await session.exec(query)).all())


async def asking_for_a_date(session: AsyncSession, application_ids: Collection[int]) -> set[int]:
    """Those of them whose unit waits for the desk's consent to a date."""
    query = select(UnitResponse.application_id).where(
        UnitResponse.application_id.in_(application_ids),
        UnitResponse.kind == ResponseKind.SCHEDULE,
        UnitResponse.state == ResponseState.WAITING,
    )
    return set((await session.exec(query)).all())


async def returnable_until(session: AsyncSession, application_ids: Collection[int]) -> Mapping[int, datetime]:
    """Until when the unit may return each of them that it has neither accepted nor returned."""
    query = select(Routing.application_id, Routing.return_due_at).where(
        Routing.application_id.in_(application_ids), Routing.ended_at.is_(None), Routing.accepted_at.is_(None)
    )
    return dict((await session.exec(query)).all())
