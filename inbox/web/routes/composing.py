"""Beside the text of an answer: the files that go with it, and how the citizen will see it."""

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.rules.permissions import Action, Actor
from inbox.services import applications, reading, staff_files, writing_aids
from inbox.web import attaching
from inbox.web.forms import written
from inbox.web.opened import Opened
from inbox.web.pages import page_builder
from inbox.web.rendering import actor_of, desk_of, is_fragment, render, see_other
from models.tables import Application

router = APIRouter(prefix="/applications/{application_id}")


@router.post("/files")
async def add_files(request: Request, application_id: int) -> Response:
    """Files for the answer that she writes; they wait with what she has written."""
    actor = _writer(request)
    files = await attaching.for_citizen(request, application_id)
    async with desk_of(request).database.write() as session:
        application = await applications.read(session, application_id, actor)
        await staff_files.keep(session, files)
        await _keep_text(request, session, application)
    return await _composed(request, application_id)


@router.post("/files/{file_id}/remove")
async def remove_file(request: Request, application_id: int, file_id: int) -> Response:
    actor, now = _writer(request), desk_of(request).clock.now()
    async with desk_of(request).database.write() as session:
        application = await applications.read(session, application_id, actor)
        await staff_files.remove(session, application, actor, file_id=file_id, now=now)
        await _keep_text(request, session, application)
    return await _composed(request, application_id)


@router.post("/preview")
async def preview(request: Request, application_id: int) -> Response:
    """What she writes as the citizen will see it; without htmx on the application's page."""
    actor = _writer(request)
    if not is_fragment(request):
        async with desk_of(request).database.write() as session:
            await _keep_text(request, session, await applications.read(session, application_id, actor))
        return await _composed(request, application_id, preview="1")
    async with desk_of(request).database.read() as session:
        opened = await _opened(request, session, application_id)
        context = {**opened.head(), "state": opened.builder.state, "composer": await opened.composer()}
        return render(request, "_preview.html", {**context, "preview": opened.preview(written(request, "text"))})


async def _composed(request: Request, application_id: int, **more: str) -> Response:
    """The files of the unsent answer for htmx, else the application's page."""
    async with desk_of(request).database.read() as session:
        opened = await _opened(request, session, application_id)
        state = opened.builder.state
        if not is_fragment(request):
            return see_other(state.link(f"/applications/{application_id}", **more))
        context = {"application": opened.file.application, "composer": await opened.composer(), "state": state}
        return render(request, "_answer_files.html", context)


async def _opened(request: Request, session: AsyncSession, application_id: int) -> Opened:
    builder = await page_builder(request, session)
    return Opened(builder=builder, file=await reading.open_file(session, application_id, builder.actor))


async def _keep_text(request: Request, session: AsyncSession, application: Application) -> None:
    """Pages without script send the text along."""
    if "text" in request.state.form and not is_fragment(request):
        await writing_aids.keep_unsent(
            session, application, _writer(request), text=written(request, "text"), now=desk_of(request).clock.now()
        )


def _writer(request: Request) -> Actor:
    actor = actor_of(request)
    actor.require(Action.ANSWER)
    return actor
