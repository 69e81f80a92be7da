"""What counts the days for the reports."""

from datetime import UTC, date, datetime, timedelta

from bots.queues.local import LocalLease
from bots.reporter import Reporter, keep_days
from inbox.repositories import day_counts
from models.clock import StillClock
from models.db import Database
from models.profile import Profile
from models.tables import Citizen
from tests.applications import plain_application

FIRST = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
NOW = FIRST + timedelta(days=20)


async def test_the_newest_days_are_counted_first_and_none_twice(sqlite_database: Database, profile: Profile) -> None:
    await _register(sqlite_database)
    zone = profile.time_zone
    assert await keep_days(sqlite_database, now=NOW, zone=zone, most=5) == 5
    assert await _kept(sqlite_database) == [NOW.date() - timedelta(days=back) for back in range(6, 1, -1)]
    await Reporter(database=sqlite_database, lease=LocalLease(), clock=StillClock(NOW), profile=profile).look()
    assert len(await _kept(sqlite_database)) == 19
    assert await keep_days(sqlite_database, now=NOW, zone=zone) == 0


async def _kept(database: Database) -> list[date]:
    async with database.read() as session:
        return sorted(await day_counts.kept_days(session, FIRST.date(), NOW.date()))


async def _register(database: Database) -> None:
    async with database.write() as session:
        session.add(Citizen(id=1, created_at=FIRST))
        await session.flush()
        session.add(plain_application(1, received_at=FIRST, due_at=FIRST + timedelta(days=30)))
