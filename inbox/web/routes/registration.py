"""«Yeni başvuru»: applications that somebody registers by hand."""

import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from inbox.rules.permissions import Action
from inbox.services import registration
from inbox.services.registration import BY_HAND, Entry
from inbox.web.forms import choice, written
from inbox.web.pages import page_builder
from inbox.web.rendering import actor_of, desk_of, render, see_other
from inbox.web.routes.applications import correction_of
from models.enums import ChannelName
from models.errors import InputError

router = APIRouter(prefix="/register")


@router.get("")
async def show(request: Request) -> Response:
    return await _page(request)


async def _page(request: Request, mistake: InputError | None = None) -> Response:
    """The form; after a mistake with all that was typed and chosen."""
    desk = desk_of(request)
    async with desk.database.read() as session:
        builder = await page_builder(request, session)
        builder.actor.require(Action.REGISTER)
        context = {
            **await builder.filters(colleagues=False),
            "by_hand": {channel.value: builder.labels.channel(channel) for channel in BY_HAND},
            "now": desk.clock.now().astimezone(desk.profile.time_zone).strftime("%Y-%m-%dT%H:%M"),
            "form": secrets.token_hex(12),
            "made": request.query_params.get("made", ""),
            "mistake": mistake,
        }
        return render(request, "register.html", context, status=422 if mistake else 200)


@router.post("")
async def register(request: Request) -> Response:
    """Whoever works in the inbox goes on to the application; others read its number."""
    desk, actor = desk_of(request), actor_of(request, may=Action.REGISTER)
    try:
        entry = _entry(request)
        async with desk.database.write() as session:
            made = await registration.register(session, actor, entry=entry, profile=desk.profile, now=desk.clock.now())
            sees = actor.may_see(made)
    except InputError as mistake:
        return await _page(request, mistake)
    await desk.bus.publish("application", {"id": made.id, "what": "opened"})
    return see_other(f"/applications/{made.id}?notice=registered" if sees else f"/register?made={made.number}")


def _entry(request: Request) -> Entry:
    return Entry(
        channel=choice(request, "channel", ChannelName),
        text=written(request, "text"),
        labels=correction_of(request),
        received_at=_moment(written(request, "received"), desk_of(request).profile.time_zone),
        name=written(request, "name"),
        phone=written(request, "phone"),
        email=written(request, "email"),
        on_behalf_of=written(request, "on_behalf_of"),
        form=written(request, "form"),
    )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError as error:
        raise InputError("Geliş zamanını gün ve saat olarak yazınız.", field="received") from error
