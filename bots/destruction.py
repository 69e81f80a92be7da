"""Runs the periodic destruction: batch after batch, a transaction each, logged. The periods are the desk's rules."""

import logging
from datetime import timedelta

from bots.rounds import make_rounds
from inbox.rules.retention import RetentionPolicy, retention_policy
from inbox.services import retention
from inbox.services.retention import Destroyed
from models.db import Database
from models.ports import Clock, Lease
from models.profile import Profile

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(hours=1)


async def destroy(
    database: Database, policy: RetentionPolicy, *, clock: Clock, user_id: int | None = None
) -> Destroyed:
    """Destroy everything that is due. What a crash interrupts, the next run goes on with."""
    async with database.write() as session:
        run_id = await retention.begin(session, policy, now=clock.now(), user_id=user_id)
    total = Destroyed()
    while True:
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
    """Looks every hour whether destruction is due."""

    def __init__(self, *, database: Database, lease: Lease, clock: Clock, profile: Profile) -> None:
        self._database = database
        self._lease = lease
        self._clock = clock
        self._policy = retention_policy(profile)

    async def run(self) -> None:
        """Look until cancelled."""
        await make_rounds(self.look, name="destroyer", every=LOOK_EVERY, lease=self._lease, clock=self._clock)

    async def look(self) -> Destroyed | None:
        """Destroy where it is due; None where it is not."""
        async with self._database.read() as session:
            if not await retention.is_due(session, self._policy, now=self._clock.now()):
                return None
        total = await destroy(self._database, self._policy, clock=self._clock)
        log.info("destruction ended: %s", total)
        return total
