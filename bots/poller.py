"""Pollers: ask each account's streams in turn and store each page with its cursor in one transaction."""

import asyncio
import logging
from datetime import timedelta

from inbox.repositories import accounts
from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult, PolledFrom
from models.db import Database
from models.enums import AccountState
from models.errors import (
    AccountPausedError,
    ChannelError,
    RateLimitedError,
    ReauthoriseError,
)
from models.messages import Page
from models.ports import Clock, Connector, JobQueue, Lease, LiveBus

log = logging.getLogger(__name__)

LEASE_SECONDS = 10.0
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)


class Poller:
    """Polls one account's streams; with a lease, so that one poller an account is at work."""

    def __init__(
        self,
        *,
        account_id: int,
        connector: Connector,
        database: Database,
        queue: JobQueue,
        bus: LiveBus,
        lease: Lease,
        clock: Clock,
    ) -> None:
        self._account_id = account_id
        self._connector = connector
        self._database = database
        self._queue = queue
        self._bus = bus
        self._lease = lease
        self._clock = clock

    async def run(self) -> None:
        """Poll every stream until cancelled."""
        async with asyncio.TaskGroup() as group:
            for stream in self._connector.facts.streams:
                group.create_task(self._run_stream(stream))

    async def _run_stream(self, stream: str) -> None:
        failures = 0
        while True:
            if not await self._lease.acquire(f"poll:{self._account_id}:{stream}", seconds=LEASE_SECONDS):
                await asyncio.sleep(LEASE_SECONDS / 2)
                continue
            try:
                more = await self.poll_once(stream)
                failures = 0
                pause = timedelta() if more else self._connector.facts.poll_every
            except ChannelError as error:
                failures += 1
                pause = await self._pause_after(error, stream, failures)
            except Exception:
                failures += 1
                log.exception("polling %s of account %d failed", stream, self._account_id)
                pause = _backoff(failures)
            await self._clock.sleep(pause.total_seconds())

    async def poll_once(self, stream: str) -> bool:
        """One page: asked for, read, stored. True where more wait. Raises ChannelError."""
        async with self._database.read() as session:
            cursor = await accounts.cursor(session, self._account_id, stream)
        page = await self._connector.poll(stream, cursor)
        if not page.empty or page.cursor != cursor:
            result = await self._store(stream, page)
            await announce(result, queue=self._queue, bus=self._bus)
        return page.more

    async def _store(self, stream: str, page: Page) -> IntakeResult:
        batch = Batch(
            channel=self._connector.facts.channel,
            source=f"poll:{stream}",
            body=page.payload,
            parsed=self._connector.parse(page.payload, stream=stream),
            received_at=self._clock.now(),
        )
        polled = PolledFrom(account_id=self._account_id, stream=stream, cursor=page.cursor)
        async with self._database.write() as session:
            return await intake.store(session, batch, polled=polled)

    async def _pause_after(self, error: ChannelError, stream: str, failures: int) -> timedelta:
        log.warning("polling %s of account %d: %s", stream, self._account_id, error.detail)
        if isinstance(error, ReauthoriseError | AccountPausedError):
            state = AccountState.REAUTHORISE if isinstance(error, ReauthoriseError) else AccountState.PAUSED
            async with self._database.write() as session:
                await accounts.set_state(session, self._account_id, state, detail=error.detail)
        if isinstance(error, RateLimitedError) and error.retry_at:
            return max(error.retry_at - self._clock.now(), timedelta(seconds=1))
        return _backoff(failures)


async def announce(result: IntakeResult, *, queue: JobQueue, bus: LiveBus) -> None:
    """After commit: wake workers, tell open pages."""
    await queue.announce([str(key) for key in result.conversation_ids])
    for application_id in result.application_ids:
        await bus.publish("application", {"id": application_id, "what": "changed"})


def _backoff(failures: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
