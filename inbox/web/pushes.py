"""Stores pushes: whatever has come while one transaction ran goes into the next one together."""

import asyncio

from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult
from models.db import Database

MOST_TOGETHER = 50
"""Pushes of one transaction; a flood leaves workers and senders room to write between two."""
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
