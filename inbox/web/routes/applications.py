"""What people do with an application: a POST each. The answer is its page again, or for htmx its pane."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from inbox.rules.permissions import Action
from inbox.services import applications, approval, mentions, places, reading, snoozing, telling, writing_aids
from inbox.services.applications import Correction
from inbox.services.findings import ReviewDesk
from inbox.web import attaching
from inbox.web.forms import choice, number, optional_number, snooze_until, written
from inbox.web.opened import Opened
from inbox.web.pages import PageBuilder, page_builder
from inbox.web.rendering import NOTICES, actor_of, desk_of, is_fragment, render, see_other
from inbox.web.reviewing import checks_of_replies, given_by_of, rules_of
from models.enums import Kind, Outcome, Urgency
from models.errors import ConflictError
from models.tables import Application, StaffFile

router = APIRouter(prefix="/applications/{application_id}")
Change = Callable[[PageBuilder, Application], Awaitable[str]]
"""Carries a change out; the key of the notice that tells of it."""


async def change_application(
    request: Request, application_id: int, change: Change, *, needs: Action | None, revealed: bool = False
) -> Response:
    """One transaction: read the application, change it, and show what it is now. The service asks the right, too."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        builder = await page_builder(request, session)
        if needs:
            builder.actor.require(needs)
        application = await applications.read(session, application_id, builder.actor, change=True)
        done = await change(builder, application)
        await session.flush()
        response = await shown(builder, application, done, revealed=revealed)
    await desk.bus.publish("application", {"id": application_id, "what": "changed"})
    return response


async def shown(builder: PageBuilder, application: Application, done: str, *, revealed: bool = False) -> Response:
    """The application's page after a change, with the notice `done`; for htmx its pane."""
    request = builder.request
    if not is_fragment(request) and not revealed:
        return see_other(builder.state.link(f"/applications/{application.id}", notice=done))
    file = await reading.changed_file(builder.session, application, builder.actor, revealed=revealed)
    context: dict[str, Any] = await Opened(builder=builder, file=file).work(revealed=revealed)
    if not is_fragment(request):
        return render(request, "inbox.html", {**context, **await builder.shell(selected=f"a{application.id}")})
    row = await builder.row(application.id or 0)
    context |= {"notice": NOTICES.get(done, ""), "row": row, "selected": f"a{application.id}", "oob": True}
    return render(request, "_work_changed.html", {**context, **await builder.rail()})


@router.post("/take")
async def take(request: Request, application_id: int) -> Response:
    async def change(builder: PageBuilder, application: Application) -> str:
        await applications.take(builder.session, application, builder.actor, now=now_of(request))
        return "taken"

    return await change_application(request, application_id, change, needs=Action.TAKE)


@router.post("/assign")
async def assign(request: Request, application_id: int) -> Response:
    """`user` is an id, or empty for nobody."""

    async def change(builder: PageBuilder, application: Application) -> str:
        user_id = optional_number(request, "user")
        await applications.assign(builder.session, application, builder.actor, user_id=user_id, now=now_of(request))
        return "assigned" if user_id else "released"

    return await change_application(request, application_id, change, needs=Action.TAKE)


@router.post("/snooze")
async def snooze(request: Request, application_id: int) -> Response:
    """Lay it aside until the morning that is so many `days` ahead."""

    async def change(builder: PageBuilder, application: Application) -> str:
        until = snooze_until(request)
        await snoozing.lay_aside(builder.session, application, builder.actor, until=until, now=now_of(request))
        return "snoozed"

    return await change_application(request, application_id, change, needs=Action.TAKE)


@router.post("/bring-back")
async def bring_back(request: Request, application_id: int) -> Response:
    async def change(builder: PageBuilder, application: Application) -> str:
        await snoozing.bring_back(builder.session, application, builder.actor, now=now_of(request))
        return "brought_back"

    return await change_application(request, application_id, change, needs=Action.TAKE)


@router.post("/correct")
async def correct(request: Request, application_id: int) -> Response:
    async def change(builder: PageBuilder, application: Application) -> str:
        await applications.correct(
            builder.session,
            application,
            builder.actor,
            correction=correction_of(request),
            profile=desk_of(request).profile,
            seen_version=number(request, "version"),
            now=now_of(request),
        )
        return "corrected"

    return await change_application(request, application_id, change, needs=Action.CORRECT)


