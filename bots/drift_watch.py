"""The watch over the classifier: counts its weeks every hour and logs where one is worse than those before."""

import logging
from datetime import timedelta

from bots.rounds import make_rounds
from inbox.services import drift
from models.db import Database
from models.ports import Clock, Lease
from models.profile import Profile

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(hours=1)


class DriftWatch:
    """Watches over the classifier of an installation."""

    def __init__(self, *, database: Database, lease: Lease, clock: Clock, profile: Profile) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self._profile = profile

    async def run(self) -> None:
        """Look every hour until cancelled."""
        await make_rounds(self.look, name="drift watch", every=LOOK_EVERY, lease=self._lease, clock=self._clock)

    async def look(self) -> None:
        """Count, store, and tell of drift that is new."""
        now = self._clock.now()
        async with self._database.read() as session:
            weeks = await drift.count_weeks(session, now=now, zone=self._profile.time_zone)
        async with self._database.write() as session:
            await drift.keep_weeks(session, weeks)
        for week in weeks:
            if week.alarmed_at == now:
                day = week.began_at.astimezone(self._profile.time_zone).date()
                log.warning("the classifier drifts in the week from %s: %s", day, ", ".join(week.alarms))
