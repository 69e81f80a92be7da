"""The transaction edge, on both databases."""

import asyncio
import random
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlmodel import func, select

from inbox.repositories import accounts
from models.db import Database, WriterLine


async def test_a_write_is_kept(database: Database) -> None:
    async with database.write() as session:
        await accounts.put_setting(session, "bots_enabled", False)
    async with database.read() as session:
        assert await accounts.setting(session, "bots_enabled") is False


async def test_an_error_takes_everything_back(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.write() as session:
            await accounts.put_setting(session, "bots_enabled", False)
            raise LookupError
    async with database.read() as session:
        assert await accounts.setting(session, "bots_enabled", default="untouched") == "untouched"


async def test_reading_keeps_nothing(database: Database) -> None:
    async with database.read() as session:
        await accounts.put_setting(session, "bots_enabled", False)
    async with database.read() as session:
        assert await accounts.setting(session, "bots_enabled") is None


async def test_writers_stand_in_line_and_leave_readers_alone(sqlite_database: Database) -> None:
    """Fifty writers at once: each comes to its turn in order, and a reader waits for none of them."""
    turns: list[int] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def write(number: int) -> None:
        async with sqlite_database.write() as session:
            await accounts.put_setting(session, "turn", number)
            begun.set()
            await go_on.wait()
            turns.append(number)

    writers = [asyncio.create_task(write(number)) for number in range(50)]
    await begun.wait()
    async with asyncio.timeout(20), sqlite_database.read() as session:
        await accounts.setting(session, "turn")
    assert turns == []
    go_on.set()
    await asyncio.gather(*writers)
    assert turns == sorted(turns)


async def test_a_write_inside_a_write_is_said_at_once(database: Database) -> None:
    """It would wait for itself until the database gives up."""
    async with database.write():
        with pytest.raises(RuntimeError):
            async with database.write():
                pass
    async with database.write() as session:
        await accounts.put_setting(session, "bots_enabled", False)


@pytest.mark.parametrize("seed", range(3))
async def test_cancelled_writers_hold_no_lock(sqlite_database: Database, seed: int) -> None:
    """Stopped anywhere, twice over: waiting in line, beginning, writing, committing, rolling back."""
    dice = random.Random(seed)

    async def write() -> None:
        async with sqlite_database.write() as session:
            await accounts.put_setting(session, "turn", 1)
            await asyncio.sleep(dice.random() * 0.005)

    for _ in range(15):
        writers = [asyncio.create_task(write()) for _ in range(6)]
        for _ in range(2):
            await asyncio.sleep(dice.random() * 0.02)
            for writer in writers:
                writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)
        async with asyncio.timeout(2):
            await write()


async def test_an_urgent_writer_is_next_in_line() -> None:
    line, order = WriterLine(), []

    async def writer(name: str, *, first: bool = False) -> None:
        await line.acquire(first=first)
        order.append(name)
        line.release()

    await line.acquire()
    waiting = [asyncio.create_task(writer(name, first=name == "urgent")) for name in ("one", "gone", "two", "urgent")]
    await asyncio.sleep(0)
    waiting[1].cancel()
    line.release()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == ["urgent", "one", "two"]
    await writer("free again")
    assert order[-1] == "free again"


async def test_who_gives_up_when_his_turn_comes_hands_it_on() -> None:
    line = WriterLine()
    await line.acquire()
    leaves, stays = (asyncio.create_task(line.acquire()) for _ in range(2))
    await asyncio.sleep(0)
    line.release()
    leaves.cancel()
    await asyncio.wait_for(stays, 1)


async def test_tables_are_counted_in_the_line_of_writers(sqlite_database: Database) -> None:
    async with sqlite_database.write():
        waiting = asyncio.create_task(sqlite_database.optimize())
        await asyncio.sleep(0)
        assert sqlite_database._line is not None
        assert len(sqlite_database._line._waiting) == 1
    await waiting


async def test_nothing_of_what_was_overwritten_stays_in_the_file(sqlite_database: Database, tmp_path: Path) -> None:
    """[İ7d10] Pages that were divided keep copies of rows in their unused part: those go, too."""
    draw = random.Random(3)
    async with sqlite_database.write() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("CREATE TABLE scratch (id INTEGER PRIMARY KEY, words TEXT)")
        for key in range(2_000):
            await connection.exec_driver_sql("INSERT INTO scratch VALUES (?, ?)", (key, f"zq{key}xk" + "a" * 160))
            more = "b" * draw.randint(0, 400), draw.randint(0, key)
            await connection.exec_driver_sql("UPDATE scratch SET words = words || ? WHERE id = ?", more)
    async with sqlite_database.write() as session:
        await (await session.connection()).exec_driver_sql("UPDATE scratch SET words = ''")
    await sqlite_database.forget_deleted()
    assert [path.name for path in tmp_path.glob("him.sqlite3*") if b"xkaaa" in path.read_bytes()] == []


async def test_a_server_that_has_hung_up_is_called_again(postgres_url: str) -> None:
    """As after its restart: nobody sees an error."""
    database, other, held = Database(postgres_url), Database(postgres_url), []
    async with AsyncExitStack() as stack:
        for _ in range(3):
            connection = await (await stack.enter_async_context(database.read())).connection()
            held.append((await connection.get_raw_connection()).driver_connection)
    async with other.read() as session:
        for one in held:
            await session.exec(select(func.pg_terminate_backend(one.get_server_pid())))
    async with asyncio.timeout(20):
        while not all(one.is_closed() for one in held):
            await asyncio.sleep(0.01)
    for _ in range(3):
        async with database.read() as session:
            assert (await session.exec(select(1))).one() == 1
    await database.close()
    await other.close()
