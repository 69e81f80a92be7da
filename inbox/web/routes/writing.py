"""While somebody writes: what she has not sent is kept, who else is here is told, ready-made texts are at hand."""

from fastapi import APIRouter, Request, Response

from inbox.rules.permissions import Actor
from inbox.services import applications, mentions, writing_aids
from inbox.web.forms import sharing, written
from inbox.web.pages import page_builder
from inbox.web.presence import Colleague, Presence
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other

router = APIRouter()


@router.post("/applications/{application_id}/unsent")
async def keep_unsent(request: Request, application_id: int) -> Response:
    """Keep the text as it stands; colleagues who have the same application open see that she is typing."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        actor = actor_of(request)
        application = await applications.read(session, application_id, actor)
        text = written(request, "text")
        await writing_aids.keep_unsent(session, application, actor, text=text, now=desk.clock.now())
    await _presence(request).tell(application_id, _as_colleague(actor, typing=bool(text.strip())))
    return Response(status_code=204)


@router.post("/applications/{application_id}/here")
async def here(request: Request, application_id: int) -> Response:
    """The page tells that it stands open, and hears who else has it open."""
    actor = actor_of(request)
    async with desk_of(request).database.read() as session:
        await applications.read(session, application_id, actor)
    presence = _presence(request)
    await presence.tell(application_id, _as_colleague(actor, typing=False))
    others = presence.others(application_id, actor.user_id)
    return render(request, "_others.html", {"others": others, "application_id": application_id})


def _presence(request: Request) -> Presence:
    presence: Presence = request.app.state.presence
    return presence


def _as_colleague(actor: Actor, *, typing: bool) -> Colleague:
    return Colleague(user_id=actor.user_id, name=actor.name, typing=typing)


@router.get("/texts")
async def texts(request: Request) -> Response:
    """Ready-made texts: shared ones and her own."""
    async with desk_of(request).database.read() as session:
        actor = actor_of(request)
        found = await writing_aids.listed_texts(session, actor)
    names = desk_of(request).profile.texts["roles"]
    context = {
        "texts": found,
        "may_share": writing_aids.may_share(actor),
        "role_names": names,
        "share_roles": [(role.value, names[role]) for role in writing_aids.WRITERS],
    }
    return render(request, "texts.html", context)


@router.post("/texts")
async def save_text(request: Request) -> Response:
    shared, role = sharing(request)
    async with desk_of(request).database.write() as session:
        await writing_aids.save_ready_text(
            session,
            actor_of(request),
            shortcut=written(request, "shortcut"),
            title=written(request, "title"),
            text=written(request, "text"),
            shared=shared,
            role=role,
            now=desk_of(request).clock.now(),
        )
    return see_other("/texts?notice=text_saved")


@router.post("/texts/{text_id}")
async def change_text(request: Request, text_id: int) -> Response:
    async with desk_of(request).database.write() as session:
        await writing_aids.change_ready_text(
            session,
            actor_of(request),
            text_id,
            shortcut=written(request, "shortcut"),
            title=written(request, "title"),
            text=written(request, "text"),
        )
    return see_other(f"/texts?notice=text_saved#text-{text_id}")


@router.post("/texts/{text_id}/remove")
async def remove_text(request: Request, text_id: int) -> Response:
    async with desk_of(request).database.write() as session:
        await writing_aids.remove_ready_text(session, text_id, actor_of(request))
    return see_other("/texts?notice=text_removed")


@router.get("/mentions")
async def named(request: Request) -> Response:
    """Notes that name the reader and that she has not opened."""
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        unread = await mentions.unread(session, builder.actor)
        moments = moments_of(request)
        rows = [(application, writer, text, moments.age(note.created_at)) for application, writer, note, text in unread]
        return render(request, "mentions.html", {"rows": rows, "state": builder.state})
