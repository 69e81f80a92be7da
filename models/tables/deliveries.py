"""What the platforms gave us, as received: raw bytes first, then the events found in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.enums import ChannelName, DeliveryState, EventKind
from models.tables.columns import BIG_ID, json_value, long_text, optional_time, primary_key, reference, time, word

UNREAD = text("state <> 'parsed'")
"""Condition, written as it stands in the index of what nobody could read; queries for those say it."""


class Delivery(SQLModel, table=True):
    """One webhook call or one polled page.

    `account_id`: the only account of ours that it names, else the only one whose secret signed it, else empty.
    """

    __table_args__ = (
        Index("ix_delivery_account", "account_id", "received_at"),
        Index("ix_delivery_unread", "account_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
    )

    id: int | None = primary_key()
    channel: ChannelName = word(ChannelName)
    account_id: int | None = reference("account.id", optional=True, index=False)
    source: str
    """`webhook`, or `poll:<stream>`."""
    body: bytes | None = Field(default=None, sa_type=LargeBinary, nullable=True)
    """Empty after an erasure."""
    received_at: datetime = time(index=True)
    state: DeliveryState = word(DeliveryState)
    problem: str = long_text()
    event_count: int = 0
    duplicate_count: int = 0


class Event(SQLModel, table=True):
    """One parsed event; the unique key makes the same page or webhook harmless a second time."""

    __table_args__ = (UniqueConstraint("account_id", "dedup_key"),)

    id: int | None = primary_key()
    delivery_id: int = reference("delivery.id")
    account_id: int = reference("account.id", index=False)
    dedup_key: str
    kind: EventKind = word(EventKind)
    external_id: str = Field(default="", index=True)
    reason: str = ""
    received_at: datetime = time()
    sent_at: datetime | None = optional_time()
    extra: dict[str, Any] = json_value(dict)


class EventCopy(SQLModel, table=True):
    """A further delivery that told of a message again; its bytes are erased with the message."""

    __tablename__ = "event_copy"

    delivery_id: int = Field(foreign_key="delivery.id", primary_key=True)
    external_id: str = Field(primary_key=True, index=True)


class Lookup(SQLModel, table=True):
    """What a platform told of by ids alone, a message or a person: asked for until it came or is given up."""

    account_id: int = Field(foreign_key="account.id", primary_key=True, sa_type=BIG_ID)
    external_id: str = Field(primary_key=True)
    pointer: dict[str, Any] = json_value(dict)
    """A message: the event's facts; the connector knows what to ask with them. A person: her id and its scope."""
    due_at: datetime = time(index=True)
    tries: int = 0
