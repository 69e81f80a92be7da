"""The cost meter: sums by account, day and kind; budgets and own prices."""

from datetime import timedelta
from decimal import Decimal

import pytest

from inbox.rules.costs import Purse
from inbox.services import costs
from models.db import Database
from models.errors import InputError
from tests.builders import set_up
from tests.conftest import NOW


async def spend(database: Database, dollars: str, *, pieces: int = 1, kind: str = "send", days: int = 0) -> None:
    async with database.write() as session:
        at = NOW + timedelta(days=days)
        await costs.note(session, 1, kind=kind, pieces=pieces, price=Decimal(dollars), at=at)


async def state(database: Database, *, days: int = 0) -> Purse:
    async with database.read() as session:
        return await costs.state(session, 1, at=NOW + timedelta(days=days))


async def test_pieces_and_money_add_up_by_day_and_kind(database: Database) -> None:
    await set_up(database, NOW)
    await spend(database, "0.010")
    await spend(database, "0.200")
    await spend(database, "0.001", pieces=100, kind="read:mentions")
    await spend(database, "0.010", days=1)
    async with database.read() as session:
        found = await costs.report(session, since=NOW)
    assert [(day.day, day.kind, day.pieces, day.dollars) for day in found] == [
        ("2026-11-23", "read:mentions", 100, Decimal("0.1")),
        ("2026-11-23", "send", 2, Decimal("0.21")),
        ("2026-11-24", "send", 1, Decimal("0.01")),
    ]


async def test_a_budget_is_for_one_day(database: Database) -> None:
    await set_up(database, NOW)
    async with database.write() as session:
        await costs.set_budget(session, 1, "1,00")
    await spend(database, "0.80")
    assert await state(database) is Purse.NO_LISTENING
    await spend(database, "0.20")
    assert await state(database) is Purse.SPENT
    assert await state(database, days=1) is Purse.OPEN
    async with database.write() as session:
        await costs.set_budget(session, 1, "")
    assert await state(database) is Purse.OPEN


@pytest.mark.parametrize("wrong", ["beş", "-1", "NaN", "Infinity"])
async def test_an_amount_is_a_number(sqlite_database: Database, wrong: str) -> None:
    async with sqlite_database.write() as session:
        with pytest.raises(InputError):
            await costs.set_budget(session, 1, wrong)


async def test_an_own_price_stands_before_the_platforms(sqlite_database: Database) -> None:
    async with sqlite_database.write() as session:
        await costs.set_price(session, 4, "0,0053")
        assert await costs.own_price(session, 4) == Decimal("0.0053")
        assert await costs.own_price(session, 5) is None
