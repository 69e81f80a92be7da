"""SQLite's connection as the engine opens it: a statement and all its rows are one trip to the connection's thread.

aiosqlite makes four of them (cursor, execute, fetchall, close); where a statement takes a tenth of a millisecond the
trips were a third of a page's time.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Self

import aiosqlite

_CHUNK = 64


class OneTripConnection(aiosqlite.Connection):
    """What SQLAlchemy's adapter needs of aiosqlite, with cursors that fetch at once."""

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(lambda: sqlite3.connect(path, **options), _CHUNK)
        self._thread.daemon = True
        self._opening = ""

    def open_with(self, statement: str) -> None:
        """Execute this one before the next, on the same trip."""
        self._opening = statement

    async def commit(self) -> None:
        if not self._forget_opening():
            await super().commit()

    async def rollback(self) -> None:
        if not self._forget_opening():
            await super().rollback()

    def _forget_opening(self) -> bool:
        """What was not opened need not be closed."""
        forgotten, self._opening = bool(self._opening), ""
        return forgotten

    def cursor(self) -> "OneTripCursor":  # type: ignore[override]
        return OneTripCursor(self)

    async def run(self, cursor: "OneTripCursor", method: str, *arguments: Any) -> None:
        """Execute in the connection's thread and lay what came of it into the cursor."""
        await self._execute(self._run, cursor, method, *arguments)

    def _run(self, cursor: "OneTripCursor", method: str, *arguments: Any) -> None:
        if self._opening:
            opening, self._opening = self._opening, ""
            self._conn.execute(opening)
        found = getattr(self._conn, method)(*arguments)
        rows = found.fetchall() if found.description else []
        cursor.rows, cursor.description = rows, found.description
        cursor.rowcount, cursor.lastrowid = found.rowcount, found.lastrowid
        found.close()


class OneTripCursor:
    """One statement's outcome."""

    arraysize = 1

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self.rows: list[Any] = []
        self.description: tuple[Any, ...] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        await self._connection.run(self, "execute", statement, values)

    async def executemany(self, statement: str, many: Sequence[Sequence[Any]]) -> None:
        await self._connection.run(self, "executemany", statement, many)

    async def fetchall(self) -> list[Any]:
        return self.rows

    async def close(self) -> None:
        """Nothing is held open."""
