"""What is done with lists: many applications at once, views that are kept, a list as a file."""

from collections.abc import AsyncIterator, Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from inbox.services import bulk, exports, saved_views
from inbox.services.bulk import BulkResult
from inbox.web.forms import choice, optional_number, sharing, snooze_until, written
from inbox.web.list_state import list_state
from inbox.web.pages import PageBuilder, page_builder
from inbox.web.rendering import desk_of, moments_of, render, see_other, today_of
from models.enums import ChannelName, Kind, Outcome, Urgency
from models.errors import InputError

router = APIRouter()
PICK = "pick-"
FILE_NAME = "basvurular-{day}.csv"


@router.post("/inbox/bulk")
async def change_many(request: Request) -> Response:
    """One verb for all that is picked; back to the list with what became of it."""
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        result = await _change(request, builder)
    return await _done(request, builder, result, undo=True)


@router.post("/inbox/bulk/{work_id}/undo")
async def undo(request: Request, work_id: int) -> Response:
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        result = await bulk.undo(session, work_id, builder.actor, now=desk_of(request).clock.now())
    return await _done(request, builder, result, undo=False)


async def _change(request: Request, builder: PageBuilder) -> BulkResult:
    session, actor, now = builder.session, builder.actor, desk_of(request).clock.now()
    ids = [int(name.removeprefix(PICK)) for name in request.state.form if _is_pick(name)]
    match written(request, "verb"):
        case "take":
            return await bulk.take_all(session, ids, actor, now=now)
        case "assign":
            user_id = optional_number(request, "user_id")
            return await bulk.assign_all(session, ids, actor, user_id=user_id, now=now)
        case "snooze":
            return await bulk.snooze_all(session, ids, actor, until=snooze_until(request), now=now)
        case "close":
            return await bulk.close_all(session, ids, actor, outcome=choice(request, "outcome", Outcome), now=now)
        case _:
            raise InputError("Listeden bir işlem seçiniz.")


def _is_pick(name: str) -> bool:
    return name.startswith(PICK) and name.removeprefix(PICK).isdecimal()


async def _done(request: Request, builder: PageBuilder, result: BulkResult, *, undo: bool) -> Response:
    request.app.state.numbers.void()
    for application_id in result.done:
        await desk_of(request).bus.publish("application", {"id": application_id, "what": "changed"})
    work = str(result.work_id) if undo and result.done else ""
    left = str(len(result.refused)) if result.refused else ""
    return see_other(builder.state.link("/inbox", done=str(len(result.done)), left=left, work=work))


@router.get("/views")
async def views(request: Request) -> Response:
    """The reader's kept lists, to be opened, renamed and taken away; numbers stand beside those of her rail."""
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        hers = await saved_views.views(session, builder.actor)
        shown = (await builder.rail())["kept_views"]
        counts = {one.id: shown.count for one, shown in zip(hers, shown, strict=True)}
        kept = [
            (one, list_state(one.params, builder.actor).link("/inbox"), counts.get(one.id, ""))
            for one in await saved_views.listed_views(session, builder.actor)
        ]
    return render(
        request,
        "views.html",
        {"kept": kept, "role_names": builder.labels.texts["roles"], "may_share": saved_views.may_share(builder.actor)},
    )


@router.post("/views")
async def save_view(request: Request) -> Response:
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        shared, role = sharing(request)
        await saved_views.save(
            session,
            builder.actor,
            name=written(request, "name"),
            params=builder.state.params,
            shared=shared,
            role=role,
            now=desk_of(request).clock.now(),
        )
    return see_other(builder.state.link("/inbox", notice="view_saved"))


@router.post("/views/{view_id}/rename")
async def rename_view(request: Request, view_id: int) -> Response:
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        await saved_views.rename(session, view_id, builder.actor, name=written(request, "name"))
    return see_other("/views?notice=saved")


@router.post("/views/{view_id}/remove")
async def remove_view(request: Request, view_id: int) -> Response:
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        await saved_views.remove(session, view_id, builder.actor)
    return see_other("/views?notice=view_removed")


@router.post("/inbox/export")
async def export(request: Request) -> Response:
    """The list as a file; who took it is recorded before the first line leaves."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        builder = await page_builder(request, session)
        await exports.record_export(session, builder.actor, title=builder.state.title, now=desk.clock.now())
    day = today_of(request)
    disposition = f'attachment; filename="{FILE_NAME.format(day=day.isoformat())}"'
    return StreamingResponse(
        _lines(request, builder), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition}
    )


async def _lines(request: Request, builder: PageBuilder) -> AsyncIterator[str]:
    async with desk_of(request).database.read() as session:
        names = exports.Names(_name_of(builder), lambda at: moments_of(request).exact(at) if at else "")
        async for line in exports.lines(
            session, builder.state.query, span=builder.span, actor=builder.actor, names=names
        ):
            yield line


def _name_of(builder: PageBuilder) -> exports.NameOf:
    labels = builder.labels
    words: dict[str, Mapping[str, str]] = {
        "channel": {channel: labels.channel(channel) for channel in ChannelName},
        "kind": {kind: labels.kind(kind) for kind in Kind},
        "urgency": {urgency: labels.urgency(urgency) for urgency in Urgency},
        "state": labels.texts["states"],
        "topic": {key: topic.name for key, topic in labels.topics.items()},
        "unit": {key: unit.name for key, unit in labels.units.items()},
    }
    return lambda kind, code: words[kind].get(code or "", code or "")
