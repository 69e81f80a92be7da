"""Letters that wait for EBYS: the list, each as PDF and as data, and the number and date once it is signed."""

from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from inbox.repositories import organisation, process
from inbox.rules.permissions import Action
from inbox.services import applications, letters, routing
from inbox.web.forms import written
from inbox.web.pages import page_builder
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other, today_of
from inbox.web.reviewing import rules_of
from models.errors import InputError, NotFoundError

router = APIRouter(prefix="/documents")


@router.get("")
async def show(request: Request) -> Response:
    desk = desk_of(request)
    async with desk.database.read() as session:
        builder = await page_builder(request, session)
        builder.actor.require(Action.SIGN)
        names = {unit.id: unit.name for unit in await organisation.all_units(session)}
        rows = [
            {
                "id": document.id,
                "receiver": names.get(document.receiver, document.receiver),
                "subject": document.subject,
                "code": document.file_plan_code,
                "when": moments_of(request).exact(document.created_at),
                "application_id": application.id,
            }
            for document, application in await process.unsigned_documents(session)
            if builder.actor.may_see(application)
        ]
        today = today_of(request).isoformat()
        return render(request, "documents.html", {"rows": rows, "today": today})


@router.get("/{document_id}.pdf")
async def pdf(request: Request, document_id: int) -> Response:
    desk = desk_of(request)
    async with desk.database.read() as session:
        document, application = await letters.read_document(session, document_id, actor_of(request))
    if desk.files is None:
        raise NotFoundError("Bu kurulumda belgelerin saklanacağı bir yer yok.")
    data = await desk.files.get(document.stored_as)
    headers = {"Content-Disposition": f'attachment; filename="{application.id}-{document.id}.pdf"'}
    return Response(data, media_type="application/pdf", headers=headers)


@router.get("/{document_id}.json")
async def data(request: Request, document_id: int) -> Response:
    desk = desk_of(request)
    async with desk.database.read() as session:
        document, application = await letters.read_document(session, document_id, actor_of(request))
        found = await letters.document_data(session, document, application, profile=desk.profile, now=desk.clock.now())
    return JSONResponse(found, headers={"Content-Disposition": f'attachment; filename="{document.id}.json"'})


@router.post("/{document_id}/sign")
async def sign(request: Request, document_id: int) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    async with desk.database.write() as session:
        document, found = await letters.read_document(session, document_id, actor)
        application = await applications.read(session, found.id or 0, actor, change=True)
        await routing.sign(
            session, document, application, actor, number=written(request, "number"), signed_on=_day(request),
            rules=await rules_of(request, session), now=desk.clock.now(),
        )  # fmt: skip
    await desk.bus.publish("application", {"id": application.id, "what": "changed"})
    return see_other("/documents?notice=signed")


def _day(request: Request) -> date:
    try:
        return date.fromisoformat(written(request, "signed_on"))
    except ValueError as error:
        raise InputError("İmza tarihini gün, ay ve yıl olarak yazınız.") from error
