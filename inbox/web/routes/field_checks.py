"""Looks on the spot: asked on an application, taken and recorded by the field team."""

from fastapi import APIRouter, Request, Response

from inbox.rules.answer_files import LOOK_PICTURES
from inbox.rules.permissions import Action
from inbox.services import applications, deadlines, field_checks
from inbox.services.field_checks import Look
from inbox.web import attaching
from inbox.web.forms import choice, chosen_files, written
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.chips import map_address
from inbox.web.views.composer import takes
from inbox.web.views.looks import FINDING_NAMES
from models.enums import FieldFinding
from models.errors import InputError

router = APIRouter()


@router.get("/field-checks")
async def overview(request: Request) -> Response:
    """What waits for a look. The field team reads what the look is about, nothing of the citizen."""
    return await _overview(request)


async def _overview(request: Request, mistake: InputError | None = None, *, refused: int = 0) -> Response:
    """`refused` is the look whose form comes back with the mistake."""
    actor, moments = actor_of(request), moments_of(request)
    async with desk_of(request).database.read() as session:
        found = await field_checks.queue(session, actor)
        labels = await office_labels(request, session)
    rows = [
        {
            "id": check.id,
            "number": one.number,
            "topic": labels.short_topic(one.topic),
            "place": ", ".join(part for part in (one.district, one.neighbourhood) if part) or "yer belirtilmemiş",
            "map": map_address(one) if one.latitude is not None and not one.confidential else "",
            "unit": labels.unit(one.routed_unit) if one.routed_unit else "",
            "reason": check.reason,
            "asked": moments.exact(check.asked_at),
            "mine": check.assignee_id == actor.user_id,
            "taken": check.assignee_id is not None,
        }
        for check, one in found
    ]
    limits = takes(LOOK_PICTURES)
    context = {
        "rows": rows,
        "findings": FINDING_NAMES,
        "may_look": actor.may(Action.FIELD_CHECK),
        "limits": limits.words if limits else "",
        "mistake": mistake,
        "refused": refused,
        "files": [file.file_name for _, file in request.state.files],
    }
    return render(request, "field_checks.html", context, status=422 if mistake else 200)


@router.post("/applications/{application_id}/field-check")
async def ask(request: Request, application_id: int) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    actor.require(Action.ASK_FIELD_CHECK)
    async with desk.database.write() as session:
        application = await applications.read(session, application_id, actor, change=True)
        await field_checks.ask(session, application, actor, reason=written(request, "reason"), now=desk.clock.now())
    await desk.bus.publish("application", {"id": application_id, "what": "changed"})
    return see_other(f"/applications/{application_id}?notice=field_check_asked")


@router.post("/field-checks/{check_id}/take")
async def take(request: Request, check_id: int) -> Response:
    """It becomes hers."""
    desk, actor = desk_of(request), actor_of(request)
    actor.require(Action.FIELD_CHECK)
    async with desk.database.write() as session:
        await field_checks.assign(session, check_id, actor, user_id=actor.user_id, now=desk.clock.now())
    return see_other("/field-checks?notice=saved")


@router.post("/field-checks/{check_id}")
async def find(request: Request, check_id: int) -> Response:
    actor_of(request, may=Action.FIELD_CHECK)
    try:
        back = await _find(request, check_id)
    except InputError as mistake:
        return await _overview(request, mistake, refused=check_id)
    await desk_of(request).bus.publish("application", {"id": None, "what": "changed"})
    return see_other(f"/field-checks?notice={'sent_back_undone' if back else 'saved'}")


async def _find(request: Request, check_id: int) -> bool:
    """True where the work goes back to the unit."""
    desk, actor = desk_of(request), actor_of(request)
    finding, text = choice(request, "finding", FieldFinding), written(request, "text")
    async with desk.database.read() as session:
        key = await field_checks.application_to_look_at(session, check_id, actor)
    chosen = chosen_files(request, "taken", "files")
    pictures = await attaching.stored(request, chosen, application_id=key, limits=LOOK_PICTURES)
    look = Look(finding=finding, text=text, pictures=pictures)
    async with desk.database.write() as session:
        rules = await deadlines.read_rules(session, desk.profile)
        return await field_checks.find(session, check_id, actor, look=look, rules=rules, now=desk.clock.now())
