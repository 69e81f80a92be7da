"""Stores pushes: whatever has come while one transaction ran goes into the next one together. Counts forged ones."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from inbox.repositories import operations
from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult
from models.db import Database

log = logging.getLogger(__name__)

MOST_TOGETHER = 50
"""Pushes of one transaction; a flood leaves workers and senders room to write between two."""
FLOOD_SECONDS = 1.0
"""Between two writes of counts; so much a process that ends may forget."""
Entry = tuple[Batch, "asyncio.Future[IntakeResult]"]


class PushLine:
    """One process's pushes. Each is stored or refused by itself; the caller hears of its own alone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[Entry] = []
        self._turn = asyncio.Lock()

    async def store(self, batch: Batch) -> IntakeResult:
        """Return once the batch is committed. Raises what storing it raised."""
        entry: Entry = (batch, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        try:
            while not entry[1].done():
                async with self._turn:
                    if not entry[1].done():
                        await self._store_waiting()
        finally:
            if entry in self._waiting:
                self._waiting.remove(entry)
        return entry[1].result()

    async def _store_waiting(self) -> None:
        """Those that wait stay in line until they are committed: whatever happens here, nobody is forgotten."""
        taken = self._waiting[:MOST_TOGETHER]
        done: list[tuple[Entry, IntakeResult | Exception]] = []
        async with self._database.write() as session:
            for entry in taken:
                try:
                    async with session.begin_nested():
                        result = await intake.store(session, entry[0])
                except intake.PASSING:
                    raise
                except Exception as error:  # noqa: BLE001  (handed to the one whose push it is)
                    done.append((entry, error))
                else:
                    done.append((entry, result))
                session.expunge_all()
        for entry, outcome in done:
            self._waiting.remove(entry)
            if isinstance(outcome, Exception):
                entry[1].set_exception(outcome)
            else:
                entry[1].set_result(outcome)


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
