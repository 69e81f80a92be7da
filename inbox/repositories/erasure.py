"""Everything that repeats a citizen's message somewhere else: found here, taken away here."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import AttachmentKind, DeliveryState, Direction
from models.tables import (
    Application,
    ClassificationRecord,
    Delivery,
    Draft,
    ErasedFile,
    Event,
    EventCopy,
    HistoryContent,
    HistoryEntry,
    Message,
    MessageAttachment,
)


async def erase_bodies(session: AsyncSession, message: Message, *, secrets: Collection[str]) -> None:
    """Raw bytes that told of the message. Where parts wait to be read, only these texts are cut out of them."""
    for delivery in await _deliveries(session, message):
        whole = delivery.state is DeliveryState.PARSED
        delivery.body = None if whole or delivery.body is None else without_texts(delivery.body, secrets)
        session.add(delivery)
    await session.exec(
        update(Event)
        .where(Event.external_id == message.external_id, Event.delivery_id.in_(_telling(message)))
        .values(extra={})
    )


async def _deliveries(session: AsyncSession, message: Message) -> Sequence[Delivery]:
    copies = select(EventCopy.delivery_id).where(EventCopy.external_id == message.external_id)
    query = select(Delivery).where(
        Delivery.channel == message.channel,
        Delivery.id.in_(_telling(message).union(copies)),
        Delivery.body.is_not(None),
    )
    return (await session.exec(query)).all()


def _telling(message: Message) -> Any:
    return select(Event.delivery_id).where(Event.external_id == message.external_id)


def without_texts(body: bytes, secrets: Collection[str]) -> bytes | None:
    """The JSON with every string that holds one of `secrets` emptied; None where it cannot be read."""
    try:
        return json.dumps(_cut(json.loads(body), [one for one in secrets if one]), ensure_ascii=False).encode()
    except ValueError:
        return None


def _cut(value: Any, secrets: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _cut(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_cut(item, secrets) for item in value]
    return "" if isinstance(value, str) and any(one in value for one in secrets) else value


async def erase_attachments(session: AsyncSession, message: Message, *, at: datetime) -> list[str]:
    """Forget the message's attachments and let their files vanish; what named them at the platform."""
    query = select(MessageAttachment).where(MessageAttachment.message_id == message.id)
    found = (await session.exec(query)).all()
    names = [name for one in found for name in (one.stored_as, one.thumbnail) if name]
    await insert_new(session, [ErasedFile(name=name, erased_at=at) for name in names])
    await session.exec(delete(MessageAttachment).where(MessageAttachment.message_id == message.id))
    return [value for one in found for value in (one.url, one.title) if value]


async def erase_place(session: AsyncSession, message: Message) -> None:
    """A position that applications took from the message's attachments; to be called while these are there."""
    query = select(MessageAttachment.latitude, MessageAttachment.longitude)
    points = query.where(MessageAttachment.message_id == message.id, MessageAttachment.latitude.is_not(None))
    for latitude, longitude in (await session.exec(points)).all():
        taken = update(Application).where(
            Application.conversation_id == message.conversation_id,
            Application.latitude == latitude,
            Application.longitude == longitude,
        )
        await session.exec(taken.values(latitude=None, longitude=None))


async def erase_quotations(session: AsyncSession, message: Message) -> None:
    """Other messages that shared this one keep the fact, not its words."""
    shares = select(MessageAttachment.id).join(Message, Message.id == MessageAttachment.message_id)
    shares = shares.where(
        Message.channel == message.channel,
        MessageAttachment.kind == AttachmentKind.SHARE,
        MessageAttachment.external_id == message.external_id,
    )
    await session.exec(update(MessageAttachment).where(MessageAttachment.id.in_(shares)).values(title="", url=""))


async def erase_history(session: AsyncSession, message: Message) -> list[str]:
    """Contents of the application's history that quote the message; the old texts that stood there."""
    if message.application_id is None:
        return []
    query = (
        select(HistoryContent)
        .join(HistoryEntry, HistoryEntry.id == HistoryContent.entry_id)
        .where(HistoryEntry.application_id == message.application_id, HistoryEntry.action == "message_edited")
    )
    quoting = [one for one in (await session.exec(query)).all() if one.content.get("message_id") == message.id]
    for one in quoting:
        await session.delete(one)
    return [str(one.content.get("old_text", "")) for one in quoting]


async def erase_reasons(session: AsyncSession, message: Message) -> None:
    """The citizen's words by which the classifier decided."""
    query = select(ClassificationRecord).where(ClassificationRecord.message_id == message.id)
    if message.application_id is not None:
        query = select(ClassificationRecord).where(ClassificationRecord.application_id == message.application_id)
    for one in (await session.exec(query)).all():
        one.details = {**one.details, "reasons": []}
        session.add(one)


async def erase_drafts(session: AsyncSession, application_id: int) -> None:
    """Replies suggested to words that are gone."""
    await session.exec(update(Draft).where(Draft.application_id == application_id).values(short_text="", long_text=""))


async def remaining_texts(session: AsyncSession, application_id: int) -> list[str]:
    """What the citizen's messages of the application still say, oldest first."""
    query = select(Message.text).where(
        Message.application_id == application_id, Message.direction == Direction.INBOUND, Message.text != ""
    )
    return list((await session.exec(query.order_by(Message.sent_at, Message.id))).all())
