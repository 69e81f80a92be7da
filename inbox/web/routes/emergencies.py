"""Emergencies: the list, what rings just now, taking one."""

from fastapi import APIRouter, Request, Response

from inbox.repositories import people
from inbox.rules.permissions import Action
from inbox.services import applications, emergencies
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, go, moments_of, render
from inbox.web.views.alarms import alarm_row
from models.personal_data import mask

router = APIRouter()


@router.get("/emergencies")
async def overview(request: Request) -> Response:
    """The last emergencies, for Merkez 1 and for management, with the citizen's first words unless confidential."""
    actor = actor_of(request)
    async with desk_of(request).database.read() as session:
        found = await emergencies.listing(session, actor)
        labels = await office_labels(request, session)
        names = await people.names(session, [one.alarm.taken_by for one in found if one.alarm.taken_by])
    moments = moments_of(request)
    rows = [
        {
            **alarm_row(one, actor=actor, labels=labels, moments=moments),
            "words": "" if one.application.confidential else mask(one.application.summary),
            "taken_by": names.get(one.alarm.taken_by or 0),
        }
        for one in found
    ]
    return render(request, "emergencies.html", {"rows": rows})


@router.get("/emergencies/ringing")
async def ringing(request: Request) -> Response:
    """What rings for this reader, as the part of a page that asks again and again."""
    actor, moments = actor_of(request), moments_of(request)
    async with desk_of(request).database.read() as session:
        found = await emergencies.ringing(session, actor)
        labels = await office_labels(request, session)
    alarms = [alarm_row(one, actor=actor, labels=labels, moments=moments) for one in found]
    return render(request, "_alarm.html", {"alarms": alarms})


@router.post("/applications/{application_id}/emergency")
async def take(request: Request, application_id: int) -> Response:
    """It is hers from now on; it stops ringing everywhere."""
    desk, actor = desk_of(request), actor_of(request)
    actor.require(Action.TAKE_EMERGENCY)
    async with desk.database.write() as session:
        application = await applications.read(session, application_id, actor, change=True)
        await emergencies.take(session, application, actor, now=desk.clock.now())
    await desk.bus.publish("application", {"id": application_id, "what": "changed", "emergency": True})
    return go(request, f"/applications/{application_id}?notice=emergency_taken")
