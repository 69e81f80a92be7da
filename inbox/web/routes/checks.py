"""The check queue: one message at a time, opened as an application or dismissed."""

from fastapi import APIRouter, Request, Response

from inbox.repositories import accounts, applications, citizens, conversations
from inbox.rules.permissions import Action
from inbox.services import checks
from inbox.web.forms import written
from inbox.web.pages import page_builder
from inbox.web.rendering import NOTICES, desk_of, go, is_fragment, moments_of, render, see_other
from inbox.web.routes.applications import correction_of
from inbox.web.views.check import check_view

router = APIRouter(prefix="/checks/{message_id}")


@router.get("")
async def check(request: Request, message_id: int) -> Response:
    """The waiting message with its conversation, beside the list."""
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        conversation, waiting = await checks.waiting(session, message_id, builder.actor)
        everything = await conversations.messages_of_conversation(session, conversation.id or 0)
        view = check_view(
            conversation,
            everything,
            waiting=waiting,
            attachments=await conversations.attachments_of(session, [one.id or 0 for one in everything]),
            citizen=await citizens.citizen(session, conversation.citizen_id),
            account=await accounts.account(session, conversation.account_id or 0),
            record=await applications.classification_of_message(session, waiting[-1].id or 0),
            actor=builder.actor,
            labels=builder.labels,
            moments=moments_of(request),
        )
        context = {"check": view, "message_id": message_id, "state": builder.state, **await builder.filters()}
        if is_fragment(request):
            return render(request, "_check.html", context)
        return render(request, "inbox.html", {**await builder.shell(selected=f"m{message_id}"), **context})


@router.post("/open")
async def open_application(request: Request, message_id: int) -> Response:
    desk = desk_of(request)
    async with desk.database.write() as session:
        builder = await page_builder(request, session)
        builder.actor.require(Action.CHECK)
        application = await checks.open_from_check(
            session,
            message_id,
            builder.actor,
            labels=correction_of(request),
            profile=desk.profile,
            now=desk.clock.now(),
        )
        address = builder.state.link(f"/applications/{application.id}", notice="opened")
    await desk.bus.publish("application", {"id": application.id, "what": "opened"})
    return go(request, address)


@router.post("/dismiss")
async def dismiss(request: Request, message_id: int) -> Response:
    """Record that there is nothing to act on; offers to take it back, and the next message."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        builder = await page_builder(request, session)
        ids = await checks.confirm_dismissal(session, message_id, builder.actor, now=desk.clock.now())
        following = await conversations.next_check(session, after=message_id)
        rail = await builder.rail()
    await desk.bus.publish("application", {"id": None, "what": "changed"})
    if not is_fragment(request):
        return see_other(builder.state.link("/inbox", view="review", notice="dismissed"))
    context = {
        "notice": NOTICES["dismissed"],
        "undo": (builder.state.link(f"/checks/{message_id}/restore"), {"messages": ",".join(map(str, ids))}),
        "following": following,
        "keys": [f"m{one}" for one in ids],
    }
    return render(request, "_check_done.html", {**context, **rail, "oob": True})


@router.post("/restore")
async def restore(request: Request, message_id: int) -> Response:
    """Take a dismissal back. `messages` are the ids that it covered."""
    ids = [int(one) for one in written(request, "messages").split(",") if one.isdecimal()] or [message_id]
    async with desk_of(request).database.write() as session:
        builder = await page_builder(request, session)
        await checks.undo_dismissal(session, ids, builder.actor)
    return go(request, builder.state.link(f"/checks/{message_id}", view="review", notice="restored"))
