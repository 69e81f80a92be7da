"""What reports count: applications and messages of a span of time, grouped in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.enums import Direction
from models.tables import Application, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTimes:
    """Times of one application; the later ones may be missing."""

    received_at: datetime
    due_at: datetime
    first_answer_at: datetime | None
    closed_at: datetime | None


GROUPINGS = {
    "channel": Application.channel,
    "kind": Application.kind,
    "topic": Application.topic,
    "unit": Application.unit,
    "district": Application.district,
    "urgency": Application.urgency,
}


async def applications_by(session: AsyncSession, grouping: str, *, since: datetime, until: datetime) -> dict[str, int]:
    """Applications received in [since, until) by one of GROUPINGS, most first; empty groups under ''."""
    column = GROUPINGS[grouping]
    query = select(column, func.count()).where(Application.received_at >= since, Application.received_at < until)
    found = (await session.exec(query.group_by(column).order_by(func.count().desc(), column))).all()
    return {str(getattr(name, "value", name) or ""): count for name, count in found}


async def messages_by_channel(session: AsyncSession, *, since: datetime, until: datetime) -> dict[str, int]:
    """Citizens' messages received in [since, until)."""
    inbound = (Message.direction == Direction.INBOUND, Message.received_at >= since, Message.received_at < until)
    query = select(Message.channel, func.count()).where(*inbound).group_by(Message.channel)
    return {channel.value: count for channel, count in (await session.exec(query)).all()}


async def times(session: AsyncSession, *, since: datetime, until: datetime) -> Sequence[AnswerTimes]:
    """Times of the applications received in [since, until)."""
    columns: Any = select(
        Application.received_at, Application.due_at, Application.first_answer_at, Application.closed_at
    )
    query = columns.where(Application.received_at >= since, Application.received_at < until)
    return [
        AnswerTimes(received_at=received, due_at=due, first_answer_at=first, closed_at=closed)
        for received, due, first, closed in (await session.exec(query)).all()
    ]


async def open_since(session: AsyncSession, *, at: datetime) -> Sequence[datetime]:
    """When the applications that were open at that time had been received."""
    still_open = select(Application.received_at).where(Application.closed_at.is_(None))
    later = select(Application.received_at).where(Application.closed_at > at)
    found = [*(await session.exec(still_open)).all(), *(await session.exec(later)).all()]
    return [received for received in found if received < at]


async def first_received(session: AsyncSession) -> datetime | None:
    """When the oldest application came; None where there is none."""
    query = select(Application.received_at).order_by(Application.received_at).limit(1)
    return (await session.exec(query)).first()
