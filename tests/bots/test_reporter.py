"""What counts the days for the reports."""

from datetime import UTC, datetime, timedelta

from bots.queues.local import LocalLease
from bots.reporter import DAYS_AT_ONCE, Reporter, keep_days
from inbox.repositories import day_counts
from models.clock import StillClock
from models.db import Database
from models.profile import Profile
from models.tables import Citizen
from tests.applications import plain_application

FIRST = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
NOW = FIRST + timedelta(days=20)


async def test_the_newest_days_are_counted_first(sqlite_database: Database, profile: Profile) -> None:
    await _register(sqlite_database)
    reporter = Reporter(database=sqlite_database, lease=LocalLease(), clock=StillClock(NOW), profile=profile)
    await reporter.look()
    async with sqlite_database.read() as session:
        kept = await day_counts.kept_days(session, FIRST.date(), NOW.date())
    assert len(kept) == DAYS_AT_ONCE
    assert max(kept) == NOW.date() - timedelta(days=2)


async def test_nothing_is_counted_twice(sqlite_database: Database, profile: Profile) -> None:
    await _register(sqlite_database)
    assert await keep_days(sqlite_database, now=NOW, zone=profile.time_zone) == 19
    assert await keep_days(sqlite_database, now=NOW, zone=profile.time_zone) == 0


async def _register(database: Database) -> None:
    async with database.write() as session:
        session.add(Citizen(id=1, created_at=FIRST))
        await session.flush()
        session.add(plain_application(1, received_at=FIRST, due_at=FIRST + timedelta(days=30)))
