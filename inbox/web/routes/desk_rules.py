"""«Kurallar»: what needs approval, and days of administrative leave."""

from datetime import date

from fastapi import APIRouter, Request, Response

from inbox.repositories import accounts, deadlines, organisation
from inbox.rules.permissions import Action
from inbox.services import desk_rules
from inbox.web.forms import written
from inbox.web.pages import office_labels
from inbox.web.rendering import actor_of, desk_of, render, see_other
from inbox.web.visitors import where_of
from models.enums import ChannelName
from models.errors import InputError

router = APIRouter(prefix="/rules")


@router.get("")
async def show(request: Request) -> Response:
    async with desk_of(request).database.read() as session:
        actor_of(request).require(Action.MANAGE_ORGANISATION)
        labels = await office_labels(request, session)
        chosen = await accounts.setting(session, organisation.APPROVAL_CHANNELS, default=[])
        context = {
            "channels": [(one.value, labels.channel(one), one in chosen) for one in ChannelName],
            "replies": await accounts.setting(session, organisation.APPROVES_REPLIES, default=False),
            "leave": [(day.isoformat(), f"{day:%d.%m.%Y}", why) for day, why in await deadlines.leave_days(session)],
        }
        return render(request, "desk_rules.html", context)


@router.post("/approval")
async def set_approval(request: Request) -> Response:
    desk, actor = desk_of(request), actor_of(request, may=Action.MANAGE_ORGANISATION)
    channels = [one for one in ChannelName if written(request, f"channel-{one}")]
    async with desk.database.write() as session:
        await desk_rules.set_approval(
            session, actor, channels=channels, replies=bool(written(request, "replies")), now=desk.clock.now(),
            where=where_of(request),
        )  # fmt: skip
    return see_other("/rules?notice=rules_saved")


@router.post("/leave")
async def add_leave(request: Request) -> Response:
    desk, actor = desk_of(request), actor_of(request, may=Action.MANAGE_ORGANISATION)
    async with desk.database.write() as session:
        await desk_rules.add_leave(
            session, actor, day=_day(request), reason=written(request, "reason"), profile=desk.profile,
            now=desk.clock.now(), where=where_of(request),
        )  # fmt: skip
    return see_other("/rules?notice=rules_saved")


@router.post("/leave/remove")
async def remove_leave(request: Request) -> Response:
    desk, actor = desk_of(request), actor_of(request, may=Action.MANAGE_ORGANISATION)
    async with desk.database.write() as session:
        await desk_rules.remove_leave(
            session, actor, day=_day(request), profile=desk.profile, now=desk.clock.now(), where=where_of(request)
        )
    return see_other("/rules?notice=rules_saved")


def _day(request: Request) -> date:
    try:
        return date.fromisoformat(written(request, "day"))
    except ValueError as error:
        raise InputError("Günü gün, ay ve yıl olarak yazınız.") from error
