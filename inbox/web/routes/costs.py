"""What the platforms cost, and how much of it a day may cost."""

from fastapi import APIRouter, Request, Response

from inbox.rules.permissions import Action
from inbox.services import costs, switches
from inbox.web.forms import number, written
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.views.costs import cost_row

router = APIRouter(prefix="/accounts/costs")


@router.get("")
async def show(request: Request) -> Response:
    """Today against the limit, what was paused and why, and the last thirty days."""
    actor_of(request).require(Action.SET_UP)
    moments = moments_of(request)
    async with desk_of(request).database.read() as session:
        found = await costs.overview(session, now=moments.now)
    names = desk_of(request).profile.texts["channels"]
    rows = [cost_row(one, channel=names[one.account.channel], moments=moments) for one in found]
    return render(request, "costs.html", {"rows": rows})


@router.post("")
async def set_money(request: Request) -> Response:
    """`budget` dollars a day and `price` dollars of one text of an `account`; empty takes them away."""
    actor = actor_of(request)
    actor.require(Action.SET_UP)
    desk = desk_of(request)
    async with desk.database.write() as session:
        await switches.set_money(
            session,
            actor,
            number(request, "account"),
            budget=written(request, "budget"),
            price=written(request, "price"),
            now=desk.clock.now(),
        )
    return see_other("/accounts/costs?notice=saved")
