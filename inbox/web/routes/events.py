"""Server-sent events: ids of what changed, to those who may see it. Never personal data; a lost event does no harm."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from inbox.repositories import applications
from inbox.rules.permissions import Action, Actor
from inbox.services import people
from inbox.services.people import LogIn
from inbox.web.desk import Desk
from inbox.web.notices import concerns, notice
from inbox.web.numbers import Numbers
from inbox.web.pages import office_labels
from inbox.web.rendering import desk_of
from models.errors import ForbiddenError

router = APIRouter()
HEARTBEAT = 15.0
"""Real seconds between comments that keep proxies from closing a quiet stream, and between looks at the log-in."""
RETRY_MILLISECONDS = 2000


@router.get("/events")
async def events(request: Request) -> StreamingResponse:
    log_in: LogIn = request.state.log_in
    if not log_in.actor.reach:
        raise ForbiddenError("Hesabınız için gelen kutusu yetkisi tanımlı değil.")
    state = request.app.state
    stream = _stream(request, log_in, state.closing, state.numbers)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(request: Request, log_in: LogIn, closing: asyncio.Event, numbers: Numbers) -> AsyncIterator[str]:
    """Until the reader goes, somebody ends her log-in, or the server closes."""
    desk = desk_of(request)
    looked_at = time.monotonic()
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    listening = aiter(desk.bus.listen())
    news, end = asyncio.ensure_future(anext(listening)), asyncio.ensure_future(closing.wait())
    try:
        while not end.done():
            await asyncio.wait({news, end}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if time.monotonic() - looked_at >= HEARTBEAT:
                looked_at = time.monotonic()
                if not await _is_still_in(desk, log_in):
                    return
            if not news.done():
                yield ": still here\n\n"
                continue
            topic, data = news.result()
            news = asyncio.ensure_future(anext(listening))
            if topic == "application":
                numbers.void()
            if topic == "application" and await _may_hear(desk, log_in.actor, data):
                told = await _told(request, log_in.actor, data)
                yield f"event: application\ndata: {json.dumps(told)}\n\n"
    finally:
        news.cancel()
        end.cancel()


async def _is_still_in(desk: Desk, log_in: LogIn) -> bool:
    async with desk.database.read() as session:
        return await people.is_still_in(session, log_in, now=desk.clock.now())


async def _told(request: Request, actor: Actor, data: dict[str, Any]) -> dict[str, Any]:
    """What happened, with the notification's words where it concerns this reader."""
    told = {"id": data.get("id"), "what": data.get("what", "changed"), "emergency": bool(data.get("emergency"))}
    if not concerns(actor, data):
        return told
    async with desk_of(request).database.read() as session:
        labels = await office_labels(request, session)
        words = await notice(session, actor, data, labels=labels)
    return {**told, "notice": words} if words else told


async def _may_hear(desk: Desk, actor: Actor, data: dict[str, Any]) -> bool:
    """Everything for the desk; for a unit its own applications alone."""
    if actor.may(Action.SEE_INBOX):
        return True
    if data.get("id") is None:
        return False
    async with desk.database.read() as session:
        found = await applications.application(session, data["id"])
    return found is not None and actor.may_see(found)
