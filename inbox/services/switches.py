"""What a person may switch: all bots, an account, its listening only, its day's money. Each is recorded: who, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, operations, people
from inbox.rules.permissions import Action, Actor
from inbox.services import costs
from models.enums import AccountDeed
from models.errors import NotFoundError
from models.tables import Account, AccountEvent

NO_ACCOUNT = "Böyle bir hesap yok."


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did. `account_id` is None for the switch of all bots."""

    account_id: int | None
    what: AccountDeed
    detail: str
    who: str
    at: datetime


async def bots_enabled(session: AsyncSession) -> bool:
    """Whether texts that no person wrote may leave."""
    return bool(await accounts.setting(session, accounts.BOTS_ENABLED, default=True))


async def switch_bots(session: AsyncSession, actor: Actor, *, enabled: bool, now: datetime) -> None:
    """One switch for every text that no person wrote. Those that wait stay in the queue."""
    actor.require(Action.SET_UP)
    if await bots_enabled(session) is enabled:
        return
    await accounts.put_setting(session, accounts.BOTS_ENABLED, enabled)
    what = AccountDeed.BOTS_STARTED if enabled else AccountDeed.BOTS_STOPPED
    await note(session, actor, what, account_id=None, now=now)


async def switch_account(session: AsyncSession, actor: Actor, account_id: int, *, enabled: bool, now: datetime) -> None:
    """Switch an account on or off altogether. Raises NotFoundError."""
    account = await _account(session, actor, account_id)
    if account.enabled is enabled:
        return
    account.enabled = enabled
    session.add(account)
    what = AccountDeed.SWITCHED_ON if enabled else AccountDeed.SWITCHED_OFF
    await note(session, actor, what, account_id=account_id, now=now)


async def set_listen_only(
    session: AsyncSession, actor: Actor, account_id: int, *, listen_only: bool, now: datetime
) -> None:
    """Let an account only listen, or answer again. Raises NotFoundError."""
    account = await _account(session, actor, account_id)
    if account.listen_only is listen_only:
        return
    account.listen_only = listen_only
    session.add(account)
    what = AccountDeed.LISTENS_ONLY if listen_only else AccountDeed.ANSWERS_AGAIN
    await note(session, actor, what, account_id=account_id, now=now)


async def set_money(
    session: AsyncSession, actor: Actor, account_id: int, *, budget: str, price: str, now: datetime
) -> None:
    """The account's dollars a day and of one text; empty takes them away. Raises InputError, NotFoundError."""
    await _account(session, actor, account_id)
    before = await costs.amounts(session, account_id)
    await costs.set_budget(session, account_id, budget)
    await costs.set_price(session, account_id, price)
    after = await costs.amounts(session, account_id)
    for what, old, new in zip((AccountDeed.BUDGET, AccountDeed.PRICE), before, after, strict=True):
        if old != new:
            await note(session, actor, what, account_id=account_id, detail=_amount(new), now=now)


async def note(
    session: AsyncSession,
    actor: Actor,
    what: AccountDeed,
    *,
    account_id: int | None,
    detail: str = "",
    now: datetime,
) -> None:
    event = AccountEvent(account_id=account_id, user_id=actor.user_id, what=what, detail=detail, at=now)
    await operations.add_event(session, event)


async def deeds(session: AsyncSession, *, limit: int = 30) -> Sequence[Deed]:
    """What people did last, newest first."""
    found = await operations.last_events(session, limit=limit)
    names = await people.names(session, sorted({event.user_id for event in found}))
    return [
        Deed(
            account_id=event.account_id,
            what=event.what,
            detail=event.detail,
            who=names.get(event.user_id, ""),
            at=event.at,
        )
        for event in found
    ]


async def last_deed(session: AsyncSession, account_id: int | None, *whats: AccountDeed) -> Deed | None:
    """The newest of these kinds."""
    event = await operations.last_event(session, account_id, whats)
    if event is None:
        return None
    names = await people.names(session, [event.user_id])
    return Deed(
        account_id=account_id, what=event.what, detail=event.detail, who=names.get(event.user_id, ""), at=event.at
    )


async def _account(session: AsyncSession, actor: Actor, account_id: int) -> Account:
    actor.require(Action.SET_UP)
    account = await accounts.account(session, account_id)
    if account is None:
        raise NotFoundError(NO_ACCOUNT)
    return account


def _amount(dollars: Decimal | None) -> str:
    return "" if dollars is None else f"{dollars:f} $".replace(".", ",")
