"""Server-sent events: ids of what changed, to those who may see it. Never personal data; a lost event does no harm."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from inbox.repositories import applications
from inbox.rules.permissions import Action, Actor
from inbox.web.desk import Desk
from inbox.web.rendering import desk_of
from models.errors import ForbiddenError

router = APIRouter()
HEARTBEAT = 15.0
"""Real seconds between comments that keep proxies from closing a quiet stream."""
RETRY_MILLISECONDS = 2000


@router.get("/events")
async def events(request: Request) -> StreamingResponse:
    actor: Actor = request.state.log_in.actor
    if not actor.reach:
        raise ForbiddenError("Hesabınız için gelen kutusu yetkisi tanımlı değil.")
    stream = _stream(desk_of(request), actor, request.app.state.closing)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _stream(desk: Desk, actor: Actor, closing: asyncio.Event) -> AsyncIterator[str]:
    """Until the reader goes or the server closes."""
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    listening = aiter(desk.bus.listen())
    news, end = asyncio.ensure_future(anext(listening)), asyncio.ensure_future(closing.wait())
    try:
        while not end.done():
            await asyncio.wait({news, end}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if not news.done():
                yield ": still here\n\n"
                continue
            topic, data = news.result()
            news = asyncio.ensure_future(anext(listening))
            if topic == "application" and await _may_hear(desk, actor, data):
                yield f"event: application\ndata: {json.dumps(_told(data))}\n\n"
    finally:
        news.cancel()
        end.cancel()


def _told(data: dict[str, Any]) -> dict[str, Any]:
    return {"id": data.get("id"), "what": data.get("what", "changed"), "emergency": bool(data.get("emergency"))}


async def _may_hear(desk: Desk, actor: Actor, data: dict[str, Any]) -> bool:
    """Everything for the desk; for a unit its own applications alone."""
    if actor.may(Action.SEE_INBOX):
        return True
    if data.get("id") is None:
        return False
    async with desk.database.read() as session:
        found = await applications.application(session, data["id"])
    return found is not None and actor.may_see(found)
