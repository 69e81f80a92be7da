"""Files that leave with an answer: taken in, tied to the outbox row, kept with the message that left."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import downloads
from inbox.repositories import outbox as outbox_rows
from inbox.rules.answer_files import kind_of, refusal_of_count, refusal_of_file
from inbox.rules.files import sniff
from models.channel_facts import SurfaceFacts
from models.db import insert_all
from models.enums import AttachmentKind
from models.errors import ConflictError, InputError
from models.messages import OutboundFile
from models.tables import Message, MessageAttachment, OutboxItem

RESERVED = timedelta(hours=1)
"""What is uploaded and never tied to an answer vanishes after this."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a clerk chose: its name on her machine and its bytes."""

    file_name: str
    data: bytes


def accepted(uploads: Sequence[Upload], facts: SurfaceFacts | None) -> tuple[OutboundFile, ...]:
    """The files by what their bytes are, with names in the `FileStore`. Raises InputError, saying which and why."""
    if problem := refusal_of_count(len(uploads), facts):
        raise InputError(problem)
    return tuple(_accepted(one, facts) for one in uploads if facts)


def _accepted(upload: Upload, facts: SurfaceFacts) -> OutboundFile:
    found = sniff(upload.data)
    name = PurePath(upload.file_name.replace("\\", "/")).name[-LONGEST_NAME:] or "dosya"
    mime_type, size = found[0] if found else None, len(upload.data)
    problem = refusal_of_file(name, mime_type=mime_type, size=size, facts=facts)
    if problem or mime_type is None:
        raise InputError(problem)
    return OutboundFile(
        kind=kind_of(mime_type),
        mime_type=mime_type,
        file_name=name,
        size=size,
        sha256=hashlib.sha256(upload.data).hexdigest(),
        stored_as=f"answers/{secrets.token_hex(1)}/{secrets.token_hex(12)}",
        data=upload.data,
    )


async def reserve(session: AsyncSession, files: Sequence[OutboundFile], *, now: datetime) -> None:
    """Before their bytes are put into the `FileStore`: what `attach` does not claim vanishes again."""
    await downloads.reserve(session, [file.stored_as for file in files], until=now + RESERVED)


async def attach(session: AsyncSession, item_id: int, files: Sequence[OutboundFile]) -> None:
    """Let stored files leave with a queued text. In the transaction that queued it. Raises ConflictError."""
    rows = [{name: value for name, value in asdict(file).items() if name != "data"} for file in files]
    if not await outbox_rows.add_files(session, item_id, rows):
        raise ConflictError("Cevap bu arada yola çıktı; dosya eklenemedi.")
    await downloads.forget(session, [file.stored_as for file in files])


def outbound_files(item: OutboxItem) -> tuple[OutboundFile, ...]:
    """The files of a text, their bytes not read yet."""
    return tuple(OutboundFile(**{**row, "kind": AttachmentKind(row["kind"])}) for row in item.files)


async def keep_with(session: AsyncSession, message: Message, files: Sequence[OutboundFile]) -> None:
    """They left: the desk sees them with the message, and they are erased with it."""
    rows = [
        MessageAttachment(
            message_id=message.id or 0,
            kind=file.kind,
            mime_type=file.mime_type,
            file_name=file.file_name,
            size=file.size,
            sha256=file.sha256,
            stored_as=file.stored_as,
        )
        for file in files
    ]
    await insert_all(session, rows)
