"""Units and topics."""

from collections.abc import Sequence

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.tables import Topic, Unit


async def add_missing(session: AsyncSession, *, units: Sequence[Unit], topics: Sequence[Topic]) -> None:
    """Insert the rows whose id is not there yet."""
    await insert_new(session, units)
    await insert_new(session, topics)


async def all_units(session: AsyncSession) -> Sequence[Unit]:
    return (await session.exec(select(Unit).order_by(Unit.position))).all()


async def all_topics(session: AsyncSession) -> Sequence[Topic]:
    return (await session.exec(select(Topic).order_by(Topic.position))).all()
