"""An application's neighbours: linked and divided applications, the same citizen elsewhere, a look on the spot."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as rows
from inbox.repositories import conversations, field_checks, incidents
from inbox.rules import workflow
from inbox.rules.masking import mask_text
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import applications, citizen_joins, deadlines, matters
from inbox.services.hiding import veil_for
from inbox.web.forms import number, written
from inbox.web.pages import page_builder
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.routes.applications import correction_of
from inbox.web.views.looks import FINDING_NAMES
from models.enums import Direction
from models.errors import ForbiddenError
from models.tables import Application

router = APIRouter(prefix="/applications/{application_id}/matter")
Deed = Callable[[AsyncSession, Application, Actor, datetime], Awaitable[object]]


@router.get("")
async def show(request: Request, application_id: int) -> Response:
    actor, moments = actor_of(request), moments_of(request)
    if not actor.may(Action.JOIN_CITIZENS) and not actor.may(Action.ASK_FIELD_CHECK):
        raise ForbiddenError("Bu sayfa başvuru ve anket personelinindir.")
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        one = await applications.read(session, application_id, actor)
        older = await rows.application(session, one.linked_to_id) if one.linked_to_id else None
        joins = await citizen_joins.of_application(session, one, actor) if actor.may(Action.JOIN_CITIZENS) else ()
        looks = await field_checks.of_application(session, application_id)
        if veil := await veil_for(session, actor, one):
            one, looks = veil.application(one), [veil.look(check) for check in looks]
        context = {
            "application": one,
            "older": older,
            "incident": await incidents.incident_of(session, application_id),
            "joins": [(join.id, moments.exact(join.joined_at)) for join in joins],
            "messages": await _messages(session, one, actor),
            "looks": [
                (check, FINDING_NAMES[check.finding] if check.finding else "", moments.exact(check.asked_at))
                for check in looks
            ],
            "may_ask_look": Step.FIELD_CHECK in workflow.offered(one.state, actor),
            **await builder.filters(colleagues=False),
        }
    return render(request, "matter.html", context)


async def _messages(session: AsyncSession, one: Application, actor: Actor) -> list[tuple[int, str]]:
    """The citizen's own words of this application, for dividing."""
    if one.conversation_id is None or not actor.may(Action.CORRECT):
        return []
    found = await conversations.messages_of_conversation(session, one.conversation_id)
    return [
        (message.id or 0, mask_text(message.text, actor, confidential=one.confidential))
        for message in found
        if message.application_id == one.id and message.direction is Direction.INBOUND
    ]


@router.post("/link")
async def link(request: Request, application_id: int) -> Response:
    async def deed(session: AsyncSession, one: Application, actor: Actor, now: datetime) -> None:
        await matters.link(
            session, one, actor, number=written(request, "number"), seen_version=number(request, "version"), now=now
        )

    return await _do(request, application_id, deed, needs=Action.CORRECT)


@router.post("/unlink")
async def unlink(request: Request, application_id: int) -> Response:
    async def deed(session: AsyncSession, one: Application, actor: Actor, now: datetime) -> None:
        await matters.unlink(session, one, actor, seen_version=number(request, "version"), now=now)

    return await _do(request, application_id, deed, needs=Action.CORRECT)


@router.post("/divide")
async def divide(request: Request, application_id: int) -> Response:
    """`message_<id>` are boxes: these messages become an application of their own."""
    form, profile = request.state.form, desk_of(request).profile
    chosen = [int(name.removeprefix("message_")) for name in form if name.removeprefix("message_").isdecimal()]

    async def deed(session: AsyncSession, one: Application, actor: Actor, now: datetime) -> None:
        await matters.divide(
            session,
            one,
            actor,
            message_ids=chosen,
            labels=correction_of(request),
            profile=profile,
            rules=await deadlines.read_rules(session, profile),
            seen_version=number(request, "version"),
            now=now,
        )

    return await _do(request, application_id, deed, needs=Action.CORRECT)


@router.post("/join")
async def join(request: Request, application_id: int) -> Response:
    """The writer of application `number` is this citizen."""

    async def deed(session: AsyncSession, one: Application, actor: Actor, now: datetime) -> None:
        other = await matters.by_number(session, written(request, "number"), actor)
        await citizen_joins.join(session, one, actor, other=other, now=now)

    return await _do(request, application_id, deed, needs=Action.JOIN_CITIZENS)


@router.post("/part")
async def part(request: Request, application_id: int) -> Response:
    """Undo a join."""

    async def deed(session: AsyncSession, one: Application, actor: Actor, now: datetime) -> None:
        await citizen_joins.undo(session, number(request, "join"), actor, now=now)

    return await _do(request, application_id, deed, needs=Action.JOIN_CITIZENS)


async def _do(request: Request, application_id: int, deed: Deed, *, needs: Action) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    actor.require(needs)
    async with desk.database.write() as session:
        application = await applications.read(session, application_id, actor, change=True)
        await deed(session, application, actor, desk.clock.now())
    await desk.bus.publish("application", {"id": application_id, "what": "changed"})
    return see_other(f"/applications/{application_id}/matter?notice=saved")
