"""Pollers: ask each account's streams in turn and store each page with its cursor in one transaction."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts
from inbox.rules.account_states import Sign, sign_of
from inbox.rules.costs import Purse
from inbox.rules.refusals import explained
from inbox.services import accounts as account_states
from inbox.services import costs, intake
from inbox.services.intake import Batch, IntakeResult, PolledFrom
from models.db import Database
from models.enums import Surface
from models.errors import ChannelError, RateLimitedError
from models.messages import Page
from models.ports import Acknowledges, Clock, Connector, JobQueue, Lease, LiveBus

log = logging.getLogger(__name__)

LISTENING = Surface.LISTENING.value
"""Name of the streams that are read for monitoring alone."""
LEASE_SECONDS = 10.0
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
STUMBLES = 4
"""Failures in a row after which an account counts as degraded."""


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
        is_sure = False
        while True:
            try:
                pause = await self._turn(stream, is_sure=is_sure and not failures)
                failures, is_sure = 0, True
            except ChannelError as error:
                failures += 1
                pause = await self._pause_after(error, stream, failures)
            except Exception:
                failures += 1
                log.exception("polling %s of account %d failed", stream, self._account_id)
                pause = _backoff(failures)
            await self._clock.sleep(pause.total_seconds())

    async def _turn(self, stream: str, *, is_sure: bool) -> timedelta:
        """Poll once where this poller holds the stream; the pause before the next time. Raises ChannelError."""
        if not await self._lease.acquire(f"poll:{self._account_id}:{stream}", seconds=LEASE_SECONDS):
            await asyncio.sleep(LEASE_SECONDS / 2)
            return timedelta()
        more = await self.poll_once(stream)
        if not is_sure:
            await self._note(Sign.READ)
        return timedelta() if more else self._connector.facts.poll_every

    async def poll_once(self, stream: str) -> bool:
        """One page: asked for, read, stored. True where more wait. Raises ChannelError.

        Listening stops before the day's money is spent; what citizens write to us is read in any case.
        """
        async with self._database.read() as session:
            cursor = await accounts.cursor(session, self._account_id, stream)
            if stream == LISTENING and await self._saves(session):
                return False
        page = await self._connector.poll(stream, cursor)
        if not page.empty or page.cursor != cursor:
            result = await self._store(stream, page)
            await announce(result, queue=self._queue, bus=self._bus)
            if isinstance(self._connector, Acknowledges):
                await self._connector.acknowledge(page.payload)
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
        return await stored_or_kept(partial(self._take_in, polled), batch)

    async def _take_in(self, polled: PolledFrom, batch: Batch) -> IntakeResult:
        async with self._database.write() as session:
            result = await intake.store(session, batch, polled=polled)
            await self._note_cost(session, polled.stream, pieces=result.events)
        return result

    async def _saves(self, session: AsyncSession) -> bool:
        return await costs.state(session, self._account_id, at=self._clock.now()) is not Purse.OPEN

    async def _note_cost(self, session: AsyncSession, stream: str, *, pieces: int) -> None:
        """New items alone: what was read before on the same day is not paid for again."""
        price = self._connector.facts.read_prices.get(stream)
        if price is not None:
            kind, now = f"read:{stream}", self._clock.now()
            await costs.note(session, self._account_id, kind=kind, pieces=pieces, price=price, at=now)

    async def _pause_after(self, error: ChannelError, stream: str, failures: int) -> timedelta:
        log.warning("polling %s of account %d: %s", stream, self._account_id, error.detail)
        sign = sign_of(error)
        if sign is not Sign.STUMBLED or failures == STUMBLES:
            try:
                await self._note(sign, detail=explained(error))
            except Exception:
                log.exception("the state of account %d was not kept; the next failure tries again", self._account_id)
        if isinstance(error, RateLimitedError) and error.retry_at:
            return max(error.retry_at - self._clock.now(), timedelta(seconds=1))
        return _backoff(failures)

    async def _note(self, sign: Sign, *, detail: str = "") -> None:
        async with self._database.write() as session:
            changed = await account_states.note(session, self._account_id, sign, detail=detail)
        if changed:
            await self._bus.publish("account", {"id": self._account_id, "what": changed.value})


async def stored_or_kept(take_in: Callable[[Batch], Awaitable[IntakeResult]], batch: Batch) -> IntakeResult:
    """Take a batch in, a transaction each time; what cannot be stored as it was read is kept raw."""
    try:
        return await take_in(batch)
    except intake.PASSING:
        raise
    except intake.UNFIT as error:
        log.exception("what came by %s of %s cannot be stored as read; kept raw", batch.source, batch.channel)
        return await take_in(intake.kept_raw(batch, error))


async def announce(result: IntakeResult, *, queue: JobQueue, bus: LiveBus) -> None:
    """After commit: wake workers, tell open pages."""
    await queue.announce([str(key) for key in result.conversation_ids])
    for application_id in result.application_ids:
        await bus.publish("application", {"id": application_id, "what": "changed"})


def _backoff(failures: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
