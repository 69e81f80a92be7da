"""Our accounts on the platforms and how far each of their streams has been read."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.enums import AccountState, ChannelName
from models.tables.columns import json_value, long_text, primary_key, time, word


class Account(SQLModel, table=True):
    """One account on one platform. Credentials are in the `SecretStore` under `account-<id>`."""

    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: int | None = primary_key()
    channel: ChannelName = word(ChannelName)
    external_id: str
    """The platform's id of the account: user id, page id, phone number id, bot id."""
    name: str
    handle: str = ""
    listen_only: bool = False
    enabled: bool = True
    state: AccountState = word(AccountState, default=AccountState.OK)
    state_detail: str = long_text()
    settings: dict[str, Any] = json_value(dict)
    created_at: datetime = time()


class StreamCursor(SQLModel, table=True):
    """Opaque to all but the connector; moves in the transaction that stores the page before it."""

    __tablename__ = "stream_cursor"

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    stream: str = Field(primary_key=True)
    value: str = long_text()
    updated_at: datetime = time()
