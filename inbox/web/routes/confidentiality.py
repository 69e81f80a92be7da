"""Looking at a citizen, and who may: one application's confidentiality, and the list of all looks."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from inbox.repositories import people
from inbox.repositories import privacy as rows
from inbox.rules.masking import hides_citizen
from inbox.rules.permissions import Action
from inbox.services import applications, privacy
from inbox.web.forms import number, optional_number, written
from inbox.web.pages import PageBuilder, page_builder
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.routes.applications import change_application, now_of
from models.errors import ForbiddenError
from models.tables import Application, Unmasking

router = APIRouter()
LOOK_NAMES = {
    "citizen": "vatandaşın adı ve hesabı",
    "confidential": "gizli başvuru sahibi",
    "file": "gizli başvurunun eki",
    "export": "dışa aktarılan liste",
    "person_request": "kişinin bütün verileri",
}


@router.post("/applications/{application_id}/reveal")
async def reveal(request: Request, application_id: int) -> Response:
    """Show the citizen in plain this once; the look is recorded."""

    async def change(builder: PageBuilder, application: Application) -> str:
        await privacy.reveal_citizen(
            builder.session, application, builder.actor, reason=written(request, "reason"), now=now_of(request)
        )
        return ""

    return await change_application(request, application_id, change, needs=None, revealed=True)


@router.get("/applications/{application_id}/privacy")
async def show(request: Request, application_id: int) -> Response:
    """Whether the citizen is hidden, from whom, who may look, and who has looked."""
    now = now_of(request)
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        actor = builder.actor
        one = await applications.read(session, application_id, actor)
        hidden = hides_citizen(actor, confidential=one.confidential)
        decides = actor.may(Action.REVEAL_CONFIDENTIAL)
        granted = await rows.unmaskings(session, application_id) if decides else []
        users = await rows.users_of_unit(session, one.routed_unit) if decides and one.routed_unit else []
        named = [key for found in granted for key in (found.user_id, found.granted_by) if key]
        names = await people.names(session, named)
        seen = await rows.looks(session, application_id=application_id) if decides else []
        context = {
            "application": one,
            "unit_name": builder.labels.unit(one.routed_unit, district=one.district) if one.routed_unit else "",
            "may_mark": actor.may(Action.CORRECT),
            "decides": decides,
            "may_look": hidden and await privacy.may_look(session, one, actor, now=now),
            "hidden": hidden,
            "users": [(user.id, user.name) for user in users],
            "granted": [_permission(builder, found, names) for found in granted],
            "looks": [_look(request, look) for look in seen],
        }
    return render(request, "confidentiality.html", context)


@router.post("/applications/{application_id}/privacy/mark")
async def mark(request: Request, application_id: int) -> Response:
    """Hide the citizen from the unit, or end it."""
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        one = await applications.read(session, application_id, builder.actor, change=True)
        await privacy.set_confidential(
            session,
            one,
            builder.actor,
            confidential=written(request, "confidential") == "1",
            reason=written(request, "reason"),
            now=now_of(request),
        )
    return await _changed(request, application_id)


@router.post("/applications/{application_id}/privacy/lift")
async def lift(request: Request, application_id: int) -> Response:
    """`user` is one of the unit's, or empty for all of them."""
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        one = await applications.read(session, application_id, builder.actor, change=True)
        await privacy.lift(
            session,
            one,
            builder.actor,
            user_id=optional_number(request, "user"),
            reason=written(request, "reason"),
            now=now_of(request),
        )
    return await _changed(request, application_id)


@router.post("/applications/{application_id}/privacy/end")
async def end(request: Request, application_id: int) -> Response:
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        builder.actor.require(Action.REVEAL_CONFIDENTIAL)
        one = await applications.read(session, application_id, builder.actor, change=True)
        await privacy.end_lift(session, one, builder.actor, key=number(request, "key"), now=now_of(request))
    return await _changed(request, application_id)


@router.get("/privacy/looks")
async def all_looks(request: Request) -> Response:
    """Every look at hidden data, newest first, for the chief."""
    actor = actor_of(request)
    if not actor.may(Action.REVEAL_CONFIDENTIAL):
        raise ForbiddenError("Kimlerin kişisel veriye baktığını yalnızca şef ve müdür görebilir.")
    before = request.query_params.get("before", "")
    async with desk_of(request).database.read() as session:
        found = await rows.looks(session, before=int(before) if before.isdecimal() else None)
    older = found[-1][0].id if len(found) == rows.PAGE else None
    return render(request, "looks.html", {"looks": [_look(request, look) for look in found], "older": older})


def _permission(builder: PageBuilder, found: Unmasking, names: Mapping[int, str]) -> dict[str, object]:
    moments = moments_of(builder.request)
    return {
        "id": found.id,
        "to": names.get(found.user_id or 0) or builder.labels.short_unit(found.unit),
        "by": names.get(found.granted_by, ""),
        "at": moments.exact(found.granted_at),
        "until": moments.exact(found.until),
        "runs": found.until > moments.now,
        "reason": found.reason,
    }


def _look(request: Request, found: rows.Look) -> dict[str, object]:
    look, who, number_ = found
    return {
        "at": moments_of(request).exact(look.at),
        "who": who,
        "what": LOOK_NAMES.get(look.what, look.what),
        "reason": look.reason,
        "number": number_ or "",
        "application_id": look.application_id,
    }


async def _changed(request: Request, application_id: int) -> Response:
    await desk_of(request).bus.publish("application", {"id": application_id, "what": "changed"})
    return see_other(f"/applications/{application_id}/privacy")
