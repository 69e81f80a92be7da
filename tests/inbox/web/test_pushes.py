"""Pushes that come together are stored together, each for itself."""

import asyncio

import pytest
from sqlmodel import func, select

from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult
from inbox.web.pushes import PushLine
from models.db import Database
from models.tables import Message
from tests.builders import batch, message, set_up
from tests.conftest import NOW


async def count(database: Database) -> int:
    async with database.read() as session:
        return (await session.exec(select(func.count(Message.id)))).one()


async def test_many_at_once_are_all_stored_and_in_few_transactions(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(database, NOW)
    line, writes, write = PushLine(database), [], database.write

    def counted():  # type: ignore[no-untyped-def]
        writes.append(1)
        return write()

    monkeypatch.setattr(database, "write", counted)
    results = await asyncio.gather(*(line.store(batch([message(number)], NOW)) for number in range(30)))
    assert [result.messages for result in results] == [1] * 30
    assert len(writes) <= 3
    again = await line.store(batch([message(7)], NOW))
    assert (again.messages, again.duplicates) == (0, 1)
    assert await count(database) == 30


async def test_one_that_cannot_be_stored_takes_no_other_along(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(sqlite_database, NOW)
    line, store = PushLine(sqlite_database), intake.store

    async def picky(session, one: Batch, **how: object) -> IntakeResult:  # type: ignore[no-untyped-def]
        result = await store(session, one, **how)
        if one.parsed.events[0].external_id == "m2":
            raise ValueError("not this one")
        return result

    monkeypatch.setattr(intake, "store", picky)
    results = await asyncio.gather(
        *(line.store(batch([message(number)], NOW)) for number in range(4)), return_exceptions=True
    )
    assert [isinstance(result, ValueError) for result in results] == [False, False, True, False]
    assert await count(sqlite_database) == 3


async def test_a_caller_who_goes_leaves_the_others_in_line(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    line = PushLine(sqlite_database)
    callers = [asyncio.create_task(line.store(batch([message(number)], NOW))) for number in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert [result.messages for result in results[1:] if isinstance(result, IntakeResult)] == [1, 1]
