"""Incidents: proposals to decide on, members, one answer for all, closing together."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import people, process
from inbox.rules.permissions import Action, Actor
from inbox.services import incident_answers, incidents
from inbox.services.incidents import Reached
from inbox.web.forms import choice, number, written
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.reviewing import checks_of_replies, rules_of
from inbox.web.views.process import submission_view
from models.enums import IncidentState, Outcome
from models.personal_data import mask
from models.tables import Application, Incident

router = APIRouter(prefix="/incidents")
STATE_NAMES = {
    IncidentState.PROPOSED: "önerildi",
    IncidentState.CONFIRMED: "onaylandı",
    IncidentState.DISMISSED: "olay değil",
    IncidentState.ANSWERED: "sonuçlandı",
}
Deed = Callable[[AsyncSession, Actor, datetime], Awaitable[object]]


@router.get("")
async def overview(request: Request) -> Response:
    async with desk_of(request).database.read() as session:
        live, over = await incidents.overview(session, actor_of(request))
        labels = await office_labels(request, session)
    moments = moments_of(request)

    def row(incident: Incident, size: int) -> dict[str, object]:
        return {
            "id": incident.id,
            "topic": labels.short_topic(incident.topic),
            "place": incident.place,
            "state": STATE_NAMES[incident.state],
            "began": moments.exact(incident.began_at),
            "size": size,
        }

    context = {"live": [row(*pair) for pair in live], "over": [row(*pair) for pair in over]}
    return render(request, "incidents.html", context)


@router.get("/{incident_id}")
async def show(request: Request, incident_id: int) -> Response:
    return await _page(request, incident_id)


@router.post("/{incident_id}/confirm")
async def confirm(request: Request, incident_id: int) -> Response:
    return await _do(request, incident_id, lambda s, who, now: incidents.confirm(s, incident_id, who, now=now))


@router.post("/{incident_id}/dismiss")
async def dismiss(request: Request, incident_id: int) -> Response:
    return await _do(request, incident_id, lambda s, who, now: incidents.dismiss(s, incident_id, who, now=now))


@router.post("/{incident_id}/leave")
async def leave_out(request: Request, incident_id: int) -> Response:
    actor_of(request).require(Action.DECIDE_INCIDENT)
    one = number(request, "application")
    return await _do(
        request, incident_id, lambda s, who, now: incidents.leave_out(s, incident_id, who, application_id=one, now=now)
    )


@router.post("/{incident_id}/add")
async def add(request: Request, incident_id: int) -> Response:
    given = written(request, "number")
    return await _do(
        request, incident_id, lambda s, who, now: incidents.add(s, incident_id, who, number=given, now=now)
    )


@router.post("/{incident_id}/answer")
async def answer(request: Request, incident_id: int) -> Response:
    """One text for all; the page then says whom it could not reach, and why. Or it goes to the approval desk first."""
    desk, text, actor = desk_of(request), written(request, "text"), actor_of(request)
    review = await checks_of_replies(request)
    async with desk.database.write() as session:
        if review:
            rules, now = await rules_of(request, session), desk.clock.now()
            await incident_answers.submit_answer(
                session, incident_id, actor, text=text, desk=review, rules=rules, now=now
            )
            return see_other(f"/incidents/{incident_id}?notice=reply_submitted")
        reached = await incident_answers.answer_all(
            session, incident_id, actor, text=text, facts=desk.facts, now=desk.clock.now()
        )
    return await _told(request, incident_id, reached, done="Ortak cevap gönderime verildi", text=text)


@router.post("/{incident_id}/withdraw")
async def withdraw(request: Request, incident_id: int) -> Response:
    """Take the shared answer back that waits for approval."""
    return await _do(
        request, incident_id, lambda s, who, now: incident_answers.withdraw_answer(s, incident_id, who, now=now)
    )


@router.post("/{incident_id}/close")
async def close(request: Request, incident_id: int) -> Response:
    actor_of(request).require(Action.DECIDE_INCIDENT)
    desk, outcome = desk_of(request), choice(request, "outcome", Outcome)
    async with desk.database.write() as session:
        reached = await incidents.close_all(
            session, incident_id, actor_of(request), outcome=outcome, now=desk.clock.now()
        )
    return await _told(request, incident_id, reached, done="Birlikte sonuçlandırıldı")


async def _do(request: Request, incident_id: int, deed: Deed) -> Response:
    desk = desk_of(request)
    async with desk.database.write() as session:
        await deed(session, actor_of(request), desk.clock.now())
    await desk.bus.publish("incident", {"ids": [incident_id], "what": "changed"})
    return see_other(f"/incidents/{incident_id}")


async def _told(request: Request, incident_id: int, reached: list[Reached], *, done: str, text: str = "") -> Response:
    for one in reached:
        if not one.problem:
            await desk_of(request).bus.publish("application", {"id": one.application_id, "what": "changed"})
    went = sum(not one.problem for one in reached)
    problems = [(one.number, one.problem) for one in reached if one.problem]
    result = {"words": f"{done}: {went} başvuru.", "problems": problems, "kept": text if problems else ""}
    return await _page(request, incident_id, result=result)


async def _page(request: Request, incident_id: int, *, result: Mapping[str, object] | None = None) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    async with desk.database.read() as session:
        view = await incidents.view(session, incident_id, actor, now=desk.clock.now())
        labels = await office_labels(request, session)
        last = await process.last_of_incident(session, incident_id)
        names = await people.names(session, [last.submitted_by] if last and last.submitted_by else [])
    moments = moments_of(request)

    def row(one: Application) -> dict[str, object]:
        return {
            "id": one.id,
            "number": one.number,
            "channel": labels.channel(one.channel),
            "state": labels.state(one.state),
            "summary": mask(one.summary),
            "received": moments.exact(one.received_at),
        }

    context = {
        "incident": view.incident,
        "topic": labels.topic(view.incident.topic),
        "state_name": STATE_NAMES[view.incident.state],
        "began": moments.exact(view.incident.began_at),
        "members": [row(one) for one in view.members],
        "fitting": [row(one) for one in view.fitting],
        "outcomes": {outcome: labels.outcome(outcome) for outcome in Outcome},
        "result": result,
        "handed_in": submission_view(last, names, labels, moments) if last else None,
        "is_live": view.incident.state in (IncidentState.PROPOSED, IncidentState.CONFIRMED),
    }
    return render(request, "incident.html", context)
