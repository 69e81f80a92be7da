"""Runs the periodic destruction: batch after batch, a transaction each, logged. The periods are the desk's rules."""

import logging

from inbox.rules.retention import RetentionPolicy, retention_policy
from inbox.services import retention
from inbox.services.retention import Destroyed
from models.db import Database
from models.ports import Clock, Lease
from models.profile import Profile

log = logging.getLogger(__name__)

LOOK_SECONDS = 3600.0
LEASE_SECONDS = 900.0
"""Real seconds; renewed with every batch."""


async def destroy(
    database: Database, policy: RetentionPolicy, *, clock: Clock, user_id: int | None = None, lease: Lease | None = None
) -> Destroyed:
    """Destroy everything that is due. What a crash interrupts, the next run goes on with."""
    async with database.write() as session:
        run_id = await retention.begin(session, policy, now=clock.now(), user_id=user_id)
    total = Destroyed()
    while True:
        if lease:
            await lease.acquire("destruction", seconds=LEASE_SECONDS)
        async with database.write() as session:
            done = await retention.destroy_batch(session, policy, now=clock.now())
        if not done:
            break
        total = total + done
    async with database.write() as session:
        await retention.finish(session, run_id, total, now=clock.now())
    await database.forget_deleted()
    return total


class Destroyer:
    """Looks every hour whether destruction is due; one in an installation works."""

    def __init__(self, *, database: Database, lease: Lease, clock: Clock, profile: Profile) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self._policy = retention_policy(profile)

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("destruction failed; the next look goes on with it")
            await self._clock.sleep(LOOK_SECONDS)

    async def look(self) -> Destroyed | None:
        """Destroy where it is due; None where it is not, or another process does."""
        async with self._database.read() as session:
            if not await retention.is_due(session, self._policy, now=self._clock.now()):
                return None
        if not await self._lease.acquire("destruction", seconds=LEASE_SECONDS):
            return None
        total = await destroy(self._database, self._policy, clock=self._clock, lease=self._lease)
        await self._lease.release("destruction")
        log.info("destruction ended: %s", total)
        return total
