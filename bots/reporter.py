"""Counts the days that are over, a day after the other, and keeps them and their months: reports add them up.

Beside the clock, because a day of a large city takes seconds, and emergencies ring by the minute.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bots.rounds import make_rounds
from inbox.reports import daybook
from inbox.repositories import day_counts
from models.db import Database
from models.ports import Clock, Lease
from models.profile import Profile

LOOK_EVERY = timedelta(minutes=10)
DAYS_AT_ONCE = 100
"""Where a filled database has none yet, the newest come first: about two minutes at a million applications."""


class Reporter:
    """Looks every ten minutes."""

    def __init__(self, *, database: Database, lease: Lease, clock: Clock, profile: Profile) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self._profile = profile

    async def run(self) -> None:
        """Until cancelled."""
        await make_rounds(self.look, name="reporter", every=LOOK_EVERY, lease=self._lease, clock=self._clock)

    async def look(self) -> None:
        """Count what is over and not kept yet, at most so many days."""
        await keep_days(self._database, now=self._clock.now(), zone=self._profile.time_zone, most=DAYS_AT_ONCE)


async def keep_days(database: Database, *, now: datetime, zone: ZoneInfo, most: int | None = None) -> int:
    """The newest first, at most so many; how many are kept now. Nobody is held up: counting only reads."""
    async with database.read() as session:
        days = await daybook.uncounted(session, now=now, zone=zone)
    for day in days[:most]:
        async with database.read() as session:
            row = await daybook.counted(session, day, now=now, zone=zone)
        async with database.write() as session:
            await day_counts.keep(session, row)
    async with database.read() as session:
        months = await daybook.unsummed(session, now=now, zone=zone)
        sums = [await daybook.summed(session, month) for month in months]
    for total in sums:
        async with database.write() as session:
            await day_counts.keep(session, total)
    return len(days[:most])
