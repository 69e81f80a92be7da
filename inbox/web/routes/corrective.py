"""«DÖF»: the forms that are open, late or closed; preparing, planning and closing one."""

from datetime import date

from fastapi import APIRouter, Request, Response

from inbox.repositories import people
from inbox.rules.permissions import Action
from inbox.services import corrective
from inbox.web.forms import choice, written
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other, today_of
from models.enums import CorrectiveKind
from models.errors import InputError
from models.tables import CorrectiveAction

router = APIRouter(prefix="/corrective")
KIND_NAMES = {CorrectiveKind.CORRECTIVE: "Düzeltici faaliyet", CorrectiveKind.PREVENTIVE: "Önleyici faaliyet"}


@router.get("")
async def overview(request: Request) -> Response:
    return await _overview(request)


async def _overview(request: Request, mistake: InputError | None = None) -> Response:
    async with desk_of(request).database.read() as session:
        waiting, closed = await corrective.listing(session, actor_of(request))
    today = today_of(request)
    lines = [_line(one, today) for one in waiting]
    context = {
        "lines": lines,
        "late": sum(bool(line["late"]) for line in lines),
        "closed": [_line(one, today) for one in closed],
        "kinds": KIND_NAMES,
        "mistake": mistake,
    }
    return render(request, "corrective_actions.html", context, status=422 if mistake else 200)


@router.post("")
async def prepare(request: Request) -> Response:
    desk, actor = desk_of(request), actor_of(request, may=Action.OPEN_CORRECTIVE)
    try:
        kind, problem = choice(request, "kind", CorrectiveKind), written(request, "text")
        async with desk.database.write() as session:
            made = await corrective.prepare(session, actor, kind=kind, problem=problem, now=desk.clock.now())
    except InputError as mistake:
        return await _overview(request, mistake)
    return see_other(f"/corrective/{made.id}?notice=saved")


@router.get("/{action_id}")
async def show(request: Request, action_id: int) -> Response:
    return await _form(request, action_id)


async def _form(request: Request, action_id: int, mistake: InputError | None = None) -> Response:
    moments = moments_of(request)
    async with desk_of(request).database.read() as session:
        one = await corrective.read(session, action_id, actor_of(request))
        who = await people.names(
            session, sorted({key for key in (one.opened_by, one.planned_by, one.closed_by) if key})
        )
    steps = [
        (name, who.get(user or 0, ""), moments.exact(at))
        for name, user, at in (
            ("Hazırladı", one.opened_by, one.opened_at),
            ("Faaliyeti yazdı", one.planned_by, one.planned_at),
            ("Kapattı", one.closed_by, one.closed_at),
        )
        if at
    ]
    context = {**_line(one, today_of(request)), "steps": steps, "mistake": mistake}
    return render(request, "corrective_action.html", context, status=422 if mistake else 200)


@router.post("/{action_id}/plan")
async def plan(request: Request, action_id: int) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    try:
        async with desk.database.write() as session:
            await corrective.plan(
                session, action_id, actor, cause=written(request, "cause"), remedy=written(request, "remedy"),
                due_on=_day(written(request, "date")), today=today_of(request), now=desk.clock.now(),
            )  # fmt: skip
    except InputError as mistake:
        return await _form(request, action_id, mistake)
    return see_other(f"/corrective/{action_id}?notice=saved")


@router.post("/{action_id}/close")
async def close(request: Request, action_id: int) -> Response:
    desk, actor = desk_of(request), actor_of(request, may=Action.CLOSE_CORRECTIVE)
    try:
        effective = written(request, "effective")
        if effective not in ("yes", "no"):
            raise InputError("Faaliyetin etkili olup olmadığını seçiniz.", field="effective")
        async with desk.database.write() as session:
            await corrective.close(
                session, action_id, actor, effective=effective == "yes", result=written(request, "result"),
                now=desk.clock.now(),
            )  # fmt: skip
    except InputError as mistake:
        return await _form(request, action_id, mistake)
    return see_other(f"/corrective/{action_id}?notice=saved")


def _line(one: CorrectiveAction, today: date) -> dict[str, object]:
    late = one.closed_at is None and one.due_on is not None and one.due_on < today
    due = one.due_on.strftime("%d.%m.%Y") if one.due_on else ""
    return {"one": one, "kind": KIND_NAMES[one.kind], "due": due, "late": late, "state": _state(one)}


def _state(one: CorrectiveAction) -> str:
    if one.closed_at:
        return "etkili, kapandı" if one.effective else "etkili olmadı, kapandı"
    return "faaliyet sürüyor" if one.planned_at else "neden ve faaliyet bekliyor"


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
