"""Where citizens leave traces, table by table, and what stands there once they are gone. Knows no periods.

A new column with words belongs here, or into the list of those without personal data in the test of destruction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, literal, or_, update
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.enums import OutboxState
from models.tables import (
    AccessRecord,
    Application,
    Citizen,
    CitizenJoin,
    ClassificationRecord,
    Conversation,
    DeadlinePause,
    Delivery,
    Draft,
    ErasedFile,
    Event,
    EventCopy,
    FieldCheck,
    HistoryContent,
    HistoryEntry,
    Identity,
    Job,
    Message,
    MessageAttachment,
    Note,
    OutboxItem,
    ParkedReceipt,
    PersonRequest,
    SignedDocument,
    StaffFile,
    Submission,
    Survey,
    UnitResponse,
    Unmasking,
    UnsentText,
)

GONE = "erased:"
"""Begins what stands in place of a platform's id."""
Empties = Mapping[type[SQLModel], Mapping[str, Any]]
OF_APPLICATION: Empties = {
    Application: {
        "summary": "",
        "brief": "",
        "closing_note": "",
        "on_behalf_of": "",
        "latitude": None,
        "longitude": None,
    },
    AccessRecord: {"reason": ""},
    ClassificationRecord: {"details": {}},
    DeadlinePause: {"reason": ""},
    Draft: {"short_text": "", "long_text": ""},
    FieldCheck: {"reason": "", "text": "", "latitude": None, "longitude": None},
    Note: {"text": ""},
    OutboxItem: {
        "text": "",
        "reply_to": "",
        "files": [],
        "external_ids": [],
        "problem": "",
    },
    PersonRequest: {"identity_proof": "", "reason": "", "details": {}},
    SignedDocument: {"subject": "", "stored_as": "", "sha256": ""},
    StaffFile: {
        "mime_type": "",
        "file_name": "",
        "sha256": "",
        "stored_as": "",
        "thumbnail": "",
        "latitude": None,
        "longitude": None,
    },
    Submission: {"text": "", "suggested": "", "findings": [], "reason": ""},
    Survey: {"note": ""},
    UnitResponse: {"text": "", "reason": ""},
    UnsentText: {"text": ""},
    Unmasking: {"reason": ""},
}
"""By `application_id`, and the application itself."""
OF_MESSAGE: Empties = {
    Message: {"text": "", "permalink": "", "extra": {}, "reply_to": "", "group_key": ""},
    ClassificationRecord: {"details": {}},
    Job: {"problem": ""},
}
"""By `message_id`, and the message itself; attachments go whole, ids of platforms are replaced."""
OF_CITIZEN: Empties = {
    Citizen: {"display_name": ""},
    Identity: {"handle": "", "display_name": ""},
    AccessRecord: {"reason": ""},
    PersonRequest: {"identity_proof": "", "reason": "", "details": {}},
}
"""By `citizen_id`, and the citizen herself; her ids and her threads' are replaced."""
FILES: Mapping[type[SQLModel], tuple[str, ...]] = {
    OutboxItem: ("files",),
    SignedDocument: ("stored_as",),
    StaffFile: ("stored_as", "thumbnail"),
}
"""Columns of an application's rows that name files in the `FileStore`."""


async def empty_applications(session: AsyncSession, ids: Sequence[int], *, at: datetime) -> int:
    """Take away all that was said in and about these applications; how many files will vanish.

    Their messages are `empty_messages`' work.
    """
    waiting = update(OutboxItem).where(OutboxItem.application_id.in_(ids), OutboxItem.state == OutboxState.QUEUED)
    await session.exec(waiting.values(state=OutboxState.CANCELLED))
    files = await _vanish(session, await _files(session, ids), at=at)
    for table, values in OF_APPLICATION.items():
        owner = table.id if table is Application else table.application_id
        await session.exec(update(table).where(owner.in_(ids)).values(**values))
    links = select(HistoryEntry.id).where(HistoryEntry.application_id.in_(ids))
    await session.exec(delete(HistoryContent).where(HistoryContent.entry_id.in_(links)))
    return files


async def messages_of(session: AsyncSession, application_ids: Sequence[int]) -> Sequence[int]:
    query = select(Message.id).where(Message.application_id.in_(application_ids))
    return (await session.exec(query)).all()


