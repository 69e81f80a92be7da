"""Pushes that come together are kept together, each for itself, and read in their order."""

import asyncio

import pytest
from sqlmodel import select

from bots.queues.local import LocalBus, LocalQueue
from inbox.services import intake
from inbox.services.intake import Batch, IntakeResult
from inbox.web.desk import Desk
from inbox.web.pushes import PushLine
from models.clock import StillClock
from models.db import Database
from models.enums import DeliveryState
from models.profile import Profile
from models.tables import Delivery, Message
from tests.builders import batch, message, set_up
from tests.conftest import NOW


def line_of(database: Database, clock: StillClock, profile: Profile) -> PushLine:
    return PushLine(Desk(database=database, clock=clock, profile=profile, queue=LocalQueue(), bus=LocalBus()))


async def read(database: Database) -> list[str]:
    """The messages' ids in the order in which they were stored."""
    async with database.read() as session:
        return list((await session.exec(select(Message.external_id).order_by(Message.id))).all())


async def states(database: Database) -> list[DeliveryState]:
    async with database.read() as session:
        return list((await session.exec(select(Delivery.state).order_by(Delivery.id))).all())


async def test_many_at_once_are_all_stored_and_in_few_transactions(
    database: Database, clock: StillClock, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(database, NOW)
    line, writes, write = line_of(database, clock, profile), [], database.write

    def counted(**how: bool):  # type: ignore[no-untyped-def]
        writes.append(1)
        return write(**how)

    monkeypatch.setattr(database, "write", counted)
    await asyncio.gather(*(line.keep(batch([message(number)], NOW)) for number in range(30)))
    await line.settled()
    assert len(writes) <= 5
    assert await read(database) == [f"m{number}" for number in range(30)]
    await line.keep(batch([message(7)], NOW))
    await line.settled()
    assert len(await read(database)) == 30
    assert set(await states(database)) == {DeliveryState.PARSED}


async def test_one_that_cannot_be_stored_takes_no_other_along(
    sqlite_database: Database, clock: StillClock, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_up(sqlite_database, NOW)
    line, store = line_of(sqlite_database, clock, profile), intake.store_again

    async def picky(session, delivery: Delivery, one: Batch) -> IntakeResult:  # type: ignore[no-untyped-def]
        result = await store(session, delivery, one)
        if one.parsed.events and one.parsed.events[0].external_id == "m2":
            raise ValueError("not this one")
        return result

    monkeypatch.setattr(intake, "store_again", picky)
    await asyncio.gather(*(line.keep(batch([message(number)], NOW)) for number in range(4)))
    await line.settled()
    assert await read(sqlite_database) == ["m0", "m1", "m3"]
    assert [state is DeliveryState.UNREADABLE for state in await states(sqlite_database)] == [False, False, True, False]


async def test_a_caller_who_goes_leaves_the_others_in_line(
    sqlite_database: Database, clock: StillClock, profile: Profile
) -> None:
    await set_up(sqlite_database, NOW)
    line = line_of(sqlite_database, clock, profile)
    callers = [asyncio.create_task(line.keep(batch([message(number)], NOW))) for number in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()
    results = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1:] == [None, None]
    await line.settled()
    assert {"m1", "m2"} <= set(await read(sqlite_database))
