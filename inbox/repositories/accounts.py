"""Accounts, stream cursors and the installation's switches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import upsert
from models.enums import AccountState, ChannelName
from models.tables import Account, Setting, StreamCursor

BOTS_ENABLED = "bots_enabled"


async def all_accounts(session: AsyncSession) -> Sequence[Account]:
    return (await session.exec(select(Account).order_by(Account.id))).all()


async def account(session: AsyncSession, account_id: int) -> Account | None:
    return await session.get(Account, account_id)


async def find_account(session: AsyncSession, channel: ChannelName, external_id: str) -> Account | None:
    query = select(Account).where(Account.channel == channel, Account.external_id == external_id)
    return (await session.exec(query)).first()


async def ensure_account(session: AsyncSession, wanted: Account) -> Account:
    """The account of that channel and external id, made or brought up to date with the settings given."""
    known = await find_account(session, wanted.channel, wanted.external_id)
    if known is None:
        session.add(wanted)
        await session.flush()
        return wanted
    known.settings = wanted.settings
    session.add(known)
    return known


async def set_state(session: AsyncSession, account_id: int, state: AccountState, *, detail: str) -> None:
    await session.exec(update(Account).where(Account.id == account_id).values(state=state, state_detail=detail))


async def cursor(session: AsyncSession, account_id: int, stream: str) -> str:
    """The stored cursor; empty before the first page."""
    found = await session.get(StreamCursor, (account_id, stream))
    return found.value if found else ""


async def move_cursor(session: AsyncSession, account_id: int, stream: str, *, value: str, at: datetime) -> None:
    fresh = upsert(session, StreamCursor).values(account_id=account_id, stream=stream, value=value, updated_at=at)
    await session.exec(
        fresh.on_conflict_do_update(index_elements=["account_id", "stream"], set_={"value": value, "updated_at": at})
    )


_SETTING = select(Setting.value).where(Setting.key == bindparam("key"))


async def setting(session: AsyncSession, key: str, default: Any = None) -> Any:
    found = (await session.exec(_SETTING, params={"key": key})).first()
    return default if found is None else found


async def put_setting(session: AsyncSession, key: str, value: Any) -> None:
    fresh = upsert(session, Setting).values(key=key, value=value)
    await session.exec(fresh.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