async def empty_messages(session: AsyncSession, ids: Sequence[int], *, at: datetime) -> int:
    """Take away these messages, what came with them and what told of them; how many files will vanish."""
    if not ids:
        return 0
    await _forget_deliveries(session, ids)
    query = select(MessageAttachment.stored_as, MessageAttachment.thumbnail)
    stored = (await session.exec(query.where(MessageAttachment.message_id.in_(ids)))).all()
    files = await _vanish(session, [name for pair in stored for name in pair], at=at)
    await session.exec(delete(MessageAttachment).where(MessageAttachment.message_id.in_(ids)))
    for table, values in OF_MESSAGE.items():
        owner = table.id if table is Message else table.message_id
        await session.exec(update(table).where(owner.in_(ids)).values(**values))
    await session.exec(update(Message).where(Message.id.in_(ids)).values(external_id=_gone(Message.id)))
    return files


async def empty_citizens(session: AsyncSession, ids: Sequence[int], *, at: datetime) -> None:
    """Nobody can tell any more who these citizens were."""
    for table, values in OF_CITIZEN.items():
        owner = table.id if table is Citizen else table.citizen_id
        await session.exec(update(table).where(owner.in_(ids)).values(**values))
    await session.exec(update(Citizen).where(Citizen.id.in_(ids)).values(erased_at=at))
    await session.exec(update(Identity).where(Identity.citizen_id.in_(ids)).values(external_id=_gone(Identity.id)))
    threads = update(Conversation).where(Conversation.citizen_id.in_(ids))
    await session.exec(threads.values(thread_id=_gone(Conversation.id)))
    joins = update(CitizenJoin).where(or_(CitizenJoin.kept_id.in_(ids), CitizenJoin.joined_id.in_(ids)))
    await session.exec(joins.values(moved={}))


async def _forget_deliveries(session: AsyncSession, message_ids: Sequence[int]) -> None:
    """Raw bytes, events and receipts that told of the messages."""
    told = select(Message.channel, Message.external_id).where(Message.id.in_(message_ids))
    pairs = (await session.exec(told)).all()
    names = sorted({name for _, name in pairs})
    channels = sorted({channel for channel, _ in pairs})
    events = select(Event.id, Event.delivery_id).join(Delivery, Delivery.id == Event.delivery_id)
    found = (await session.exec(events.where(Event.external_id.in_(names), Delivery.channel.in_(channels)))).all()
    copies = select(EventCopy.delivery_id).join(Delivery, Delivery.id == EventCopy.delivery_id)
    copied = (await session.exec(copies.where(EventCopy.external_id.in_(names), Delivery.channel.in_(channels)))).all()
    bodies = sorted({delivery_id for _, delivery_id in found} | set(copied))
    await session.exec(update(Delivery).where(Delivery.id.in_(bodies)).values(body=None, problem=""))
    gone = update(Event).where(Event.id.in_([key for key, _ in found]))
    await session.exec(gone.values(extra={}, reason="", external_id="", dedup_key=_gone(Event.id)))
    await session.exec(delete(EventCopy).where(EventCopy.external_id.in_(names), EventCopy.delivery_id.in_(copied)))
    receipts = delete(ParkedReceipt).where(ParkedReceipt.external_id.in_(names), ParkedReceipt.channel.in_(channels))
    await session.exec(receipts)


async def _files(session: AsyncSession, application_ids: Sequence[int]) -> list[str]:
    names: list[str] = []
    for table, columns in FILES.items():
        for column in columns:
            query = select(getattr(table, column)).where(table.application_id.in_(application_ids))
            for value in (await session.exec(query)).all():
                names += _names(value)
    return names


def _names(value: Any) -> list[str]:
    """Names of files in a column: one, or those of an answer's files."""
    if isinstance(value, str):
        return [value]
    return [str(one.get(name, "")) for one in value for name in ("stored_as", "thumbnail")]


async def _vanish(session: AsyncSession, names: Sequence[str], *, at: datetime) -> int:
    wanted = {name for name in names if name}
    await insert_new(session, [ErasedFile(name=name, erased_at=at) for name in sorted(wanted)])
    return len(wanted)


def _gone(key: Any) -> Any:
    return literal(GONE) + cast(key, String)
