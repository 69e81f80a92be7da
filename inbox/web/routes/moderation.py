"""Hiding a comment and blocking its writer from the opened application. The platform is asked first, then recorded."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from inbox.repositories import conversations
from inbox.rules.permissions import Action
from inbox.rules.refusals import in_words
from inbox.services import applications, moderation
from inbox.web.forms import number, written
from inbox.web.pages import page_builder
from inbox.web.rendering import actor_of, desk_of
from inbox.web.routes.applications import now_of, shown
from models.errors import ChannelError, ConflictError, NotFoundError
from models.tables import Application

router = APIRouter(prefix="/applications/{application_id}")
Deed = Callable[[Application], Awaitable[str]]
"""Does it on the platform and here; the key of the notice that tells of it."""
NOTHING_CHANGED = "Hiçbir şey değişmedi."
HELD_HERE = "blocked_here"
"""The platform could not be told: the desk alone holds the person back."""


@router.post("/hide")
async def hide(request: Request, application_id: int) -> Response:
    """`message` is the comment; `hidden` is 1 or 0."""
    hidden = written(request, "hidden") == "1"

    async def deed(application: Application) -> str:
        message_id = number(request, "message")
        await _require_here(request, application, message_id)
        desk, actor = desk_of(request), actor_of(request)
        await moderation.set_hidden(
            desk.database, desk.connectors, actor, message_id=message_id, hidden=hidden, now=now_of(request)
        )
        return "hidden" if hidden else "unhidden"

    return await _do(request, application_id, deed, needs=Action.HIDE)


@router.post("/block")
async def block(request: Request, application_id: int) -> Response:
    """`blocked` is 1, with a `reason`, or 0."""
    blocked = written(request, "blocked") == "1"

    async def deed(application: Application) -> str:
        desk, actor = desk_of(request), actor_of(request)
        done = await moderation.set_blocked(
            desk.database,
            desk.connectors,
            actor,
            conversation_id=application.conversation_id or 0,
            blocked=blocked,
            reason=written(request, "reason"),
            now=now_of(request),
        )
        if not blocked:
            return "unblocked"
        return "blocked" if done.on_platform else HELD_HERE

    return await _do(request, application_id, deed, needs=Action.BLOCK)


async def _do(request: Request, application_id: int, deed: Deed, *, needs: Action) -> Response:
    """Not in one transaction: the platform is called in between."""
    desk = desk_of(request)
    async with desk.database.read() as session:
        builder = await page_builder(request, session)
        builder.actor.require(needs)
        application = await applications.read(session, application_id, builder.actor)
    try:
        done = await deed(application)
    except ChannelError as error:
        raise ConflictError(f"{in_words(error)} {NOTHING_CHANGED}") from error
    async with desk.database.read() as session:
        builder = await page_builder(request, session)
        application = await applications.read(session, application_id, builder.actor)
        response = await shown(builder, application, done)
    await desk.bus.publish("application", {"id": application_id, "what": "changed"})
    return response


async def _require_here(request: Request, application: Application, message_id: int) -> None:
    async with desk_of(request).database.read() as session:
        found = await conversations.messages_by_id(session, [message_id])
    if not found or found[0].conversation_id != application.conversation_id:
        raise NotFoundError("Bu mesaj bu başvuruda bulunamadı.")
