"""The engine and the transaction edge. Requests, jobs and commands open transactions here; services never commit."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import event, insert, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from models.sqlite_connection import OneTripConnection

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}
BUSY_SECONDS = 30
STATEMENTS = 1000
"""More than the product has: each is prepared once a connection of PostgreSQL's."""
LINE_SECONDS = 60
"""So long a writer stands in line before it gives up; whoever holds the line so long will not let go by himself."""


def async_url(url: str) -> str:
    """A DATABASE_URL with the driver that this project uses."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername)).render_as_string(
        hide_password=False
    )


class WriterLine:
    """One at a time, in the order of coming; whoever comes as `first` is next."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def acquire(self, *, first: bool = False) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        place = asyncio.get_running_loop().create_future()
        (self._waiting.appendleft if first else self._waiting.append)(place)
        try:
            await place
        except asyncio.CancelledError:
            if place in self._waiting:
                self._waiting.remove(place)
            elif not place.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Whoever is next goes on; one who gave up in between is passed over."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._is_taken = False


class Database:
    """One database. `read()` and `write()` are the only ways to a session."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = _create_engine(async_url(url))
        self._line = WriterLine() if self.dialect == "sqlite" else None
        self._writing: set[asyncio.Task[Any] | None] = set()
        self._sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading; nothing is kept of what it changes."""
        async with self._sessions() as session:
            yield session

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, rolled back on any error. SQLite takes its write lock at once.

        `urgent` is for a short one that somebody outside waits for: it is next in line.

        SQLite's own queue is unfair and lets each waiting writer hold a connection: writers of one process stand in
        line here instead. A write inside a write would wait for itself: it raises RuntimeError.
        """
        async with self._turn(urgent), self._sessions() as session:
            await session.connection(execution_options={"him_write": True})
            try:
                yield session
            except BaseException:
                await session.rollback()
                raise
            await session.commit()

    async def forget_deleted(self) -> None:
        """Leave nothing of what was overwritten in SQLite's file and its log of changes. PostgreSQL's autovacuum does.

        `secure_delete` overwrites rows where they stand; where a page was divided before, a copy of a row may have
        stayed in its unused part: only writing the file anew loses it. Takes about ten seconds a gigabyte and the free
        room of the file; readers go on, writers wait in line.
        """
        if self.dialect == "sqlite":
            async with self._turn(urgent=False), self.engine.connect() as connection:
                await connection.exec_driver_sql("COMMIT")
                await connection.exec_driver_sql("VACUUM")
                await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    async def optimize(self) -> None:
        """Let SQLite count how its tables are filled, and choose indexes by it. PostgreSQL does by itself.

        It writes what it has counted: in the line of writers, else it is refused while one is at work.
        """
        if self.dialect == "sqlite":
            async with self._turn(urgent=False), self.engine.connect() as connection:
                await connection.exec_driver_sql("COMMIT")
                await connection.exec_driver_sql("PRAGMA analysis_limit=400")
                await connection.exec_driver_sql("PRAGMA optimize=0x10002")

    @asynccontextmanager
    async def _turn(self, urgent: bool) -> AsyncIterator[None]:
        me = asyncio.current_task()
        if me in self._writing:
            raise RuntimeError("a write inside a write of the same task")
        self._writing.add(me)
        try:
            if self._line is None:
                yield
            else:
                async with asyncio.timeout(LINE_SECONDS):
                    await self._line.acquire(first=urgent)
                try:
                    yield
                finally:
                    self._line.release()
        finally:
            self._writing.discard(me)

    async def close(self) -> None:
        await self.engine.dispose()


def _create_engine(url: str) -> AsyncEngine:
    if not url.startswith("sqlite"):
        remember = {"prepared_statement_cache_size": STATEMENTS}
        engine = create_async_engine(url, pool_size=10, max_overflow=10, hide_parameters=True, connect_args=remember)
        event.listen(engine.sync_engine, "checkout", _require_open)
        return engine
    path = make_url(url).database or ":memory:"
    connect = partial(OneTripConnection, path, timeout=BUSY_SECONDS)
    engine = create_async_engine(url, async_creator=connect, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _set_pragmas)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _require_open(connection: Any, _record: Any, _proxy: Any) -> None:
    """A server that was restarted has hung up: its connections are opened anew. Costs no trip, unlike a ping."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError("the server has closed the connection")


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Any) -> None:
    """A writer takes the lock at once; a reader begins with what it reads first."""
    if connection.get_execution_options().get("him_write", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.connection.driver_connection.open_with("BEGIN")


async def insert_new(session: AsyncSession, records: Sequence[SQLModel], *returning: Any) -> list[Any]:
    """Insert records of one table, leaving alone those that are there; `returning` of the new ones."""
    if not records:
        return []
    query = _insert(session)(_table(records)).on_conflict_do_nothing()
    if not returning:
        await session.exec(query, params=_rows(records))
        return []
    return list((await session.exec(query.returning(*returning), params=_rows(records))).all())


async def insert_all(session: AsyncSession, records: Sequence[SQLModel]) -> None:
    """Insert records of one table through Core, in one statement; their ids stay unknown."""
    if records:
        await session.exec(insert(_table(records)), params=_rows(records))


def upsert(session: AsyncSession, table: type[SQLModel]) -> Any:
    """An insert of the session's dialect, to be finished with `on_conflict_do_update`."""
    return _insert(session)(table)


def _insert(session: AsyncSession) -> Any:
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _table(records: Sequence[SQLModel]) -> Any:
    return type(records[0]).__table__


def _rows(records: Sequence[SQLModel]) -> list[dict[str, Any]]:
    """Records as rows for a Core insert; an id that is not set is left to the database."""
    names = [column.key for column in _table(records).columns]
    if getattr(records[0], "id", 0) is None:
        names.remove("id")
    return [{name: getattr(record, name) for name in names} for record in records]


async def lock(session: AsyncSession, name: str) -> None:
    """Let one transaction at a time do what `name` says. SQLite's write lock does that already."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), params={"name": name})
