"""Pano: a screen on the wall of the desk. Reads itself anew; holds no citizen's data."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from inbox.repositories import accounts, wall
from inbox.rules.permissions import Action
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, is_fragment, moments_of, render
from inbox.web.views.labels import GLYPHS
from models.enums import AccountState

router = APIRouter()
TALLEST = 100
"""Height of the highest bar, in the drawing's units."""


@router.get("/wall")
async def show(request: Request) -> Response:
    actor = actor_of(request)
    actor.require(Action.SEE_WALL)
    moments = moments_of(request)
    day_end, _ = moments.ends()
    async with desk_of(request).database.read() as session:
        labels = await office_labels(request, session)
        figures = await wall.figures(session, day_start=day_end - timedelta(days=1), day_end=day_end, now=moments.now)
        channels = [
            (GLYPHS[one.channel], one.channel, one.name, one.state is AccountState.OK)
            for one in await accounts.all_accounts(session)
            if one.enabled
        ]
    highest = max(1, *figures.by_hour)
    context = {
        "figures": figures,
        "bars": [(hour, count, round(count * TALLEST / highest)) for hour, count in enumerate(figures.by_hour)],
        "today": sum(figures.by_hour),
        "channels": channels,
        "incidents": [(one, labels.short_topic(one.topic), moments.age(one.began_at)) for one in figures.incidents],
        "clock": moments.clock(moments.now),
    }
    return render(request, "_wall.html" if is_fragment(request) else "wall.html", context)
