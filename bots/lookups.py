"""Asks platforms for what they told of by ids alone, after it was stored: words of messages, names of people."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

from bots.poller import announce, stored_or_kept
from inbox.services import lookups, naming
from inbox.services.intake import Batch, IntakeResult
from models.db import Database
from models.errors import ChannelError, RateLimitedError
from models.ports import Clock, Connector, JobQueue, KnowsPeople, LiveBus, LooksUp
from models.tables import Lookup

log = logging.getLogger(__name__)

AT_ONCE = 5
LOOK_SECONDS = 1.0


class WordFinder:
    """Any number may run: each lookup is claimed for a few minutes."""

    def __init__(
        self, *, connectors: Mapping[int, Connector], database: Database, queue: JobQueue, bus: LiveBus, clock: Clock
    ) -> None:
        self._connectors = connectors
        self._database = database
        self._queue = queue
        self._bus = bus
        self._clock = clock

    async def run(self) -> None:
        """Look up until cancelled."""
        while True:
            try:
                busy = await self.look_up_due()
            except Exception:
                log.exception("looking words up failed")
                busy = 0
            if not busy:
                await asyncio.sleep(LOOK_SECONDS)

    async def look_up_due(self) -> int:
        """Ask for what is due now; how many were asked for."""
        able = [key for key, one in self._connectors.items() if isinstance(one, LooksUp | KnowsPeople)]
        async with self._database.read() as session:
            waits = await lookups.is_any_due(session, able, now=self._clock.now())
        if not waits:
            return 0
        async with self._database.write() as session:
            due = await lookups.claim(session, able, now=self._clock.now(), limit=AT_ONCE)
        for row in due:
            await self._look_up(row, self._connectors[row.account_id])
        return len(due)

    async def _look_up(self, row: Lookup, connector: Connector) -> None:
        """One lookup must not stop the others: what nobody foresaw is one more failed try."""
        try:
            await (self._name(row, connector) if naming.person_of(row) else self._read(row, connector))
        except ChannelError as error:
            log.warning("a lookup of account %d: %s", row.account_id, error.detail)
            await self._try_later(row, connector, error)
        except Exception as error:
            log.exception("a lookup of account %d failed", row.account_id)
            await self._try_later(row, connector, error)

    async def _try_later(self, row: Lookup, connector: Connector, error: Exception) -> None:
        retry_at = error.retry_at if isinstance(error, RateLimitedError) else None
        async with self._database.write() as session:
            if naming.person_of(row) and lookups.is_last(row):
                await naming.take_in(session, row, connector.facts.channel, None)
            else:
                await lookups.try_later(session, row, now=self._clock.now(), retry_at=retry_at)

    async def _name(self, row: Lookup, connector: Connector) -> None:
        assert isinstance(connector, KnowsPeople)
        sender = await connector.person(naming.person_of(row))
        async with self._database.write() as session:
            touched = await naming.take_in(session, row, connector.facts.channel, sender)
        for application_id in touched:
            await self._bus.publish("application", {"id": application_id, "what": "changed"})

    async def _read(self, row: Lookup, reader: Connector) -> None:
        assert isinstance(reader, LooksUp)
        payload = await reader.look_up(row.pointer, last=lookups.is_last(row))
        batch = Batch(
            channel=reader.facts.channel,
            source=lookups.SOURCE,
            body=payload,
            parsed=reader.parse(payload),
            received_at=self._clock.now(),
            account_id=row.account_id,
        )
        result = await stored_or_kept(partial(self._take_in, row), batch)
        await announce(result, queue=self._queue, bus=self._bus)

    async def _take_in(self, row: Lookup, batch: Batch) -> IntakeResult:
        async with self._database.write() as session:
            return await lookups.take_in(session, row, batch)