@router.post("/answer")
async def answer(request: Request, application_id: int) -> Response:
    """Queue it; where replies need approval it goes to the approval desk instead."""
    review = await checks_of_replies(request)
    files = await attaching.for_citizen(request, application_id)

    async def change(builder: PageBuilder, application: Application) -> str:
        if review:
            return await _submit_answer(builder, application, review, files)
        file = await reading.changed_file(builder.session, application, builder.actor)
        item_id = await applications.send_answer(
            builder.session,
            application,
            builder.actor,
            text=written(request, "text"),
            facts=Opened(builder=builder, file=file).facts,
            seen_version=number(request, "version"),
            now=now_of(request),
            given_by=given_by_of(request),
            files=files,
        )
        await writing_aids.forget_unsent(builder.session, application, builder.actor)
        return "queued" if item_id else "given"

    try:
        return await change_application(request, application_id, change, needs=Action.ANSWER)
    except ConflictError:
        await _keep_written(request, application_id)
        raise


async def _keep_written(request: Request, application_id: int) -> None:
    """What she wrote waits for her, wherever she opens the application again."""
    desk = desk_of(request)
    async with desk.database.write() as session:
        builder = await page_builder(request, session)
        application = await applications.read(session, application_id, builder.actor)
        text = written(request, "text")
        await writing_aids.keep_unsent(session, application, builder.actor, text=text, now=desk.clock.now())


async def _submit_answer(
    builder: PageBuilder, application: Application, review: ReviewDesk, files: Sequence[StaffFile]
) -> str:
    request = builder.request
    applications.check_answer(application, builder.actor, seen_version=number(request, "version"))
    rules = await rules_of(request, builder.session)
    await approval.submit_reply(
        builder.session, application, builder.actor, text=telling.written(written(request, "text")), desk=review,
        rules=rules, now=now_of(request), files=files,
    )  # fmt: skip
    await writing_aids.forget_unsent(builder.session, application, builder.actor)
    return "reply_submitted"


@router.post("/undo")
async def undo(request: Request, application_id: int) -> Response:
    """Take an answer back before it leaves."""

    async def change(builder: PageBuilder, application: Application) -> str:
        item_id = number(request, "item")
        await applications.undo_answer(
            builder.session, application, builder.actor, item_id=item_id, now=now_of(request)
        )
        return "undone"

    approves = actor_of(request).may(Action.APPROVE)
    return await change_application(request, application_id, change, needs=None if approves else Action.ANSWER)


@router.post("/note")
async def note(request: Request, application_id: int) -> Response:
    told: list[int] = []

    async def change(builder: PageBuilder, application: Application) -> str:
        text = written(request, "text")
        note = await applications.add_note(builder.session, application, builder.actor, text=text, now=now_of(request))
        told.extend(await mentions.mention_named(builder.session, note, application, now=now_of(request)))
        return "noted_and_told" if told else "noted"

    response = await change_application(request, application_id, change, needs=Action.NOTE)
    if told:
        await desk_of(request).bus.publish("application", {"id": application_id, "what": "mentioned", "users": told})
    return response


@router.post("/close")
async def close(request: Request, application_id: int) -> Response:
    async def change(builder: PageBuilder, application: Application) -> str:
        await applications.close(
            builder.session,
            application,
            builder.actor,
            outcome=choice(request, "outcome", Outcome),
            note=written(request, "text"),
            seen_version=number(request, "version"),
            now=now_of(request),
        )
        return "closed"

    return await change_application(request, application_id, change, needs=Action.CLOSE)


@router.post("/reopen")
async def reopen(request: Request, application_id: int) -> Response:
    async def change(builder: PageBuilder, application: Application) -> str:
        await applications.reopen(builder.session, application, builder.actor, now=now_of(request))
        return "reopened"

    return await change_application(request, application_id, change, needs=Action.REOPEN)


@router.post("/place")
async def take_place(request: Request, application_id: int) -> Response:
    """The position of a picture or place that the citizen sent becomes the application's."""

    async def change(builder: PageBuilder, application: Application) -> str:
        now = now_of(request)
        if file_id := optional_number(request, "file"):
            await places.take_place_of_look(builder.session, application, builder.actor, file_id=file_id, now=now)
            return "placed"
        attachment_id = number(request, "attachment")
        await places.take_place(builder.session, application, builder.actor, attachment_id=attachment_id, now=now)
        return "placed"

    return await change_application(request, application_id, change, needs=Action.CORRECT)


def correction_of(request: Request) -> Correction:
    """The labels of a form. Raises InputError where one is missing."""
    return Correction(
        kind=choice(request, "kind", Kind),
        topic=written(request, "topic"),
        unit=written(request, "unit"),
        urgency=choice(request, "urgency", Urgency),
        district=written(request, "district") or None,
    )


def now_of(request: Request) -> datetime:
    return desk_of(request).clock.now()
