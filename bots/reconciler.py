"""The reconciler: compares each account with the platform's own list on a schedule, and fetches what was missing."""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.poller import announce
from bots.rounds import make_rounds
from inbox.rules.refusals import explained
from inbox.services import reconciliation
from inbox.services.intake import Batch
from models.db import Database
from models.enums import ReconciliationState
from models.errors import ChannelError, RateLimitedError, TransientError
from models.messages import Page
from models.ports import Clock, Connector, JobQueue, Lease, LiveBus
from models.tables import Account, ReconciliationRun

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
MOST_PAGES = 200
MOST_TRIES = 4
PAUSE = timedelta(seconds=30)
UNFORESEEN = "beklenmeyen bir hata; ayrıntısı sunucunun günlüğünde"
Build = Callable[[Account, int], Connector | None]
"""(account, hours to look back) -> a connector of its own that knows no cursor; None where there is no list to read."""


@dataclass(slots=True)
class _Tally:
    listed: int = 0
    missing: int = 0


class Reconciler:
    """Compares all accounts of an installation. The list is read by a connector of its own, from an empty cursor."""

    def __init__(
        self, *, build: Build, database: Database, queue: JobQueue, bus: LiveBus, lease: Lease, clock: Clock
    ) -> None:
        self._build = build
        self._database = database
        self._queue = queue
        self._bus = bus
        self._lease = lease
        self._clock = clock

    async def run(self) -> None:
        """Look every few minutes which account is due, until cancelled."""
        await make_rounds(self.look, name="reconciler", every=LOOK_EVERY, lease=self._lease, clock=self._clock)

    async def look(self) -> None:
        """Compare every account that is due."""
        async with self._database.read() as session:
            known = await reconciliation.enabled_accounts(session)
            due = [(account, await reconciliation.due(session, account, now=self._clock.now())) for account in known]
        for account, since in due:
            if since is not None:
                await self.reconcile(account, since=since)

    async def reconcile(self, account: Account, *, since: datetime) -> ReconciliationRun:
        """One comparison from start to record."""
        started_at, tally, problem, signs = self._clock.now(), _Tally(), "", dict[str, int]()
        try:
            state, signs = await self._examine(account, since, started_at, tally)
        except ChannelError as error:
            state, problem = ReconciliationState.FAILED, explained(error)
        except Exception:
            log.exception("comparing account %s failed; the others are compared", account.id)
            state, problem = ReconciliationState.FAILED, UNFORESEEN
        run = ReconciliationRun(
            account_id=account.id or 0,
            state=state,
            since=since,
            started_at=started_at,
            finished_at=self._clock.now(),
            listed=tally.listed,
            missing=tally.missing,
            problem=problem,
            signs=signs,
        )
        async with self._database.write() as session:
            await reconciliation.record(session, run)
        if run.missing:
            log.warning("account %d: %d messages were missing and are here now", run.account_id, run.missing)
        await self._bus.publish("account", {"id": run.account_id, "what": "reconciled"})
        return run

    async def _examine(
        self, account: Account, since: datetime, now: datetime, tally: _Tally
    ) -> tuple[ReconciliationState, dict[str, int]]:
        """Its list, page by page; signs of gaps where it has none. Raises ChannelError."""
        connector = self._build(account, max(1, math.ceil((now - since) / timedelta(hours=1))))
        if connector is None:
            async with self._database.read() as session:
                signs = await reconciliation.look_for_gaps(session, account, since=since, now=now)
            return ReconciliationState.SIGNS, signs
        try:
            await self._walk(account, connector, since, tally)
        finally:
            await connector.close()
        return ReconciliationState.LISTED, {}

    async def _walk(self, account: Account, connector: Connector, since: datetime, tally: _Tally) -> None:
        for stream in connector.facts.recounted_streams:
            cursor = ""
            for _ in range(MOST_PAGES):
                page = await self._page(connector, stream, cursor)
                await self._compare(account, connector, stream, page, since, tally)
                cursor = page.cursor
                if not page.more:
                    break

    async def _page(self, connector: Connector, stream: str, cursor: str) -> Page:
        """A page; faults that pass are waited for."""
        for attempt in range(1, MOST_TRIES + 1):
            try:
                return await connector.poll(stream, cursor)
            except (RateLimitedError, TransientError) as error:
                if attempt == MOST_TRIES:
                    raise
                retry_at = error.retry_at if isinstance(error, RateLimitedError) else None
                pause = retry_at - self._clock.now() if retry_at else PAUSE * attempt
                await self._clock.sleep(max(pause.total_seconds(), 1))
        raise AssertionError("the last try returns or raises")

    async def _compare(
        self, account: Account, connector: Connector, stream: str, page: Page, since: datetime, tally: _Tally
    ) -> None:
        now = self._clock.now()
        batch = Batch(
            channel=account.channel,
            source=f"reconcile:{stream}",
            body=page.payload,
            parsed=connector.parse(page.payload, stream=stream),
            received_at=now,
        )
        async with self._database.write() as session:
            outcome = await reconciliation.take_in(session, account, batch, since=since, now=now)
        tally.listed += outcome.listed
        tally.missing += outcome.missing
        if outcome.stored:
            await announce(outcome.stored, queue=self._queue, bus=self._bus)
