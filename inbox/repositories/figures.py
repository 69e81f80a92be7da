"""Counts over the whole desk, for the demo and the administrator."""

from typing import Any

from sqlalchemy import case, func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import ChannelName, Direction, JobState, OutboxState, Purpose, Urgency
from models.tables import Application, Delivery, Draft, Job, Message, OutboxItem


async def demo_counts(session: AsyncSession) -> dict[str, int]:
    """The counts of `demo --json` that the database knows, and `waiting`: jobs and texts that are under way."""
    received, duplicates = await _one(
        session, select(func.count(Delivery.id), func.coalesce(func.sum(Delivery.duplicate_count), 0))
    )
    inbound = Message.direction == Direction.INBOUND
    messages, invalid = await _one(
        session, select(func.count(Message.id), _count_if(Message.awaits_check)).where(inbound)
    )
    applications, emergencies = await _one(
        session, select(func.count(Application.id), _count_if(Application.urgency == Urgency.EMERGENCY))
    )
    drafts, no_article = await _one(
        session, select(_count_if(Draft.article_id != ""), _count_if(Draft.article_id == ""))
    )
    sent = (OutboxItem.state == OutboxState.SENT) & (OutboxItem.purpose == Purpose.ACKNOWLEDGEMENT)
    under_way = OutboxItem.state.in_([OutboxState.QUEUED, OutboxState.SENDING])
    acknowledged, unresolved, leaving = await _one(
        session, select(_count_if(sent), _count_if(OutboxItem.state == OutboxState.UNKNOWN), _count_if(under_way))
    )
    jobs = (await session.exec(select(func.count(Job.id)).where(Job.state == JobState.WAITING))).one()
    return {
        "received": received,
        "duplicates": duplicates,
        "messages": messages,
        "applications": applications,
        "acknowledged": acknowledged,
        "drafts": drafts,
        "no_article": no_article,
        "invalid": invalid,
        "emergencies": emergencies,
        "unresolved": unresolved,
        "waiting": jobs + leaving,
    }


async def stored_items(session: AsyncSession) -> set[tuple[str, str]]:
    """(channel, external id) of every inbound message."""
    query = select(Message.channel, Message.external_id).where(Message.direction == Direction.INBOUND)
    return {(channel.value, external_id) for channel, external_id in (await session.exec(query)).all()}


async def stored_times(session: AsyncSession) -> dict[tuple[str, str], int]:
    """How often each inbound item is there; anything but 1 is a fault."""
    query = select(Message.channel, Message.external_id, func.count()).where(Message.direction == Direction.INBOUND)
    rows = (await session.exec(query.group_by(Message.channel, Message.external_id))).all()
    return {(channel.value, external_id): count for channel, external_id, count in rows}


async def outbox_states(session: AsyncSession) -> dict[str, int]:
    """How many texts stand in each state."""
    rows = (await session.exec(select(OutboxItem.state, func.count()).group_by(OutboxItem.state))).all()
    return {state.value: count for state, count in rows}


async def messages_by_channel(session: AsyncSession) -> dict[ChannelName, int]:
    query = select(Message.channel, func.count()).where(Message.direction == Direction.INBOUND)
    return dict((await session.exec(query.group_by(Message.channel))).all())


def _count_if(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def _one(session: AsyncSession, query: Any) -> tuple[int, ...]:
    return tuple((await session.exec(query)).one())
