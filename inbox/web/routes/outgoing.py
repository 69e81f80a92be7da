"""Other ways out than the answer: a private message to a comment's writer, and what to do with uncertain texts."""

from fastapi import APIRouter, Request, Response

from inbox.rules.permissions import Action
from inbox.services import private_replies, reading, unresolved
from inbox.services.unresolved import SendDecision
from inbox.web.forms import choice, number, written
from inbox.web.opened import Opened
from inbox.web.pages import PageBuilder, page_builder
from inbox.web.rendering import desk_of, render
from inbox.web.reviewing import checks_of_replies, rules_of
from inbox.web.routes.applications import change_application, now_of
from inbox.web.views.composer import measure
from models.enums import Surface
from models.errors import ConflictError
from models.tables import Application

router = APIRouter(prefix="/applications/{application_id}")
NOT_CONNECTED = "Hesap şu anda bağlı değil; özel mesaj gönderilemez. Metniniz duruyor."


@router.post("/private")
async def reply_privately(request: Request, application_id: int) -> Response:
    """One private message to the newest comment, to leave in ten seconds, or by the approval desk."""
    review = await checks_of_replies(request)

    async def change(builder: PageBuilder, application: Application) -> str:
        connector = desk_of(request).connectors.get(application.account_id or 0)
        if connector is None:
            raise ConflictError(NOT_CONNECTED)
        text, facts, now = written(request, "text"), connector.facts, now_of(request)
        if review:
            await private_replies.submit_private_reply(
                builder.session, application, builder.actor, text=text, facts=facts, desk=review,
                rules=await rules_of(request, builder.session), now=now,
            )  # fmt: skip
            return "reply_submitted"
        await private_replies.send_private_reply(
            builder.session, application, builder.actor, text=text, facts=facts, now=now
        )
        return "private_queued"

    return await change_application(request, application_id, change, needs=Action.ANSWER)


@router.post("/private/measure")
async def measured(request: Request, application_id: int) -> Response:
    """The text's length by the measure of private messages."""
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        builder.actor.require(Action.ANSWER)
        opened = Opened(builder=builder, file=await reading.open_file(session, application_id, builder.actor))
        text = written(request, "text").replace("\r\n", "\n")
        count = measure(text, opened.facts_of(Surface.DIRECT))
        return render(request, "_count.html", {"count": count, "count_id": "private-count"})


@router.post("/decide")
async def decide(request: Request, application_id: int) -> Response:
    """`decision` on the text `item` that failed, or of which nobody knows: send `again`, or count as `sent`."""

    async def change(builder: PageBuilder, application: Application) -> str:
        decision = choice(request, "decision", SendDecision)
        await unresolved.decide(
            builder.session,
            application,
            builder.actor,
            item_id=number(request, "item"),
            decision=decision,
            now=now_of(request),
            profile=desk_of(request).profile,
        )
        return "queued" if decision is SendDecision.AGAIN else "counted"

    return await change_application(request, application_id, change, needs=Action.ANSWER)
