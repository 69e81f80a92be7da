"""The connection through which SQLite is asked."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from models.db import Database
from models.sqlite_connection import OneTripConnection


async def test_rows_of_a_statement_are_there_after_one_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = await OneTripConnection(":memory:")
    trips = 0
    execute = connection._execute

    async def counted(*arguments: object) -> object:
        nonlocal trips
        trips += 1
        return await execute(*arguments)

    monkeypatch.setattr(connection, "_execute", counted)
    cursor = await connection.cursor().__aenter__()
    await cursor.execute("SELECT ? UNION ALL SELECT 2", (1,))
    assert cursor.description
    assert await cursor.fetchall() == [(1,), (2,)]
    await cursor.close()
    assert trips == 1
    monkeypatch.undo()
    await connection.close()


async def test_what_changed_is_counted(sqlite_database: Database) -> None:
    async with sqlite_database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)"))
        many = [{"name": "a"}, {"name": "b"}]
        assert (await connection.execute(text("INSERT INTO thing (name) VALUES (:name)"), many)).rowcount == 2
        assert (await connection.execute(text("DELETE FROM thing RETURNING id"))).scalars().all() == [1, 2]


async def test_errors_are_those_of_the_database(sqlite_database: Database) -> None:
    async with sqlite_database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE thing (name TEXT UNIQUE)"))
        await connection.execute(text("INSERT INTO thing VALUES ('a')"))
    with pytest.raises(IntegrityError, match="UNIQUE"):
        async with sqlite_database.engine.begin() as connection:
            await connection.execute(text("INSERT INTO thing VALUES ('a')"))
    with pytest.raises(OperationalError, match="no such table"):
        async with sqlite_database.engine.begin() as connection:
            await connection.execute(text("SELECT * FROM absent"))


async def test_a_slow_statement_holds_up_nobody_else(sqlite_database: Database) -> None:
    """Statements run in the connection's thread: the loop goes on while one takes long."""
    began = asyncio.Event()
    turns = 0

    async def ask() -> None:
        async with sqlite_database.read() as session:
            began.set()
            await session.exec(
                text(
                    "WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c LIMIT 300000) SELECT max(n) FROM c"
                )
            )

    asked = asyncio.create_task(ask())
    await began.wait()
    while not asked.done():
        turns += 1
        await asyncio.sleep(0)
    await asked
    assert turns > 1000


async def test_a_closed_connection_says_so() -> None:
    connection = await OneTripConnection(":memory:")
    await connection.close()
    with pytest.raises(ValueError, match="closed"):
        await connection.cursor().execute("SELECT 1")


async def test_who_reads_sees_one_moment(sqlite_database: Database) -> None:
    """A reader's transaction opens with its first statement, and closes with the session."""
    async with sqlite_database.write() as session:
        await session.exec(text("CREATE TABLE thing (name TEXT)"))
    async with sqlite_database.read() as reader:
        assert (await reader.exec(text("SELECT count(*) FROM thing"))).scalar_one() == 0
        async with sqlite_database.write() as writer:
            await writer.exec(text("INSERT INTO thing VALUES ('a')"))
        assert (await reader.exec(text("SELECT count(*) FROM thing"))).scalar_one() == 0
    async with sqlite_database.read() as reader:
        assert (await reader.exec(text("SELECT count(*) FROM thing"))).scalar_one() == 1


@pytest.mark.parametrize("end", ["commit", "rollback"])
async def test_a_connection_that_asked_nothing_is_free_for_a_writer(sqlite_database: Database, end: str) -> None:
    async with sqlite_database.engine.connect() as connection:
        await connection.begin()
        await getattr(connection, end)()
        driver = (await connection.get_raw_connection()).driver_connection
        cursor = driver.cursor()
        await cursor.execute("BEGIN IMMEDIATE")
        await cursor.execute("ROLLBACK")
