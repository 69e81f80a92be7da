"""What counts the days for the reports."""

import asyncio
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


class TakenLease(LocalLease):
    """Another process has it."""

    async def acquire(self, name: str, *, seconds: float) -> bool:
        return False


async def test_the_newest_days_are_counted_first(sqlite_database: Database, profile: Profile) -> None:
    await _register(sqlite_database)
    await _reporter(sqlite_database, profile, LocalLease()).look()
    async with sqlite_database.read() as session:
        kept = await day_counts.kept_days(session, FIRST.date(), NOW.date())
    assert len(kept) == DAYS_AT_ONCE
    assert max(kept) == NOW.date() - timedelta(days=2)


async def test_one_process_at_a_time(sqlite_database: Database, profile: Profile) -> None:
    await _register(sqlite_database)
    clock = StoppingClock(NOW)
    running = asyncio.create_task(_reporter(sqlite_database, profile, TakenLease(), clock).run())
    await clock.has_slept.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await keep_days(sqlite_database, now=NOW, zone=profile.time_zone) == 19


class StoppingClock(StillClock):
    """Stands still at its first rest."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self.has_slept = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.has_slept.set()
        await asyncio.Event().wait()


async def _register(database: Database) -> None:
    async with database.write() as session:
        session.add(Citizen(id=1, created_at=FIRST))
        await session.flush()
        session.add(plain_application(1, received_at=FIRST, due_at=FIRST + timedelta(days=30)))


def _reporter(database: Database, profile: Profile, lease: LocalLease, clock: StillClock | None = None) -> Reporter:
    return Reporter(database=database, lease=lease, clock=clock or StillClock(NOW), profile=profile)
