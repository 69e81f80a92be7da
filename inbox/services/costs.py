"""The cost meter: notes what reading and writing costs, and says when a day's budget is spent."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts
from inbox.repositories import costs as rows
from inbox.rules.costs import Purse, purse
from models.errors import InputError
from models.tables import AccountCost

DAILY_BUDGETS = "daily_budgets"
"""Setting: dollars a day as text, by account id."""
PIECE_PRICES = "piece_prices"
"""Setting: dollars of one text as text, by account id, where the platform's own list says nothing (WhatsApp)."""
MICROS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfCosts:
    """What an account did on a UTC day, and for how many US dollars."""

    account_id: int
    day: str
    kind: str
    pieces: int
    dollars: Decimal


async def note(session: AsyncSession, account_id: int, *, kind: str, pieces: int, price: Decimal, at: datetime) -> None:
    """Count pieces at a price each."""
    if pieces:
        micros = int(price * pieces * MICROS)
        cost = AccountCost(account_id=account_id, day=_day(at), kind=kind, pieces=pieces, micros=micros)
        await rows.add(session, cost)


async def own_price(session: AsyncSession, account_id: int) -> Decimal | None:
    """What the organisation says that a text of this account costs."""
    return _amount(await accounts.setting(session, PIECE_PRICES, default={}), account_id)


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
