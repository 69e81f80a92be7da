"""What a day of a report counts. Every query walks an index over the span [since, until), never a whole table."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories.applications import clock_ran
from models.enums import Author, Direction, ResponseKind, ResponseState
from models.tables import (
    Application,
    ClassificationRecord,
    Conversation,
    HistoryEntry,
    Message,
    Routing,
    Survey,
    UnitResponse,
)

Rows = Sequence[Any]
UNIT: Any = func.coalesce(Application.routed_unit, Application.unit, "")
LABELS: tuple[Any, ...] = (
    Application.channel,
    Application.account_id,
    Application.kind,
    Application.topic,
    Application.unit,
    Application.district,
    Application.neighbourhood,
    Application.urgency,
    Application.confidential,
    Application.registered_by,
)
RANKS = (0, 1)
"""Both, so that the index that begins with them is walked."""


def _within(column: Any, since: datetime, until: datetime) -> Any:
    return and_(column >= since, column < until)


async def registered(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """The labels of the applications that were registered: what is entered a week after a letter came counts then."""
    query: Any = select(*LABELS)
    return (await session.exec(query.where(_within(Application.created_at, since, until)))).all()


async def newest(session: AsyncSession, *, since: datetime, limit: int, **labels: str) -> Sequence[Application]:
    """Applications of a topic or a district (`labels`) registered since then, in the order in which they came; of more
    than `limit` the newest."""
    wanted = [getattr(Application, name) == value for name, value in labels.items()]
    query = select(Application).where(*wanted, Application.created_at >= since)
    found = (await session.exec(query.order_by(Application.created_at.desc()).limit(limit))).all()
    return sorted(found, key=lambda one: one.received_at)


async def messages(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(channel, account, number) of citizens' messages."""
    query = (
        select(Message.channel, Conversation.account_id, func.count())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(_within(Message.received_at, since, until), Message.direction == Direction.INBOUND)
    )
    return (await session.exec(query.group_by(Message.channel, Conversation.account_id))).all()


