"""Keeps pushes before they are answered and reads them right after, many in one transaction. Counts forged ones."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import deliveries, operations
from inbox.services import intake, readers
from inbox.services.intake import Batch, IntakeResult
from inbox.web.desk import Desk
from models.db import Database
from models.messages import Parsed, ParseProblem

log = logging.getLogger(__name__)

MOST_TOGETHER = 50
"""Pushes of one transaction; a flood leaves workers and senders room to write between two."""
RETRY_SECONDS = 0.5
LEFT_BEHIND = timedelta(seconds=30)
"""So old, and by the desk's clock, what was kept and not read is taken for a dead process's."""
LOOK_SECONDS = 20.0
FLOOD_SECONDS = 1.0
"""Between two writes of counts; so much a process that ends may forget."""
NOBODY_READS = Parsed(problems=(ParseProblem(where="$", why="the account is not connected"),))
"""It is listed, to be read again once the account is back; younger ones are not kept waiting by it."""
Entry = tuple[Batch, "asyncio.Future[None]"]


class PushLine:
    """One process's pushes: bytes first, in few writes; what they hold afterwards, in the order in which they came."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._arriving: list[Entry] = []
        self._turn = asyncio.Lock()
        self._unread: dict[int, Batch] = {}
        self._reader: asyncio.Task[None] | None = None

    async def keep(self, batch: Batch) -> None:
        """Return once the bytes are committed; they are read soon. Raises what storing them raised."""
        entry: Entry = (batch, asyncio.get_running_loop().create_future())
        self._arriving.append(entry)
        try:
            while not entry[1].done():
                async with self._turn:
                    if not entry[1].done():
                        await self._keep_arriving()
        finally:
            if entry in self._arriving:
                self._arriving.remove(entry)
        entry[1].result()

    async def _keep_arriving(self) -> None:
        """Those that wait stay in line until they are committed: whatever happens here, nobody is forgotten."""
        taken = self._arriving[:MOST_TOGETHER]
        async with self._desk.database.write(urgent=True) as session:
            keys = await deliveries.add_deliveries(session, [intake.unread(batch) for batch, _ in taken])
        for entry, key in zip(taken, keys, strict=True):
            self._unread[key] = entry[0]
            if entry in self._arriving:
                self._arriving.remove(entry)
            if not entry[1].done():
                entry[1].set_result(None)
        self._read_soon()

    def _read_soon(self) -> None:
        if self._unread and (self._reader is None or self._reader.done()):
            self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while self._unread:
            taken = dict(islice(self._unread.items(), MOST_TOGETHER))
            try:
                results = await self._read_together(taken)
            except Exception:
                log.exception("pushes wait to be read; they are tried again")
                await asyncio.sleep(RETRY_SECONDS)
                continue
            for key in taken:
                self._unread.pop(key, None)
            await self._announce(results)

    async def _read_together(self, taken: Mapping[int, Batch]) -> list[IntakeResult]:
        """Each for itself: what cannot be stored as it was read stays raw, whatever the reason."""
        results = []
        async with self._desk.database.write() as session:
            for key, batch in taken.items():
                try:
                    results.append(await _take_in(session, key, batch))
                except intake.PASSING:
                    raise
                except Exception as error:
                    log.exception("a push of %s cannot be stored as read; kept raw", batch.channel)
                    results.append(await _take_in(session, key, intake.kept_raw(batch, error)))
                session.expunge_all()
        return results

    async def _announce(self, results: Iterable[IntakeResult]) -> None:
        for result in results:
            await self._desk.queue.announce([str(key) for key in result.conversation_ids])
            for application_id in result.application_ids:
                await self._desk.bus.publish("application", {"id": application_id, "what": "changed"})

    async def settled(self) -> None:
        """Return once everything kept so far has been read."""
        while self._reader and not self._reader.done():
            await asyncio.wait([self._reader])

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """While the pages serve: what a process kept that did not live to read it is read by this one."""
        looking = asyncio.create_task(self._look_back())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.settled(), RETRY_SECONDS)

    async def _look_back(self) -> None:
        while True:
            try:
                await self.take_left()
            except Exception:
                log.exception("what was left unread is looked for again")
            await asyncio.sleep(LOOK_SECONDS)

    async def take_left(self) -> None:
        """Read what has been kept for long and that nobody read."""
        before = self._desk.clock.now() - LEFT_BEHIND
        async with self._desk.database.read() as session:
            left = await deliveries.kept(session, before=before, limit=MOST_TOGETHER)
        for one in left:
            if one.id not in self._unread and one.body is not None:
                self._unread[one.id or 0] = Batch(
                    channel=one.channel,
                    source=one.source,
                    body=one.body,
                    parsed=readers.read_stored(self._desk.connectors, one) or NOBODY_READS,
                    received_at=one.received_at,
                )
        self._read_soon()


async def _take_in(session: AsyncSession, key: int, batch: Batch) -> IntakeResult:
    async with session.begin_nested():
        delivery = await deliveries.delivery(session, key)
        assert delivery is not None, "raw bytes are never deleted while they are unread"
        return await intake.store_again(session, delivery, batch)


class RefusedPushes:
    """One process's pushes with a wrong signature, by account. A flood of them is one small write a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: Counter[int] = Counter()
        self._newest = datetime.min.replace(tzinfo=UTC)
        self._writer: asyncio.Task[None] | None = None

    def note(self, account_ids: Iterable[int], *, at: datetime) -> None:
        """Count one for each of these accounts, soon."""
        self._waiting.update(account_ids)
        self._newest = at
        if self._waiting and (self._writer is None or self._writer.done()):
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._waiting:
            counts, self._waiting = self._waiting, Counter()
            try:
                async with self._database.write() as session:
                    for account_id, count in counts.items():
                        await operations.count_refused(session, account_id, count=count, at=self._newest)
            except Exception:
                log.exception("refused pushes were not counted; the next second tries again")
                self._waiting.update(counts)
            await asyncio.sleep(FLOOD_SECONDS)
