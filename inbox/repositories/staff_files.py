"""Files that people who work here put to applications."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.tables import ErasedFile, StaffFile, UnitResponse


async def file(session: AsyncSession, file_id: int) -> StaffFile | None:
    return await session.get(StaffFile, file_id)


_OF_APPLICATION = (
    select(StaffFile).where(StaffFile.application_id == bindparam("application_id")).order_by(StaffFile.id)
)


async def of_application(session: AsyncSession, application_id: int) -> Sequence[StaffFile]:
    """Oldest first."""
    return (await session.exec(_OF_APPLICATION, params={"application_id": application_id})).all()


async def of_submissions(session: AsyncSession, submission_ids: Sequence[int]) -> Sequence[StaffFile]:
    query = select(StaffFile).where(StaffFile.submission_id.in_(submission_ids)).order_by(StaffFile.id)
    return (await session.exec(query)).all()


async def unit_of(session: AsyncSession, one: StaffFile) -> str | None:
    """The unit whose response it belongs to."""
    response = await session.get(UnitResponse, one.response_id)
    return response.unit if response else None


async def remove(session: AsyncSession, files: Sequence[StaffFile], *, at: datetime) -> None:
    """Forget the rows, and let their files vanish."""
    names = [name for one in files for name in (one.stored_as, one.thumbnail) if name]
    await insert_new(session, [ErasedFile(name=name, erased_at=at) for name in names])
    for one in files:
        await session.delete(one)
