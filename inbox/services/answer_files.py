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
from inbox.rules.answer_files import FileLimits, kind_of, refusal_of_count, refusal_of_file
from inbox.rules.files import sniff
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


def accepted(uploads: Sequence[Upload], limits: FileLimits | None, *, already: int = 0) -> tuple[OutboundFile, ...]:
    """The files by what their bytes are, with names in the `FileStore`. Raises InputError, saying which and why.

    `already` so many were chosen before.
    """
    if problem := refusal_of_count(already + len(uploads), limits):
        raise InputError(problem)
    return tuple(_accepted(one, limits) for one in uploads if limits)


def _accepted(upload: Upload, limits: FileLimits) -> OutboundFile:
    found = sniff(upload.data)
    name = shown_name(upload.file_name)
    mime_type, size = found[0] if found else None, len(upload.data)
    problem = refusal_of_file(name, mime_type=mime_type, size=size, limits=limits)
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


def shown_name(name: str) -> str:
    """What a file is called here: no folders, no control characters, not too long."""
    last = PurePath(name.replace("\\", "/")).name.lstrip(".")
    return "".join(sign for sign in last if sign.isprintable())[-LONGEST_NAME:] or "dosya"


async def reserve(session: AsyncSession, files: Sequence[OutboundFile], *, now: datetime) -> None:
    """Before their bytes are put into the `FileStore`: what `attach` does not claim vanishes again."""
    await downloads.reserve(session, _names(files), until=now + RESERVED)


async def attach(session: AsyncSession, item_id: int, files: Sequence[OutboundFile]) -> None:
    """Let stored files leave with a queued text. In the transaction that queued it. Raises ConflictError."""
    rows = [{name: value for name, value in asdict(file).items() if name != "data"} for file in files]
    if not await outbox_rows.add_files(session, item_id, rows):
        raise ConflictError("Cevap bu arada yola çıktı; dosya eklenemedi.")
    await downloads.forget(session, _names(files))


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
            thumbnail=file.thumbnail,
        )
        for file in files
    ]
    await insert_all(session, rows)


def _names(files: Sequence[OutboundFile]) -> list[str]:
    return [name for file in files for name in (file.stored_as, file.thumbnail) if name]
