"""A unit's page: what lies with it, the most urgent first, with the way to its steps."""

from typing import Any

from fastapi import APIRouter, Request, Response

from inbox.repositories import process
from inbox.rules.permissions import Action
from inbox.services import hiding
from inbox.web.pages import PageBuilder, page_builder
from inbox.web.rendering import desk_of, moments_of, render
from models.enums import ApplicationState, Urgency
from models.errors import ForbiddenError
from models.tables import Application, Routing

router = APIRouter(prefix="/unit")
DEEDS = {
    ApplicationState.ROUTED: "Kabul ya da iade et",
    ApplicationState.IN_PROGRESS: "Cevapla",
    ApplicationState.SCHEDULED: "Cevapla",
}
"""What the unit does next; nothing while the centre looks at its answer."""


@router.get("")
async def show(request: Request) -> Response:
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        builder.actor.require(Action.ACT_FOR_UNIT)
        unit = builder.actor.unit
        if not unit:
            raise ForbiddenError("Hesabınıza bir birim bağlanmamış; kalite birimine başvurunuz.")
        found = await hiding.as_read_by(session, builder.actor, await process.unit_list(session, unit))
        routings = await process.open_routings(session, [one.id or 0 for one in found])
        rows = [_row(builder, one, routings.get(one.id or 0)) for one in found]
        return render(request, "unit.html", {"rows": rows, "unit_name": builder.labels.unit(unit)})


def _row(builder: PageBuilder, one: Application, routing: Routing | None) -> dict[str, Any]:
    labels, moments = builder.labels, moments_of(builder.request)
    returnable = routing and one.state is ApplicationState.ROUTED and routing.return_due_at > moments.now
    return {
        "id": one.id,
        "number": one.number,
        "state": one.state,
        "state_name": labels.state(one.state),
        "topic": labels.topic(one.topic),
        "place": ", ".join(part for part in (one.district, one.neighbourhood) if part),
        "brief": one.brief,
        "due": moments.left(one.due_at),
        "return_until": moments.exact(routing.return_due_at) if routing and returnable else "",
        "deed": DEEDS.get(one.state, ""),
        "emergency": one.urgency is Urgency.EMERGENCY,
    }
