"""«Birimler» and «Konular»: what the administrator knows of the organisation and how topics are routed."""

from fastapi import APIRouter, Request, Response

from inbox.repositories import applications as application_rows
from inbox.repositories import organisation as rows
from inbox.rules.permissions import Action
from inbox.services import topics, units
from inbox.services.topics import TopicChange
from inbox.services.units import FIXED, NEW_KINDS, UnitChange
from inbox.services.users import By
from inbox.web.forms import choice, written
from inbox.web.pages import kept_of
from inbox.web.rendering import actor_of, desk_of, render, see_other
from inbox.web.visitors import where_of
from models.enums import UnitKind
from models.errors import InputError
from models.tables import Topic, Unit

router = APIRouter()
KIND_NAMES = {
    UnitKind.DEPARTMENT: "Daire başkanlığı, müdürlük",
    UnitKind.AFFILIATE: "Bağlı kuruluş",
    UnitKind.COMPANY: "Belediye şirketi",
    UnitKind.DISTRICT: "İlçe belediyesi",
    UnitKind.EXTERNAL: "Dış kurum",
}
OTHER = "other-"
"""Before the code of a unit that a topic can go to as well."""


@router.get("/units")
async def all_units(request: Request) -> Response:
    actor_of(request).require(Action.MANAGE_ORGANISATION)
    async with desk_of(request).database.read() as session:
        found = await rows.all_units(session)
        main = [topic.unit for topic in await rows.all_topics(session)]
        waiting = await application_rows.open_counts_by_unit(session)
    lines = [
        {"unit": one, "kind": KIND_NAMES[one.kind], "topics": main.count(one.id), "open": waiting.get(one.id, 0)}
        for one in found
    ]
    return render(request, "units.html", {"lines": lines})


@router.get("/units/new")
async def new_unit(request: Request) -> Response:
    return await _unit_page(request)


@router.post("/units/new")
async def add_unit(request: Request) -> Response:
    by = _by(request)
    try:
        async with desk_of(request).database.write() as session:
            kind = choice(request, "kind", UnitKind)
            unit = await units.add(session, kind, _unit_change(request), by=by)
    except InputError as error:
        return await _unit_page(request, problem=str(error))
    return _saved(request, f"/units/{unit.id}")


@router.get("/units/{unit_id}")
async def show_unit(request: Request, unit_id: str) -> Response:
    return await _unit_page(request, unit_id)


@router.post("/units/{unit_id}")
async def change_unit(request: Request, unit_id: str) -> Response:
    by = _by(request)
    try:
        async with desk_of(request).database.write() as session:
            await units.change(session, unit_id, _unit_change(request), by=by)
    except InputError as error:
        return await _unit_page(request, unit_id, problem=str(error))
    return _saved(request, f"/units/{unit_id}")


@router.post("/units/{unit_id}/close")
async def close_unit(request: Request, unit_id: str) -> Response:
    by = _by(request)
    async with desk_of(request).database.write() as session:
        await units.close(session, unit_id, by=by)
    return _saved(request, f"/units/{unit_id}")


@router.post("/units/{unit_id}/reopen")
async def reopen_unit(request: Request, unit_id: str) -> Response:
    by = _by(request)
    async with desk_of(request).database.write() as session:
        await units.reopen(session, unit_id, by=by)
    return _saved(request, f"/units/{unit_id}")


@router.get("/topics")
async def all_topics(request: Request) -> Response:
    actor_of(request).require(Action.MANAGE_ORGANISATION)
    async with desk_of(request).database.read() as session:
        names = {unit.id: unit.name for unit in await rows.all_units(session)}
        lines = [(topic, names.get(topic.unit, topic.unit)) for topic in await rows.all_topics(session)]
    return render(request, "topics.html", {"lines": lines, "usual_days": desk_of(request).profile.deadline_days})


@router.get("/topics/{topic_id}")
async def show_topic(request: Request, topic_id: str) -> Response:
    return await _topic_page(request, topic_id)


