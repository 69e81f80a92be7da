"""Comforts of the shared work: saved views, unsent texts, ready-made texts, mentions, bulk work that can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.columns import BIG_ID, json_value, long_text, optional_time, primary_key, reference, time


class SavedView(SQLModel, table=True):
    """A list that somebody comes back to; without an owner it is shared."""

    __tablename__ = "saved_view"

    id: int | None = primary_key()
    owner_id: int | None = reference("user.id", optional=True)
    role: str | None = None
    """Of a shared one: for people of this role alone."""
    name: str
    params: dict[str, Any] = json_value(dict)
    """The list's address in parts, as the page writes it into links."""
    position: int = 0
    created_at: datetime = time()


class UnsentText(SQLModel, table=True):
    """What somebody has written and not sent, so that no closed window loses it."""

    __tablename__ = "unsent_text"

    application_id: int = Field(foreign_key="application.id", primary_key=True, sa_type=BIG_ID)
    user_id: int = Field(foreign_key="user.id", primary_key=True, sa_type=BIG_ID)
    text: str = long_text()
    saved_at: datetime = time()


class ReadyText(SQLModel, table=True):
    """A text that is put into an answer by its short name; without an owner it is shared."""

    __tablename__ = "ready_text"

    id: int | None = primary_key()
    owner_id: int | None = reference("user.id", optional=True)
    role: str | None = None
    """Of a shared one: for people of this role alone."""
    shortcut: str = Field(index=True)
    """Typed after `/`; folded, without blanks."""
    title: str
    text: str = long_text()
    created_at: datetime = time()


class Mention(SQLModel, table=True):
    """A colleague named in a note; hers to read."""

    __table_args__ = (Index("ix_mention_unread", "user_id", "read_at", "id"),)

    id: int | None = primary_key()
    note_id: int = reference("note.id")
    application_id: int = reference("application.id")
    user_id: int = reference("user.id", index=False)
    created_at: datetime = time()
    read_at: datetime | None = optional_time()


class BulkWork(SQLModel, table=True):
    """One change of many applications, with what they were before, so that it can be undone once."""

    __tablename__ = "bulk_work"

    id: int | None = primary_key()
    user_id: int = reference("user.id", index=False)
    verb: str
    before: list[dict[str, Any]] = json_value(list)
    """Per application: its id, its version after the change, and the values that the change replaced."""
    done_at: datetime = time(index=True)
    undone_at: datetime | None = optional_time()
