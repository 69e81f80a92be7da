"""Job rows and the leases of conversations. Leases run on real time: a paused demo clock must not hold one."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, tuple_
from sqlmodel import delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_all, upsert
from models.enums import JobState
from models.errors import ConflictError
from models.tables import ConversationLease, Job


async def add_jobs(session: AsyncSession, jobs: Sequence[Job]) -> None:
    await insert_all(session, jobs)


async def due_conversations(session: AsyncSession, *, now: datetime, limit: int = 200) -> list[int]:
    """Conversations whose turn is complete and which nobody holds, longest waiting first."""
    held = select(ConversationLease.conversation_id).where(
        ConversationLease.conversation_id == Job.conversation_id, ConversationLease.expires_at > time.time()
    )
    query = (
        select(Job.conversation_id)
        .where(Job.state == JobState.WAITING, ~held.exists())
        .group_by(Job.conversation_id)
        .having(_is_due(now))
        .order_by(func.min(Job.id))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def take_turns(session: AsyncSession, conversation_ids: Sequence[int], *, now: datetime) -> dict[int, list[Job]]:
    """By conversation, its waiting jobs in order; without the conversations whose turn is not complete."""
    query = select(Job).where(Job.conversation_id.in_(conversation_ids), Job.state == JobState.WAITING)
    turns: dict[int, list[Job]] = defaultdict(list)
    for job in (await session.exec(query.order_by(Job.id))).all():
        turns[job.conversation_id].append(job)
    return {key: waiting for key, waiting in turns.items() if _turn_is_due(waiting, now)}


async def finish(session: AsyncSession, jobs: Sequence[Job], *, at: datetime) -> None:
    ids = [job.id for job in jobs]
    await session.exec(update(Job).where(Job.id.in_(ids)).values(state=JobState.DONE, finished_at=at))


async def record_failure(
    session: AsyncSession, jobs: Sequence[Job], *, problem: str, retry_at: datetime, most: int
) -> None:
    """Count a try; after `most` tries the jobs are set aside as poisoned, to be shown to a person."""
    for job in jobs:
        job.attempts += 1
        job.problem = problem
        job.retry_at = retry_at
        if job.attempts >= most:
            job.state = JobState.POISONED
        session.add(job)
    await session.flush()


async def poisoned(session: AsyncSession, *, limit: int = 100) -> Sequence[Job]:
    query = select(Job).where(Job.state == JobState.POISONED).order_by(Job.id.desc()).limit(limit)
    return (await session.exec(query)).all()


async def retry_poisoned(session: AsyncSession, job_id: int, *, now: datetime) -> None:
    """Give a job that was set aside another set of tries."""
    await session.exec(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.POISONED)
        .values(state=JobState.WAITING, attempts=0, retry_at=now)
    )


async def acquire_leases(
    session: AsyncSession, conversation_ids: Sequence[int], *, owner: str, seconds: float
) -> dict[int, int]:
    """Hold conversations for so many real seconds; fencing tokens by conversation, without those that others hold."""
    now = time.time()
    rows = [
        {"conversation_id": key, "owner": owner, "token": 1, "expires_at": now + seconds}
        for key in sorted(set(conversation_ids))
    ]
    query = (
        upsert(session, ConversationLease)
        .values(rows)
        .on_conflict_do_update(
            index_elements=["conversation_id"],
            set_={"owner": owner, "token": ConversationLease.token + 1, "expires_at": now + seconds},
            where=ConversationLease.expires_at <= now,
        )
        .returning(ConversationLease.conversation_id, ConversationLease.token)
    )
    return dict((await session.exec(query)).all())


async def renew_leases(session: AsyncSession, tokens: Mapping[int, int], *, seconds: float) -> None:
    """Keep what is still ours."""
    await session.exec(_held(tokens).values(expires_at=time.time() + seconds))


async def release_leases(session: AsyncSession, tokens: Mapping[int, int]) -> None:
    """Let go at once; the rows stay, so that the tokens keep growing."""
    await session.exec(_held(tokens).values(expires_at=0.0))


async def require_tokens(session: AsyncSession, tokens: Mapping[int, int]) -> None:
    """Raise ConflictError where another worker has taken one of the conversations over since."""
    query = select(ConversationLease.conversation_id).where(_is_held(tokens))
    if session.get_bind().dialect.name == "postgresql":
        query = query.with_for_update()
    lost = tokens.keys() - set((await session.exec(query)).all())
    if lost:
        raise ConflictError(f"conversations {sorted(lost)} were taken over by another worker")


async def forget_old(session: AsyncSession, *, before: datetime) -> None:
    """Delete finished jobs older than that."""
    await session.exec(delete(Job).where(Job.state == JobState.DONE, Job.finished_at < before))


def _held(tokens: Mapping[int, int]) -> Any:
    return update(ConversationLease).where(_is_held(tokens))


def _is_held(tokens: Mapping[int, int]) -> Any:
    pairs = [(key, token) for key, token in tokens.items()]
    return tuple_(ConversationLease.conversation_id, ConversationLease.token).in_(pairs)


def _is_due(now: datetime) -> object:
    """A HAVING clause over a conversation's waiting jobs; says the same as `_turn_is_due`."""
    quiet = or_(func.max(Job.quiet_at) <= now, func.min(Job.latest_at) <= now)
    retry = or_(func.max(Job.retry_at).is_(None), func.max(Job.retry_at) <= now)
    return and_(quiet, retry)


def _turn_is_due(jobs: Sequence[Job], now: datetime) -> bool:
    quiet = max(job.quiet_at for job in jobs) <= now or min(job.latest_at for job in jobs) <= now
    return quiet and all(job.retry_at is None or job.retry_at <= now for job in jobs)
