"""Texts that must leave, once each."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from models.enums import OutboxState, Purpose, SendMode
from models.tables.columns import json_value, long_text, optional_time, primary_key, reference, time, word

_INDEXED = text("state <> 'sent'")
UNSENT = text("outbox_item.state <> 'sent'")
"""The condition of the index of what has not left, word by word: queries for those say it."""


class OutboxItem(SQLModel, table=True):
    """`unique_key` is application and purpose (and a count where one purpose may come again)."""

    __tablename__ = "outbox_item"
    __table_args__ = (
        UniqueConstraint("unique_key"),
        Index(
            "ix_outbox_unsent", "account_id", "state", "not_before", sqlite_where=_INDEXED, postgresql_where=_INDEXED
        ),
        Index("ix_outbox_sent", "account_id", "sent_at"),
    )

    id: int | None = primary_key()
    unique_key: str
    application_id: int | None = reference("application.id", optional=True)
    conversation_id: int = reference("conversation.id")
    account_id: int = reference("account.id", index=False)
    purpose: Purpose = word(Purpose)
    text: str = long_text()
    reply_to: str = ""
    user_id: int | None = reference("user.id", optional=True, index=False)
    state: OutboxState = word(OutboxState, default=OutboxState.QUEUED)
    not_before: datetime = time()
    attempts: int = 0
    claim_expires: float | None = None
    """Seconds since the epoch by the machine's clock; a claim that ran out belongs to a sender that died."""
    claimed_by: str = ""
    """The sender that holds the claim; where it is known to be dead, the claim is worth nothing."""
    perhaps_sent: bool = False
    """A try ended without an answer: look it up before the next one."""
    mode: SendMode = word(SendMode, default=SendMode.REPLY)
    files: list[dict[str, Any]] = json_value(list)
    """What leaves with the text: fields of `OutboundFile` but for the bytes."""
    awaits_since: datetime | None = optional_time()
    """The window was closed: the text leaves once the citizen has written after this."""
    sent_at: datetime | None = optional_time()
    external_ids: list[str] = json_value(list)
    """What the platform accepted, piece by piece; whole when the text is sent."""
    problem: str = long_text()
    created_at: datetime = time()
