"""Unreadable deliveries are listed, and read again after the parser was mended."""

import pytest
from sqlmodel import select

from inbox.services import intake, rereading
from inbox.services.intake import PolledFrom
from models.db import Database
from models.enums import DeliveryState, EventKind
from models.errors import ConflictError, NotFoundError
from models.messages import Parsed, ParseProblem
from models.tables import Delivery, Job, Message
from tests.builders import TELEGRAM, batch, message, set_up, take_in
from tests.conftest import NOW

PROBLEM = ParseProblem(where="$[1]", why="KeyError: new_field")


async def half_read(database: Database, **changes: object) -> int:
    async with database.write() as session:
        parsed = Parsed(events=(message(1),), problems=(PROBLEM,))
        return (await intake.store(session, batch([message(1)], NOW, parsed=parsed, **changes))).delivery_id


def mended(_delivery: Delivery) -> Parsed:
    return Parsed(events=(message(1), message(2, "bunu okuyamamıştık")))


async def test_what_could_not_be_read_is_listed_with_the_reason(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    delivery_id = await half_read(sqlite_database)
    await take_in(sqlite_database, NOW, message(7))
    async with sqlite_database.read() as session:
        (row,) = await rereading.unreadable(session)
    assert (row.id, row.problems, row.state) == (delivery_id, ["$[1]: KeyError: new_field"], DeliveryState.PARTIAL)
    assert (row.size, row.can_be_read_again) == (2, True)


async def test_reading_again_brings_what_was_missing_once(database: Database) -> None:
    await set_up(database, NOW)
    delivery_id = await half_read(database)
    for expected in (1, 0):
        async with database.write() as session:
            result = await rereading.reread(session, delivery_id, mended)
        assert result.messages == expected
    async with database.read() as session:
        assert [one.text for one in (await session.exec(select(Message).order_by(Message.id))).all()] == [
            "su akmıyor",
            "bunu okuyamamıştık",
        ]
        assert len((await session.exec(select(Job))).all()) == 2
        delivery = await session.get_one(Delivery, delivery_id)
        assert (delivery.state, delivery.problem, delivery.event_count) == (DeliveryState.PARSED, "", 2)
        assert await rereading.unreadable(session) == []


async def test_a_polled_page_is_read_as_its_stream_for_its_account(sqlite_database: Database) -> None:
    (account_id,) = await set_up(sqlite_database, NOW)
    async with sqlite_database.write() as session:
        polled = PolledFrom(account_id=account_id, stream="updates", cursor="1")
        page = batch([], NOW, source="poll:updates", parsed=Parsed(problems=(PROBLEM,)))
        delivery_id = (await intake.store(session, page, polled=polled)).delivery_id
    asked = []

    def read(delivery: Delivery) -> Parsed:
        asked.append((delivery.body, delivery.source))
        return Parsed(events=(message(1, account_id=""),))

    async with sqlite_database.write() as session:
        assert (await rereading.reread(session, delivery_id, read)).messages == 1
    assert asked == [(b"{}", "poll:updates")]


async def test_an_account_that_was_set_up_since_gets_its_messages(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, TELEGRAM)
    foreign = message(1, account_id="late")
    await take_in(sqlite_database, NOW, foreign)
    async with sqlite_database.read() as session:
        (row,) = await rereading.unreadable(session)

    async with sqlite_database.write() as session:
        assert (await rereading.reread(session, row.id, lambda _: Parsed(events=(message(1),)))).messages == 1


async def test_erased_bytes_and_unknown_deliveries_are_refused(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1))
    await take_in(sqlite_database, NOW, message(1, "", kind=EventKind.DELETE, dedup_key="delete:1"))
    async with sqlite_database.write() as session:
        with pytest.raises(ConflictError):
            await rereading.reread(session, 1, mended)
        with pytest.raises(NotFoundError):
            await rereading.reread(session, 99, mended)
