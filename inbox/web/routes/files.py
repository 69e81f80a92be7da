"""Citizens' files, and staff's, for readers who may see their application; none can do anything in the browser."""

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from inbox.services import applications, attachments, privacy
from inbox.services.attachments import NO_FILE, StoredFile
from inbox.web.rendering import actor_of, desk_of
from models.errors import NotFoundError

router = APIRouter()
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
Find = Callable[..., Awaitable[StoredFile]]
KEPT = "private, max-age=300"
"""Small copies are read again with every change of the conversation."""


@router.get("/files/{attachment_id}")
async def whole(request: Request, attachment_id: int) -> Response:
    """The file: pictures, sound and film to look at, everything else to download."""
    return await _whole(request, await _file(request, attachments.stored_file, attachment_id))


@router.get("/files/{attachment_id}/small")
async def small(request: Request, attachment_id: int) -> Response:
    """The small copy of a picture."""
    return await _small(request, await _file(request, attachments.stored_file, attachment_id))


@router.get("/staff-files/{file_id}")
async def whole_of_staff(request: Request, file_id: int) -> Response:
    return await _whole(request, await _file(request, attachments.staff_file, file_id))


@router.get("/staff-files/{file_id}/small")
async def small_of_staff(request: Request, file_id: int) -> Response:
    return await _small(request, await _file(request, attachments.staff_file, file_id))


async def _whole(request: Request, file: StoredFile) -> Response:
    response = await _bytes(request, file.name, file.mime_type)
    way = "inline" if file.may_be_shown else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(file.download_name, safe='')}"
    return response


async def _small(request: Request, file: StoredFile) -> Response:
    if not file.thumbnail:
        raise NotFoundError(NO_FILE)
    response = await _bytes(request, file.thumbnail, "image/jpeg")
    response.headers["Cache-Control"] = KEPT
    return response


async def _file(request: Request, find: Find, key: int) -> StoredFile:
    """A look at a file of a confidential application is recorded before the file leaves."""
    desk, actor = desk_of(request), actor_of(request)
    now = desk.clock.now()
    async with desk.database.read() as session:
        file = await find(session, key, actor, now=now)
    if file.look_at is not None:
        async with desk.database.write() as session:
            application = await applications.read(session, file.look_at, actor)
            await privacy.record_look(session, application, actor, what="file", now=now)
    return file


async def _bytes(request: Request, name: str, mime_type: str) -> Response:
    files = desk_of(request).files
    if files is None:
        raise NotFoundError(NO_FILE)
    try:
        data = await files.get(name)
    except NotFoundError as error:
        raise NotFoundError(NO_FILE) from error
    return Response(data, media_type=mime_type, headers={"Content-Security-Policy": SANDBOX})
