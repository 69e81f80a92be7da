"""Units and topics."""

from collections.abc import Sequence

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.tables import Setting, Topic, Unit

APPROVAL_CHANNELS = "approval_channels"
APPROVES_REPLIES = "approves_replies"
"""Keys of `Setting`: channels whose applications need approval before they leave; whether answers do."""


async def add_missing(
    session: AsyncSession, *, units: Sequence[Unit], topics: Sequence[Topic], settings: Sequence[Setting]
) -> None:
    """Insert the rows whose id is not there yet."""
    await insert_new(session, units)
    await insert_new(session, topics)
    await insert_new(session, settings)


async def unit(session: AsyncSession, unit_id: str) -> Unit | None:
    return await session.get(Unit, unit_id)


async def topic(session: AsyncSession, topic_id: str) -> Topic | None:
    return await session.get(Topic, topic_id)


async def all_units(session: AsyncSession) -> Sequence[Unit]:
    return (await session.exec(select(Unit).order_by(Unit.position))).all()


async def all_topics(session: AsyncSession) -> Sequence[Topic]:
    return (await session.exec(select(Topic).order_by(Topic.position))).all()
