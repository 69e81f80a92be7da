"""Who wrote: a citizen and the ids under which platforms know her."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from models.enums import ChannelName
from models.tables.columns import optional_time, primary_key, reference, time, word


class Citizen(SQLModel, table=True):
    id: int | None = primary_key()
    display_name: str = ""
    created_at: datetime = time()
    erased_at: datetime | None = optional_time()


class Identity(SQLModel, table=True):
    """One id of a citizen. Aliases (phone and user id on WhatsApp) are rows of the same citizen."""

    __table_args__ = (UniqueConstraint("channel", "scope", "external_id"),)

    id: int | None = primary_key()
    citizen_id: int = reference("citizen.id")
    channel: ChannelName = word(ChannelName)
    scope: str = ""
    external_id: str
    handle: str = ""
    display_name: str = ""
    blocked_at: datetime | None = optional_time()
    unreachable_at: datetime | None = optional_time()
    """The platform said that she cannot be written to; void once she writes again."""
    created_at: datetime = time()
