"""The approval desk's page: what waits, with what the checks found, to approve (perhaps corrected) or give back."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications as rows
from inbox.repositories import conversations, people, process, staff_files
from inbox.rules.permissions import Action, Actor
from inbox.services import applications, approval, approved_replies, incident_answers, letters
from inbox.services.approval import Letter
from inbox.services.approved_replies import LetGo
from inbox.services.telling import GIVEN_NAMES
from inbox.web.forms import written
from inbox.web.pages import PageBuilder, page_builder
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.reviewing import given_by_of, rules_of
from inbox.web.views.chips import file_chip
from inbox.web.views.process import SUBMISSION_NAMES, corrected_labels, submission_view
from models.enums import Urgency
from models.errors import HimError, NotFoundError
from models.personal_data import mask
from models.tables import Application, Submission

router = APIRouter(prefix="/approvals")


@router.get("")
async def show(request: Request) -> Response:
    """The queue, with one of it opened: the one that the address names (`open`), else the first."""
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        builder.actor.require(Action.APPROVE)
        queue = await process.approval_queue(session)
        place = _place(request, [one.id for one, _ in queue])
        opened = await _opened(builder, *queue[place]) if queue else None
        context = {
            "opened": opened,
            "place": place,
            "count": await process.count_waiting(session),
            "queue": [_line(builder, *one) for one in queue],
            "undo": _undo(request),
        }
        return render(request, "approvals.html", context)


def _place(request: Request, ids: Sequence[int | None]) -> int:
    wanted = request.query_params.get("open", "")
    return ids.index(int(wanted)) if wanted.isdecimal() and int(wanted) in ids else 0


def _line(builder: PageBuilder, submission: Submission, one: Application) -> dict[str, Any]:
    """One of the queue as its list shows it."""
    return {
        "id": submission.id,
        "number": one.number,
        "topic": builder.labels.short_topic(one.topic),
        "name": SUBMISSION_NAMES[submission.kind],
        "emergency": one.urgency is Urgency.EMERGENCY,
    }


def _undo(request: Request) -> tuple[int, int] | None:
    """(application, outbox row) of an answer that was approved a moment ago, to take it back."""
    found = re.fullmatch(r"(\d{1,18})-(\d{1,18})", request.query_params.get("undo", ""))
    return (int(found[1]), int(found[2])) if found else None


async def _opened(builder: PageBuilder, submission: Submission, one: Application) -> dict[str, Any]:
    session, labels = builder.session, builder.labels
    names = await people.names(session, [submission.submitted_by] if submission.submitted_by else [])
    place = await conversations.conversation(session, one.conversation_id) if one.conversation_id else None
    files = await staff_files.of_submissions(session, [submission.id or 0])
    incident_id, text = submission.incident_id, submission.text
    return {
        **_line(builder, submission, one),
        "view": submission_view(submission, names, labels, moments_of(builder.request)),
        "application_id": one.id,
        "channel": labels.channel(one.channel),
        "words": mask(one.summary),
        "incident": incident_id,
        "reach": len(await incident_answers.to_be_answered(session, incident_id, text=text)) if incident_id else 0,
        "files": [file_chip(file) for file in files],
        "corrected": corrected_labels(one, await rows.machine_classification(session, one.id or 0), labels),
        "has_channel": place is not None and place.account_id is not None,
        "given": {way.value: name for way, name in GIVEN_NAMES.items()},
    }


@router.post("/{submission_id}/approve")
async def approve(request: Request, submission_id: int) -> Response:
    """The letter for a receiver outside the inbox is written before the transaction; it goes where that fails."""
    desk, actor = desk_of(request), actor_of(request, may=Action.APPROVE)
    letter = await _letter(request, submission_id, actor)
    try:
        async with desk.database.write() as session:
            submission, application = await _waiting(session, submission_id, actor)
            done = await _approve(request, session, submission, application, letter)
    except HimError:
        if letter and desk.files:
            await desk.files.delete(letter.stored_as)
        raise
    for changed in {application.id, *(one.application_id for one in done.reached)}:
        await desk.bus.publish("application", {"id": changed, "what": "changed"})
    missed = any(one.problem for one in done.reached)
    undo = f"{application.id}-{done.item_id}" if done.item_id else ""
    return _next(request, "approved_partly" if missed else "approved", undo=undo)


async def _approve(
    request: Request, session: AsyncSession, submission: Submission, application: Application, letter: Letter | None
) -> LetGo:
    actor, text, now = actor_of(request, may=Action.APPROVE), written(request, "text"), desk_of(request).clock.now()
    if submission.kind.is_reply:
        facts, given_by = desk_of(request).facts, given_by_of(request)
        return await approved_replies.approve(
            session, submission, application, actor, text=text, facts=facts, given_by=given_by, now=now
        )
    rules = await rules_of(request, session)
    await approval.approve_routing(
        session, submission, application, actor, text=text, letter=letter, rules=rules, now=now
    )
    return LetGo()


@router.post("/{submission_id}/reject")
async def reject(request: Request, submission_id: int) -> Response:
    desk, actor = desk_of(request), actor_of(request, may=Action.APPROVE)
    async with desk.database.write() as session:
        submission, application = await _waiting(session, submission_id, actor)
        reason = written(request, "reason")
        await approval.reject(session, submission, application, actor, reason=reason, now=desk.clock.now())
    await desk.bus.publish("application", {"id": application.id, "what": "changed"})
    return _next(request, "rejected")


def _next(request: Request, notice: str, *, undo: str = "") -> Response:
    """The one behind the decided one, where she had left the front of the queue; else whatever is first now."""
    params = {"notice": notice, "undo": undo, "open": written(request, "following")}
    return see_other(f"/approvals?{urlencode({name: value for name, value in params.items() if value})}")


async def _waiting(session: AsyncSession, submission_id: int, actor: Actor) -> tuple[Submission, Application]:
    submission = await approval.waiting(session, submission_id, actor)
    return submission, await applications.read(session, submission.application_id, actor, change=True)


async def _letter(request: Request, submission_id: int, actor: Actor) -> Letter | None:
    """None where the receiver's people work in the inbox."""
    desk = desk_of(request)
    async with desk.database.read() as session:
        submission, application = await _waiting(session, submission_id, actor)
        if submission.kind.is_reply:
            return None
        unit = await letters.needed_for(session, application)
        if unit is None:
            return None
        text = await letters.letter_for(
            session, application, unit, brief=written(request, "text"), profile=desk.profile, now=desk.clock.now()
        )
    if desk.files is None:
        raise NotFoundError("Bu kurulumda belgelerin saklanacağı bir yer yok.")
    return await letters.print_letter(desk.files, text)