async def tones(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(tone, number) as the classifier heard the first words of each application; empty where they were erased."""
    tone, earlier = ClassificationRecord.details["tone"].as_string(), aliased(ClassificationRecord)
    said_before = exists().where(
        earlier.application_id == ClassificationRecord.application_id,
        earlier.corrected_by.is_(None),
        earlier.id < ClassificationRecord.id,
    )
    query = (
        select(tone, func.count())
        .join(Application, Application.id == ClassificationRecord.application_id)
        .where(_within(Application.created_at, since, until), ClassificationRecord.corrected_by.is_(None), ~said_before)
    )
    return (await session.exec(query.group_by(tone))).all()


async def first_answers(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(received, first answer, limit) of the applications that had their first answer."""
    columns: Any = select(Application.received_at, Application.first_answer_at, Application.due_at)
    return (await session.exec(columns.where(_within(Application.first_answer_at, since, until)))).all()


async def missed(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(unit, number) of the applications whose limit passed before their first answer, and before they ended; not while
    their clock stood.

    Empty instead of the unit where it was not with one, or the unit had answered in time.
    """
    unanswered = or_(Application.first_answer_at.is_(None), Application.first_answer_at > Application.due_at)
    going_on = or_(Application.closed_at.is_(None), Application.closed_at > Application.due_at)
    has_answered = exists().where(
        UnitResponse.application_id == Application.id,
        UnitResponse.unit == Application.routed_unit,
        UnitResponse.kind == ResponseKind.ANSWER,
        UnitResponse.created_at <= Application.due_at,
    )
    query = select(Application.routed_unit, has_answered, func.count()).where(
        Application.rank.in_(RANKS), _within(Application.due_at, since, until), unanswered, going_on, clock_ran()
    )
    found = (await session.exec(query.group_by(Application.routed_unit, has_answered))).all()
    return [(None if is_answered else unit, number) for unit, is_answered, number in found]


async def closed(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(received, closed, outcome) of the applications that ended."""
    columns: Any = select(Application.received_at, Application.closed_at, Application.outcome)
    return (await session.exec(columns.where(_within(Application.closed_at, since, until)))).all()


async def surveys(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(unit, score, solved) of the talks about satisfaction."""
    columns: Any = select(UNIT, Survey.score, Survey.solved)
    joined = columns.join(Application, Application.id == Survey.application_id)
    return (
        await session.exec(joined.where(_within(Survey.answered_at, since, until), Survey.score.is_not(None)))
    ).all()


async def routings(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(unit, number) of the applications that went to units."""
    query = select(Routing.unit, func.count()).where(_within(Routing.routed_at, since, until))
    return (await session.exec(query.group_by(Routing.unit))).all()


async def unit_responses(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(unit, kind, when, the application's limit, when it had gone there last, whether the unit had answered it before)
    of what units sent to the desk."""
    earlier = aliased(UnitResponse)
    answered_before = exists().where(
        earlier.application_id == UnitResponse.application_id,
        earlier.unit == UnitResponse.unit,
        earlier.kind == ResponseKind.ANSWER,
        earlier.id < UnitResponse.id,
    )
    query: Any = (
        select(
            UnitResponse.unit,
            UnitResponse.kind,
            UnitResponse.created_at,
            Application.due_at,
            func.max(Routing.routed_at),
            answered_before,
        )
        .join(Application, Application.id == UnitResponse.application_id)
        .join(
            Routing,
            and_(
                Routing.application_id == UnitResponse.application_id,
                Routing.unit == UnitResponse.unit,
                Routing.routed_at <= UnitResponse.created_at,
            ),
            isouter=True,
        )
        .where(_within(UnitResponse.created_at, since, until))
        .group_by(UnitResponse.id, UnitResponse.unit, UnitResponse.kind, UnitResponse.created_at, Application.due_at)
    )
    return (await session.exec(query)).all()


async def sent_back(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(unit, number) of the answers that the desk did not take."""
    query = select(UnitResponse.unit, func.count()).where(
        _within(UnitResponse.decided_at, since, until),
        UnitResponse.state == ResponseState.SENT_BACK,
        UnitResponse.kind == ResponseKind.ANSWER,
    )
    return (await session.exec(query.group_by(UnitResponse.unit))).all()


async def agents_texts(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(user, sent, received, first answer) of the texts that agents sent, with the times of their applications."""
    columns: Any = select(Message.user_id, Message.sent_at, Application.received_at, Application.first_answer_at)
    query = columns.join(Application, Application.id == Message.application_id).where(
        _within(Message.received_at, since, until),
        Message.direction == Direction.OUTBOUND,
        Message.author == Author.AGENT,
        Message.user_id.is_not(None),
    )
    return (await session.exec(query)).all()


async def closers(session: AsyncSession, since: datetime, until: datetime) -> Rows:
    """(actor, number) of those who ended applications."""
    ended = and_(
        HistoryEntry.application_id == Application.id,
        HistoryEntry.at == Application.closed_at,
        HistoryEntry.action == "closed",
    )
    query = select(HistoryEntry.actor, func.count()).join(Application, ended)
    query = query.where(_within(Application.closed_at, since, until))
    return (await session.exec(query.group_by(HistoryEntry.actor))).all()


async def backlog(session: AsyncSession, *, at: datetime, ages: Sequence[int]) -> Rows:
    """(most days of age or 0 beyond all `ages`, number, oldest receipt) of the applications that were open then."""
    steps = [(Application.received_at > at - timedelta(days=most + 1), most) for most in ages]
    age: Any = case(*steps, else_=0)
    still_open = and_(Application.is_open, Application.received_at < at)
    ended_later = and_(Application.closed_at > at, Application.received_at < at)
    found: list[Any] = []
    for were_open in (still_open, ended_later):
        query: Any = select(age, func.count(), func.min(Application.received_at)).where(were_open)
        found += (await session.exec(query.group_by(age))).all()
    return found


async def first_registered(session: AsyncSession) -> datetime | None:
    """When the first application was registered; None where there is none."""
    query = select(Application.created_at).order_by(Application.created_at).limit(1)
    return (await session.exec(query)).first()
