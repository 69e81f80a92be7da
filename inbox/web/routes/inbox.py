"""The list, an opened application, and the parts of them that are read again while they stand open."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.background import BackgroundTask

from inbox.rules.permissions import Action, Actor
from inbox.services import applications, mentions, reading
from inbox.web.desk import Desk
from inbox.web.opened import Opened
from inbox.web.pages import Context, PageBuilder, page
from inbox.web.rendering import actor_of, desk_of, is_fragment, render, see_other
from inbox.web.views.composer import measure

router = APIRouter()
HOMES = (
    (Action.TAKE, "/inbox"),
    (Action.APPROVE, "/approvals"),
    (Action.ACT_FOR_UNIT, "/unit"),
    (Action.SURVEY, "/surveys"),
    (Action.FIELD_CHECK, "/field-checks"),
    (Action.SET_UP, "/accounts"),
    (Action.AUTHORISE_UNIT_USERS, "/people"),
)
"""The first right that she has decides."""


@router.get("/")
async def home(request: Request) -> Response:
    """The page on which this person's day begins."""
    actor = actor_of(request)
    return see_other(next((address for right, address in HOMES if actor.may(right)), "/profile"))


@router.get("/inbox")
async def inbox(request: Request) -> Response:
    """The list alone; for htmx the list or its next page."""
    async with page(request) as builder:
        if is_fragment(request):
            template = "_rows.html" if builder.state.query.after else "_list_change.html"
            context = await builder.listing() | ({} if builder.state.query.after else await builder.rail())
            return render(request, template, {**context, **await builder.filters()})
        return render(request, "inbox.html", {**await builder.shell(), **_bulk_notice(request, builder)})


def _bulk_notice(request: Request, builder: PageBuilder) -> Context:
    """What became of a change of many applications, and the way back."""
    done, left, work = (request.query_params.get(name, "") for name in ("done", "left", "work"))
    if not done.isdecimal():
        return {}
    words = [f"{done} başvuru güncellendi."]
    if left.isdecimal():
        words.append(f"{left} başvuruda bu işlem yapılamadığı için değişiklik olmadı.")
    undo: tuple[str, dict[str, str]] | None = None
    if work.isdecimal():
        undo = (builder.state.link(f"/inbox/bulk/{work}/undo"), {})
    return {"notice": " ".join(words), "undo": undo}


@router.get("/inbox/fresh")
async def fresh(request: Request, mark: int = 0) -> Response:
    """What has come since the list was read, and the rail's numbers."""
    async with page(request) as builder:
        return render(request, "_fresh_change.html", {**await builder.fresh(mark), **await builder.rail()})


@router.get("/inbox/rows/{application_id}")
async def row(request: Request, application_id: int) -> Response:
    async with page(request) as builder:
        found = await builder.row(application_id)
        if found is None:
            return HTMLResponse("")
        return render(request, "_row_change.html", {"row": found, "state": builder.state})


@router.get("/applications/{application_id}")
async def application(request: Request, application_id: int) -> Response:
    """The opened application beside its list; for htmx without the list. Once it is shown it counts as read."""
    async with page(request) as builder:
        file = await reading.open_file(builder.session, application_id, builder.actor)
        work = await Opened(builder=builder, file=file).work()
        if is_fragment(request):
            response = render(request, "_work.html", work)
        else:
            response = render(request, "inbox.html", {**work, **await builder.shell(selected=f"a{application_id}")})
        named = application_id in await builder.named_in()
    if file.application.unread or named:
        response.background = BackgroundTask(_mark_read, desk_of(request), application_id, builder.actor)
    return response


async def _mark_read(desk: Desk, application_id: int, actor: Actor) -> None:
    """After the page has gone out: reading waits for no writer."""
    async with desk.database.write() as session:
        found = await applications.read(session, application_id, actor, change=True)
        await applications.mark_read(session, found, actor)
        await mentions.read_all_of(session, application_id, actor, now=desk.clock.now())


@router.get("/applications/{application_id}/talk")
async def talk(request: Request, application_id: int) -> Response:
    """The bubbles as they stand now, with the version that an answer is then written to."""
    async with page(request) as builder:
        file = await reading.open_file(builder.session, application_id, builder.actor)
        opened = Opened(builder=builder, file=file)
        context = {**opened.head(), **opened.talk(), **await builder.filters()}
        return render(request, "_talk_change.html", context)


@router.get("/applications/{application_id}/side")
async def side(request: Request, application_id: int) -> Response:
    async with page(request) as builder:
        file = await reading.open_file(builder.session, application_id, builder.actor)
        return render(
            request,
            "_side_body.html",
            {**Opened(builder=builder, file=file).side(), **await builder.filters(colleagues=False)},
        )


@router.post("/applications/{application_id}/measure")
async def measured(request: Request, application_id: int) -> Response:
    """The text's length by the platform's own measure."""
    async with page(request) as builder:
        builder.actor.require(Action.ANSWER)
        file = await reading.open_file(builder.session, application_id, builder.actor)
        text = request.state.form.get("text", "").replace("\r\n", "\n")
        return render(
            request, "_count.html", {"count": measure(text, Opened(builder=builder, file=file).facts), "count_id": ""}
        )
