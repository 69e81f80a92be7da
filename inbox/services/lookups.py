"""Messages of which a platform told ids alone: what to ask it, and what became of that. Commits nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import lookups
from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult
from models.tables import Lookup

SOURCE = "lookup"
CLAIM = timedelta(minutes=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
MOST_TRIES = 10
"""Half a day; then a person looks at what is there."""


async def is_any_due(session: AsyncSession, account_ids: Collection[int], *, now: datetime) -> bool:
    return await lookups.is_any_due(session, account_ids, now=now)


async def claim(session: AsyncSession, account_ids: Collection[int], *, now: datetime, limit: int) -> Sequence[Lookup]:
    """What is due, for a few minutes nobody else's."""
    return await lookups.claim(session, account_ids, now=now, until=now + CLAIM, limit=limit)


async def take_in(session: AsyncSession, row: Lookup, batch: Batch) -> IntakeResult:
    """The answer came: what it tells is stored as if it had been pushed."""
    result = await intake.store(session, batch)
    await lookups.forget(session, row)
    return result


def is_last(row: Lookup) -> bool:
    return row.tries >= MOST_TRIES


async def try_later(session: AsyncSession, row: Lookup, *, now: datetime, retry_at: datetime | None = None) -> None:
    pause = min(FIRST_PAUSE * 4 ** min(row.tries - 1, MOST_TRIES), LONGEST_PAUSE)
    await lookups.postpone(session, row, until=retry_at or now + pause)
