"""Looks at hidden data, and permissions to look."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import AccessRecord, Application, Unmasking, User

PAGE = 50
Look = tuple[AccessRecord, str, str | None]
"""A look, who looked, and the number of the application."""


async def add_looks(session: AsyncSession, looks: Sequence[AccessRecord]) -> None:
    session.add_all(looks)
    await session.flush()


async def looks(
    session: AsyncSession, *, application_id: int | None = None, before: int | None = None
) -> Sequence[Look]:
    """Newest first; a page of them, older than `before`."""
    query = (
        select(AccessRecord, User.name, Application.number)
        .join(User, User.id == AccessRecord.user_id)
        .join(Application, Application.id == AccessRecord.application_id, isouter=True)
    )
    if application_id is not None:
        query = query.where(AccessRecord.application_id == application_id)
    if before is not None:
        query = query.where(AccessRecord.id < before)
    return (await session.exec(query.order_by(AccessRecord.id.desc()).limit(PAGE))).all()


async def add_unmasking(session: AsyncSession, new: Unmasking) -> None:
    session.add(new)
    await session.flush()


async def unmasking(session: AsyncSession, key: int) -> Unmasking | None:
    return await session.get(Unmasking, key)


async def unmaskings(session: AsyncSession, application_id: int) -> Sequence[Unmasking]:
    """Every permission that was ever given for the application, newest first."""
    query = select(Unmasking).where(Unmasking.application_id == application_id)
    return (await session.exec(query.order_by(Unmasking.id.desc()))).all()


async def unmasking_for(
    session: AsyncSession, application_id: int, *, user_id: int, unit: str | None, now: datetime
) -> Unmasking | None:
    """The permission by which this user may look now: her own, or her unit's."""
    hers = [Unmasking.user_id == user_id]
    if unit:
        hers.append(and_(Unmasking.user_id.is_(None), Unmasking.unit == unit))
    query = select(Unmasking).where(Unmasking.application_id == application_id, Unmasking.until > now, or_(*hers))
    return (await session.exec(query.order_by(Unmasking.until.desc()).limit(1))).first()


async def users_of_unit(session: AsyncSession, unit: str) -> Sequence[User]:
    query = select(User).where(User.unit == unit, User.active)
    return (await session.exec(query.order_by(User.name))).all()
