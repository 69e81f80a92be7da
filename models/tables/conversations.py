"""Conversations and the messages that stand in them, inbound and outbound."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.enums import AttachmentKind, Author, ChannelName, DeliveryStatus, Direction, Surface
from models.tables.columns import (
    Word,
    few_filled,
    json_value,
    long_text,
    optional_time,
    primary_key,
    reference,
    time,
    word,
)


class Conversation(SQLModel, table=True):
    """(account, surface, thread, citizen's identity): strangers under one post are not one conversation."""

    __table_args__ = (UniqueConstraint("account_id", "surface", "thread_id", "identity_id"),)

    id: int | None = primary_key()
    account_id: int | None = reference("account.id", index=False, optional=True)
    """Empty for what was registered by hand: no account of ours to answer from."""
    channel: ChannelName = word(ChannelName)
    surface: Surface = word(Surface)
    thread_id: str
    identity_id: int = reference("identity.id")
    citizen_id: int = reference("citizen.id")
    last_inbound_at: datetime | None = optional_time()
    created_at: datetime = time()


class Message(SQLModel, table=True):
    """One text of a conversation. Unique by (channel, external id); an unsent one keeps its row without content."""

    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_message_conversation", "conversation_id", "id"),
        Index("ix_message_application", "application_id", "id"),
        few_filled("ix_message_deleted", "deleted_at"),
    )

    id: int | None = primary_key()
    conversation_id: int = reference("conversation.id", index=False)
    application_id: int | None = reference("application.id", optional=True, index=False)
    channel: ChannelName = word(ChannelName)
    external_id: str
    direction: Direction = word(Direction)
    author: Author = word(Author)
    user_id: int | None = reference("user.id", optional=True, index=False)
    text: str = long_text()
    reply_to: str = ""
    permalink: str = long_text()
    replyable: bool = True
    group_key: str = ""
    sent_at: datetime = time()
    received_at: datetime = time(index=True)
    triaged_at: datetime | None = optional_time()
    awaits_check: bool = Field(default=False, index=True)
    """Probably `gecersiz`: no application, no acknowledgement, until a person has looked."""
    edited_at: datetime | None = optional_time()
    deleted_at: datetime | None = optional_time()
    hidden_at: datetime | None = optional_time()
    """We hid it from the public on its platform."""
    status: DeliveryStatus | None = word(DeliveryStatus, default=None)
    outbox_id: int | None = reference("outbox_item.id", optional=True)
    extra: dict[str, Any] = json_value(dict)


class MessageSighting(SQLModel, table=True):
    """One post that names two of our accounts is one message, seen by both."""

    __tablename__ = "message_sighting"

    message_id: int = Field(foreign_key="message.id", primary_key=True)
    account_id: int = Field(foreign_key="account.id", primary_key=True)


class MessageAttachment(SQLModel, table=True):
    __tablename__ = "message_attachment"

    id: int | None = primary_key()
    message_id: int = reference("message.id")
    kind: AttachmentKind = word(AttachmentKind)
    external_id: str = Field(default="", index=True)
    url: str = long_text()
    mime_type: str = ""
    file_name: str = ""
    size: int | None = None
    sha256: str = ""
    latitude: float | None = None
    longitude: float | None = None
    """Of a place, or where a picture says that it was taken."""
    title: str = ""
    keep: bool = True
    stored_as: str = ""
    """Name in the `FileStore`; empty while only the platform has the bytes."""
    thumbnail: str = ""
    """Name of a small copy in the `FileStore`."""
    fetch_at: datetime | None = optional_time(index=True)
    """When to download it; empty once it is stored or given up."""
    fetch_tries: int = 0
    fetch_problem: str = long_text()
    """Why it is not here, for the agent."""


class ErasedFile(SQLModel, table=True):
    """A name that must vanish from the `FileStore`; the row goes when it has."""

    __tablename__ = "erased_file"

    name: str = Field(primary_key=True)
    erased_at: datetime = time()


class ParkedReceipt(SQLModel, table=True):
    """A receipt that came before our own record of the send; applied when the record appears."""

    __tablename__ = "parked_receipt"

    channel: ChannelName = Field(sa_type=Word(ChannelName), primary_key=True)
    external_id: str = Field(primary_key=True)
    status: DeliveryStatus = word(DeliveryStatus)
    detail: str = long_text()
    reference: str = Field(default="", index=True)
    """Our own tag where the platform gives it back: the outbox row's id."""
    piece: str = ""
    """`1/2`: which piece of our text, where it left in several."""
    received_at: datetime = time()
