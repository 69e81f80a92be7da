"""Files that citizens sent: what to download, what became of it; who may see these and staff's. Holds no bytes."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import downloads
from inbox.repositories import staff_files as staff_rows
from inbox.rules.files import PICTURES, ending_of
from inbox.rules.masking import hides_citizen
from inbox.rules.permissions import Action, Actor
from inbox.services import applications, privacy, staff_files
from models.errors import NotFoundError
from models.messages import Attachment
from models.tables import Application, MessageAttachment, StaffFile

CLAIM = timedelta(minutes=3)
RESERVED = timedelta(hours=1)
"""A file whose download was killed half-way vanishes after this."""
FIRST_PAUSE = timedelta(seconds=20)
MOST_TRIES = 7
NO_FILE = "Bu dosya burada yok ya da silinmiş."


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file to fetch by the account's connector and to store under `name`, its small copy under `thumbnail`."""

    attachment_id: int
    account_id: int
    attachment: Attachment
    name: str
    tries: int

    @property
    def thumbnail(self) -> str:
        return f"{self.name}-small"


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedFile:
    """What was received. `size` and `sha256` are of the bytes as the citizen sent them."""

    mime_type: str
    size: int
    sha256: str
    has_thumbnail: bool = False
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What a page serves: names in the `FileStore`. Only pictures, sound and film may be shown in the browser."""

    name: str
    thumbnail: str
    mime_type: str
    file_name: str
    look_at: int | None = None
    """The confidential application that the file belongs to, where this reader needed a permission."""

    @property
    def may_be_shown(self) -> bool:
        """False: serve as a download (`Content-Disposition: attachment`), with `nosniff`."""
        return self.mime_type in PICTURES or self.mime_type.startswith(("audio/", "video/"))

    @property
    def download_name(self) -> str:
        """What it is called on the reader's machine; the ending is that of its content."""
        stem = self.file_name.rpartition(".")[0] or self.file_name or "dosya"
        ending = ending_of(self.mime_type)
        return f"{stem}.{ending}" if ending else stem


async def is_any_due(session: AsyncSession, account_ids: Collection[int], *, now: datetime) -> bool:
    return await downloads.is_any_due(session, account_ids, now=now)


async def claim(session: AsyncSession, account_ids: Collection[int], *, now: datetime, limit: int) -> list[Download]:
    """Files that are due, for a few minutes nobody else's. Their names vanish again unless they are recorded."""
    found = await downloads.claim(session, account_ids, now=now, until=now + CLAIM, limit=limit)
    taken = [_download(row, account_id) for row, account_id in found]
    names = [name for one in taken for name in (one.name, one.thumbnail)]
    await downloads.reserve(session, names, until=now + RESERVED)
    return taken


async def record_stored(session: AsyncSession, download: Download, file: FetchedFile) -> bool:
    """The bytes stand in the store; False where the message was taken back meanwhile: they vanish again.

    A picture's own position is kept with it, to be offered as place.
    """
    place = {"latitude": file.latitude, "longitude": file.longitude} if file.latitude is not None else {}
    return await downloads.keep(
        session,
        download.attachment_id,
        [download.name, *([download.thumbnail] if file.has_thumbnail else [])],
        stored_as=download.name,
        thumbnail=download.thumbnail if file.has_thumbnail else "",
        mime_type=file.mime_type,
        size=file.size,
        sha256=file.sha256,
        **place,
    )


async def record_refusal(session: AsyncSession, download: Download, *, problem: str) -> None:
    """This file will never be here; the reason is shown beside the message."""
    await downloads.settle(session, download.attachment_id, fetch_at=None, problem=problem)


async def record_failure(
    session: AsyncSession, download: Download, *, problem: str, now: datetime, retry_at: datetime | None = None
) -> None:
    """Try again, with growing pauses, a few times."""
    if download.tries >= MOST_TRIES:
        await record_refusal(session, download, problem=problem)
        return
    pause = FIRST_PAUSE * 3 ** (download.tries - 1)
    await downloads.settle(session, download.attachment_id, fetch_at=retry_at or now + pause, problem=problem)


async def stored_file(session: AsyncSession, attachment_id: int, actor: Actor, *, now: datetime) -> StoredFile:
    """A file for a reader who may see its application. Raises NotFoundError, also where she may not.

    From whom the citizen is hidden the file is, too, but for a permission to look; `look_at` is then to be recorded.
    """
    found = await downloads.attachment(session, attachment_id)
    if found is None or not found[0].stored_as:
        raise NotFoundError(NO_FILE)
    row, message = found
    if message.application_id is None and not actor.may(Action.SEE_INBOX):
        raise NotFoundError(NO_FILE)
    look_at = None
    if message.application_id is not None:
        application = await applications.read(session, message.application_id, actor)
        look_at = await _look_at(session, application, actor, now=now)
    return _stored(row, look_at=look_at)


async def staff_file(session: AsyncSession, file_id: int, actor: Actor, *, now: datetime) -> StoredFile:
    """As `stored_file`, of a file that somebody who works here put to an application.

    What a look on the spot shows of a confidential one is hidden from its unit as citizens' own files are.
    """
    row = await staff_rows.file(session, file_id)
    if row is None or not row.stored_as:
        raise NotFoundError(NO_FILE)
    application = await applications.read(session, row.application_id, actor)
    if not await staff_files.may_see(session, row, actor):
        raise NotFoundError(NO_FILE)
    return _stored(row, look_at=await _look_at(session, application, actor, now=now) if row.check_id else None)


async def _look_at(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> int | None:
    """The application, where this reader sees its citizen by a permission only. Raises NotFoundError without one."""
    if not hides_citizen(actor, confidential=application.confidential):
        return None
    if not await privacy.may_look(session, application, actor, now=now):
        raise NotFoundError(NO_FILE)
    return application.id


def _stored(row: MessageAttachment | StaffFile, *, look_at: int | None) -> StoredFile:
    return StoredFile(
        name=row.stored_as,
        thumbnail=row.thumbnail,
        mime_type=row.mime_type,
        file_name=row.file_name,
        look_at=look_at,
    )


async def application_of(session: AsyncSession, attachment_id: int) -> int | None:
    """The application beside whose messages it is shown; None before there is one, and after an erasure."""
    found = await downloads.attachment(session, attachment_id)
    return found[1].application_id if found else None


async def names_to_erase(session: AsyncSession, *, now: datetime) -> list[str]:
    """Names that must vanish from the store; tell `forget` when they have."""
    return await downloads.names_to_erase(session, now=now)


async def forget(session: AsyncSession, names: list[str]) -> None:
    await downloads.forget(session, names)


def _download(row: MessageAttachment, account_id: int) -> Download:
    return Download(
        attachment_id=row.id or 0,
        account_id=account_id,
        attachment=Attachment(
            kind=row.kind,
            external_id=row.external_id,
            url=row.url,
            mime_type=row.mime_type,
            file_name=row.file_name,
            size=row.size,
            sha256=row.sha256,
        ),
        name=f"attachments/{secrets.token_hex(1)}/{row.id}-{secrets.token_hex(8)}",
        tries=row.fetch_tries,
    )
