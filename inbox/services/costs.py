"""The cost meter: notes what reading and writing costs, and says when a day's budget is spent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts
from inbox.repositories import costs as rows
from inbox.rules.costs import Purse, purse
from models.enums import ChannelName
from models.errors import InputError
from models.tables import Account, AccountCost

DAILY_BUDGETS = "daily_budgets"
"""Setting: dollars a day as text, by account id."""
PIECE_PRICES = "piece_prices"
"""Setting: dollars of one text as text, by account id, where the platform's own list says nothing (WhatsApp)."""
MICROS = 1_000_000
PAID = frozenset({ChannelName.TWITTER, ChannelName.WHATSAPP})
"""Platforms that ask for money."""
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfCosts:
    """What an account did on a UTC day, and for how many US dollars."""

    account_id: int
    day: str
    kind: str
    pieces: int
    dollars: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsOfAccount:
    """An account's money: limit and price as the organisation set them, today's sum, the last thirty days."""

    account: Account
    budget: Decimal | None
    price: Decimal | None
    today: Decimal
    purse: Purse
    days: Sequence[DayOfCosts]

    @property
    def total(self) -> Decimal:
        return sum((day.dollars for day in self.days), Decimal(0))


async def note(session: AsyncSession, account_id: int, *, kind: str, pieces: int, price: Decimal, at: datetime) -> None:
    """Count pieces at a price each."""
    if pieces:
        micros = int(price * pieces * MICROS)
        cost = AccountCost(account_id=account_id, day=_day(at), kind=kind, pieces=pieces, micros=micros)
        await rows.add(session, cost)


async def own_price(session: AsyncSession, account_id: int) -> Decimal | None:
    """What the organisation says that a text of this account costs."""
    return (await own_prices(session, [account_id])).get(account_id)


async def own_prices(session: AsyncSession, account_ids: Collection[int]) -> dict[int, Decimal]:
    """Of those of the accounts for which the organisation says what a text costs."""
    known = await accounts.setting(session, PIECE_PRICES, default={}) if account_ids else {}
    prices = {account_id: _amount(known, account_id) for account_id in account_ids}
    return {account_id: price for account_id, price in prices.items() if price is not None}


async def amounts(session: AsyncSession, account_id: int) -> tuple[Decimal | None, Decimal | None]:
    """Dollars a day at most, and dollars of one text; None where nobody has said."""
    budgets = await accounts.setting(session, DAILY_BUDGETS, default={})
    return _amount(budgets, account_id), await own_price(session, account_id)


async def state(session: AsyncSession, account_id: int, *, at: datetime) -> Purse:
    """How much of the account's money of this day is left."""
    budget = _amount(await accounts.setting(session, DAILY_BUDGETS, default={}), account_id)
    if budget is None:
        return Purse.OPEN
    spent = Decimal(await rows.micros_of(session, account_id, _day(at))) / MICROS
    return purse(spent, budget=budget)


async def set_budget(session: AsyncSession, account_id: int, dollars: str) -> None:
    """Dollars a day; empty takes the limit away. Raises InputError."""
    await _put(session, DAILY_BUDGETS, account_id, dollars)


async def set_price(session: AsyncSession, account_id: int, dollars: str) -> None:
    """Dollars of one text; empty goes back to the platform's list. Raises InputError."""
    await _put(session, PIECE_PRICES, account_id, dollars)


async def report(session: AsyncSession, *, since: datetime) -> list[DayOfCosts]:
    """Every account's days from that one on, oldest first."""
    return [
        DayOfCosts(
            account_id=row.account_id,
            day=row.day,
            kind=row.kind,
            pieces=row.pieces,
            dollars=Decimal(row.micros) / MICROS,
        )
        for row in await rows.since(session, _day(since))
    ]


async def overview(session: AsyncSession, *, now: datetime) -> list[CostsOfAccount]:
    """Every account that costs money or has a limit, with its last thirty days."""
    days = await report(session, since=now - timedelta(days=SHOWN_DAYS - 1))
    return [
        await _costs_of(session, account, [day for day in days if day.account_id == account.id], now)
        for account in await accounts.all_accounts(session)
        if account.channel in PAID or any(day.account_id == account.id and day.dollars for day in days)
    ]


async def _costs_of(
    session: AsyncSession, account: Account, days: Sequence[DayOfCosts], now: datetime
) -> CostsOfAccount:
    budget, price = await amounts(session, account.id or 0)
    return CostsOfAccount(
        account=account,
        budget=budget,
        price=price,
        today=sum((day.dollars for day in days if day.day == _day(now)), Decimal(0)),
        purse=await state(session, account.id or 0, at=now),
        days=days,
    )


async def _put(session: AsyncSession, key: str, account_id: int, dollars: str) -> None:
    known = dict(await accounts.setting(session, key, default={}))
    dollars = dollars.strip().replace(",", ".")
    if dollars and _decimal(dollars) is None:
        raise InputError("Tutar bir sayı olmalıdır, örneğin 5 ya da 0,02.")
    known.pop(str(account_id), None)
    await accounts.put_setting(session, key, {**known, str(account_id): dollars} if dollars else known)


def _amount(amounts: dict[str, str], account_id: int) -> Decimal | None:
    return _decimal(amounts.get(str(account_id), ""))


def _decimal(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
