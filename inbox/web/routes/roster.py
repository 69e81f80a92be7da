"""The team leads' page: method of distribution, shifts, absences, skills, the share of surveys."""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from inbox.repositories import organisation
from inbox.rules.assignment import Method
from inbox.rules.permissions import Action
from inbox.services import assignment, roster, surveys
from inbox.services.roster import RosterLine, Skills
from inbox.web.forms import choice, number, optional_number, written
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from models.enums import SOCIAL_CHANNELS, ChannelName
from models.errors import InputError

router = APIRouter(prefix="/roster")
METHOD_NAMES = {
    Method.BY_HAND: "Elle (herkes kendisi alır, takım lideri atar)",
    Method.BY_TURN: "Sırayla (orada olanlar arasında)",
    Method.BY_SKILL: "Yetkinliğe ve yüke göre",
}
DAY_NAMES = ("Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz")


@router.get("")
async def overview(request: Request) -> Response:
    desk, actor = desk_of(request), actor_of(request)
    async with desk.database.read() as session:
        lines = await roster.overview(session, actor, now=desk.clock.now(), zone=desk.profile.time_zone)
        context = {
            "method": await assignment.method(session),
            "methods": METHOD_NAMES,
            "survey_percent": round(100 * await surveys.share(session)),
            "topics": await organisation.all_topics(session),
        }
    channels = {channel: desk.profile.texts["channels"][channel] for channel in SOCIAL_CHANNELS}
    rows = [_row(line, request) for line in lines]
    return render(request, "roster.html", {**context, "rows": rows, "day_names": DAY_NAMES, "channels": channels})


@router.post("/method")
async def set_method(request: Request) -> Response:
    async with desk_of(request).database.write() as session:
        await assignment.set_method(session, actor_of(request), choice(request, "method", Method))
    return see_other("/roster?notice=saved")


@router.post("/surveys")
async def set_share(request: Request) -> Response:
    actor_of(request).require(Action.MANAGE_ROSTER)
    async with desk_of(request).database.write() as session:
        await surveys.set_share(session, actor_of(request), percent=number(request, "percent"))
    return see_other("/roster?notice=saved")


@router.post("/people/{user_id}/shifts")
async def add_shift(request: Request, user_id: int) -> Response:
    """`day0` … `day6` are boxes; none ticked means every day."""
    async with desk_of(request).database.write() as session:
        await roster.add_shift(
            session,
            actor_of(request),
            user_id=user_id,
            starts=written(request, "starts"),
            ends=written(request, "ends"),
            weekdays=[day for day in range(7) if written(request, f"day{day}")],
        )
    return see_other("/roster?notice=saved")


@router.post("/shifts/{shift_id}/remove")
async def remove_shift(request: Request, shift_id: int) -> Response:
    async with desk_of(request).database.write() as session:
        await roster.remove_shift(session, actor_of(request), shift_id=shift_id)
    return see_other("/roster?notice=saved")


@router.post("/people/{user_id}/absences")
async def add_absence(request: Request, user_id: int) -> Response:
    """Local times; without an end it lasts until somebody ends it."""
    desk = desk_of(request)
    actor_of(request).require(Action.MANAGE_ROSTER)
    async with desk.database.write() as session:
        await roster.add_absence(
            session,
            actor_of(request),
            user_id=user_id,
            starts_at=_moment(request, "starts") or desk.clock.now(),
            ends_at=_moment(request, "ends"),
            reason=written(request, "reason"),
        )
    return see_other("/roster?notice=saved")


@router.post("/absences/{absence_id}/end")
async def end_absence(request: Request, absence_id: int) -> Response:
    desk = desk_of(request)
    async with desk.database.write() as session:
        await roster.end_absence(session, actor_of(request), absence_id=absence_id, now=desk.clock.now())
    return see_other("/roster?notice=saved")


@router.post("/people/{user_id}/skills")
async def set_skills(request: Request, user_id: int) -> Response:
    """`channel_<name>` and `topic_<id>` are boxes; none ticked means everything."""
    actor_of(request).require(Action.MANAGE_ROSTER)
    form = request.state.form
    skills = Skills(
        channels=frozenset(channel for channel in ChannelName if form.get(f"channel_{channel}")),
        topics=frozenset(name.removeprefix("topic_") for name in form if name.startswith("topic_")),
        most_open=optional_number(request, "most_open"),
    )
    async with desk_of(request).database.write() as session:
        await roster.set_skills(session, actor_of(request), user_id=user_id, skills=skills)
    return see_other("/roster?notice=saved")


def _moment(request: Request, name: str) -> datetime | None:
    """A local time as browsers send it (`2026-11-23T09:00`)."""
    value = written(request, name).strip()
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=desk_of(request).profile.time_zone)
    except ValueError as error:
        raise InputError("Tarihi ve saati 2026-11-23 09:00 biçiminde yazınız. İzin kaydedilmedi.") from error


def _row(line: RosterLine, request: Request) -> dict[str, object]:
    moments, user = moments_of(request), line.user
    return {
        "user": user,
        "is_there": line.is_there,
        "load": line.load,
        "shifts": [
            (
                one.id,
                f"{one.starts}–{one.ends}".replace(":", "."),
                ", ".join(DAY_NAMES[day] for day in one.weekdays) or "her gün",
            )
            for one in line.shifts
        ],
        "absences": [
            (one.id, moments.exact(one.starts_at), moments.exact(one.ends_at) if one.ends_at else "", one.reason)
            for one in line.absences
        ],
    }
