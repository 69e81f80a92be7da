"""Files that people of the desk choose: what is hidden in pictures taken out, checked, stored.

The files are stored between transactions of its own; must not be called inside one.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from inbox.rules.answer_files import FileLimits
from inbox.rules.files import PICTURES, sniff
from inbox.services import answer_files
from inbox.services.answer_files import Upload
from models.db import Database
from models.errors import InputError, TransientError
from models.messages import OutboundFile
from models.ports import FileStore
from models.tables import StaffFile


class SafePicture(Protocol):
    """A picture without EXIF and the like, its small copy, and where it says that it was taken."""

    @property
    def data(self) -> bytes: ...

    @property
    def thumbnail(self) -> bytes: ...

    @property
    def latitude(self) -> float | None: ...

    @property
    def longitude(self) -> float | None: ...


Prepare = Callable[[bytes], Awaitable[SafePicture | None]]
"""None where it is no picture after all. Raises TransientError."""
DAMAGED = "«{name}» eklenemez: resim bozuk ya da açılamayacak kadar büyük."
NOT_CHECKED = "«{name}» şu anda denetlenemedi; birazdan yineleyiniz."


async def store(
    database: Database,
    files: FileStore,
    uploads: Sequence[Upload],
    *,
    application_id: int,
    user_id: int,
    limits: FileLimits | None,
    prepare: Prepare,
    now: datetime,
    already: int = 0,
) -> list[StaffFile]:
    """Check and store them; `staff_files` ties the rows to something, else the files vanish within an hour.

    `already` so many stand there. Raises InputError, saying which and why; then nothing is stored.
    """
    answer_files.accepted(uploads, limits, already=already)
    pictures = [await _prepared(one, prepare) for one in uploads]
    bare = [replace(one, data=picture.data) if picture else one for one, picture in zip(uploads, pictures, strict=True)]
    made = [
        replace(file, thumbnail=f"{file.stored_as}-small" if picture else "")
        for file, picture in zip(answer_files.accepted(bare, limits, already=already), pictures, strict=True)
    ]
    async with database.write() as session:
        await answer_files.reserve(session, made, now=now)
    for file, picture in zip(made, pictures, strict=True):
        await files.put(file.stored_as, file.data)
        if picture:
            await files.put(file.thumbnail, picture.thumbnail)
    return [
        _row(file, picture, application_id=application_id, user_id=user_id, now=now)
        for file, picture in zip(made, pictures, strict=True)
    ]


def _row(
    file: OutboundFile, picture: SafePicture | None, *, application_id: int, user_id: int, now: datetime
) -> StaffFile:
    return StaffFile(
        application_id=application_id,
        user_id=user_id,
        kind=file.kind,
        mime_type=file.mime_type,
        file_name=file.file_name,
        size=file.size,
        sha256=file.sha256,
        stored_as=file.stored_as,
        thumbnail=file.thumbnail,
        latitude=picture.latitude if picture else None,
        longitude=picture.longitude if picture else None,
        created_at=now,
    )


async def _prepared(upload: Upload, prepare: Prepare) -> SafePicture | None:
    """None for what is no picture."""
    kind = sniff(upload.data)
    if kind is None or kind[0] not in PICTURES:
        return None
    try:
        found = await prepare(upload.data)
    except TransientError as error:
        raise InputError(NOT_CHECKED.format(name=answer_files.shown_name(upload.file_name))) from error
    if found is None:
        raise InputError(DAMAGED.format(name=answer_files.shown_name(upload.file_name)))
    return found
