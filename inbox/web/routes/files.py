"""Citizens' files for readers who may see their application. Bytes only; a file can do nothing in the browser."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from inbox.services import applications, attachments, privacy
from inbox.services.attachments import NO_FILE, StoredFile
from inbox.web.rendering import desk_of
from models.errors import NotFoundError

router = APIRouter(prefix="/files/{attachment_id}")
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
KEPT = "private, max-age=300"
"""Small copies are read again with every change of the conversation."""


@router.get("")
async def whole(request: Request, attachment_id: int) -> Response:
    """The file: pictures, sound and film to look at, everything else to download."""
    file = await _file(request, attachment_id)
    response = await _bytes(request, file.name, file.mime_type)
    way = "inline" if file.may_be_shown else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(file.download_name, safe='')}"
    return response


@router.get("/small")
async def small(request: Request, attachment_id: int) -> Response:
    """The small copy of a picture."""
    file = await _file(request, attachment_id)
    if not file.thumbnail:
        raise NotFoundError(NO_FILE)
    response = await _bytes(request, file.thumbnail, "image/jpeg")
    response.headers["Cache-Control"] = KEPT
    return response


async def _file(request: Request, attachment_id: int) -> StoredFile:
    """A look at a file of a confidential application is recorded before the file leaves."""
    desk, actor = desk_of(request), request.state.log_in.actor
    now = desk.clock.now()
    async with desk.database.read() as session:
        file = await attachments.stored_file(session, attachment_id, actor, now=now)
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