@router.post("/topics/{topic_id}")
async def change_topic(request: Request, topic_id: str) -> Response:
    desk, by = desk_of(request), _by(request)
    try:
        wanted = _topic_change(request)
        async with desk.database.write() as session:
            await topics.change(session, topic_id, wanted, profile=desk.profile, by=by)
    except InputError as error:
        return await _topic_page(request, topic_id, problem=str(error))
    return _saved(request, f"/topics/{topic_id}")


async def _unit_page(request: Request, unit_id: str | None = None, *, problem: str = "") -> Response:
    """One unit, or one to be added; after a refusal with what was typed."""
    actor_of(request).require(Action.MANAGE_ORGANISATION)
    usual: list[Topic] = []
    possible: list[Topic] = []
    unit: Unit | None = None
    waiting = 0
    async with desk_of(request).database.read() as session:
        if unit_id is not None:
            unit = await units.read(session, unit_id)
            usual, possible = await units.topics_of(session, unit_id)
            waiting = await application_rows.open_count_of_unit(session, unit_id)
    context = {
        "unit": unit,
        "values": _unit_change(request) if problem else _present(unit),
        "kind": KIND_NAMES[unit.kind] if unit else "",
        "kinds": [(kind.value, KIND_NAMES[kind]) for kind in NEW_KINDS],
        "chosen": written(request, "kind") if problem else "",
        "usual": usual,
        "possible": possible,
        "waiting": waiting,
        "is_fixed": unit_id in FIXED,
        "is_outside": unit is not None and unit.kind is UnitKind.EXTERNAL,
        "problem": problem,
    }
    return render(request, "unit_details.html", context, status=422 if problem else 200)


async def _topic_page(request: Request, topic_id: str, *, problem: str = "") -> Response:
    actor_of(request).require(Action.MANAGE_ORGANISATION)
    async with desk_of(request).database.read() as session:
        topic = await topics.read(session, topic_id)
        known = [unit for unit in await rows.all_units(session) if not unit.parent]
    values = {
        "name": written(request, "name") if problem else topic.name,
        "unit": written(request, "unit") if problem else topic.unit,
        "days": written(request, "days") if problem else topic.days or "",
        "others": _others(request) if problem else topic.other_units,
    }
    context = {
        "topic": topic,
        "values": values,
        "units": [unit for unit in known if unit.active],
        "usual_days": desk_of(request).profile.deadline_days,
        "problem": problem,
    }
    return render(request, "topic.html", context, status=422 if problem else 200)


def _unit_change(request: Request) -> UnitChange:
    return UnitChange(
        name=written(request, "name"),
        short_name=written(request, "short_name"),
        contact=written(request, "contact"),
        integrated=bool(written(request, "integrated")),
    )


def _present(unit: Unit | None) -> UnitChange:
    if unit is None:
        return UnitChange(name="", short_name="", contact="", integrated=True)
    return UnitChange(name=unit.name, short_name=unit.short_name, contact=unit.contact, integrated=unit.integrated)


def _topic_change(request: Request) -> TopicChange:
    days = written(request, "days").strip()
    if days and not days.isdecimal():
        raise InputError("Kısa süreyi gün olarak, sayıyla yazınız.")
    return TopicChange(
        name=written(request, "name"),
        unit=written(request, "unit"),
        other_units=_others(request),
        days=int(days) if days else None,
    )


def _others(request: Request) -> list[str]:
    return [name.removeprefix(OTHER) for name in request.state.form if name.startswith(OTHER)]


def _saved(request: Request, address: str) -> Response:
    """Names on the pages are read anew."""
    kept_of(request).void()
    return see_other(f"{address}?notice=saved")


def _by(request: Request) -> By:
    return By(
        actor=actor_of(request, may=Action.MANAGE_ORGANISATION),
        now=desk_of(request).clock.now(),
        where=where_of(request),
    )
