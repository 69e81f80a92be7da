"""Looks on the spot: asked for, given to somebody, found."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import Application, FieldCheck


async def add(session: AsyncSession, check: FieldCheck) -> None:
    session.add(check)
    await session.flush()


async def waiting(session: AsyncSession, *, limit: int) -> Sequence[tuple[FieldCheck, Application]]:
    """Without a finding yet, the oldest first."""
    query = (
        select(FieldCheck, Application)
        .join(Application, Application.id == FieldCheck.application_id)
        .where(FieldCheck.finding.is_(None))
        .order_by(FieldCheck.id)
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def check_for_change(session: AsyncSession, check_id: int) -> FieldCheck | None:
    return (await session.exec(select(FieldCheck).where(FieldCheck.id == check_id).with_for_update())).first()


_OF_APPLICATION = (
    select(FieldCheck).where(FieldCheck.application_id == bindparam("application_id")).order_by(FieldCheck.id)
)


async def of_application(session: AsyncSession, application_id: int) -> Sequence[FieldCheck]:
    return (await session.exec(_OF_APPLICATION, params={"application_id": application_id})).all()
