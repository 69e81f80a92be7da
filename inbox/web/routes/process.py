"""The steps of an application: a page with exactly those that are offered, a POST each."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession
from starlette.background import BackgroundTask

from inbox.repositories import applications as rows
from inbox.rules.answer_files import WORK_FILES
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import applications, approval, pauses, process_file, responses, routing
from inbox.services.deadlines import DeadlineRules
from inbox.services.findings import ReviewDesk
from inbox.services.staff_files import is_unsent
from inbox.services.steps import allow
from inbox.web import attaching
from inbox.web.forms import choice, chosen_files, number, written
from inbox.web.pages import PageBuilder, page_builder
from inbox.web.rendering import actor_of, desk_of, moments_of, render, see_other
from inbox.web.reviewing import given_by_of, review_desk_of, rules_of, surface_facts
from inbox.web.views.chips import file_chip
from inbox.web.views.composer import takes
from inbox.web.views.process import process_view
from models.channel_facts import SurfaceFacts
from models.enums import Outcome, SubmissionKind
from models.errors import InputError, NotFoundError
from models.tables import Application, StaffFile

router = APIRouter(prefix="/applications/{application_id}/steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One posted step with all that a service may ask for."""

    request: Request
    session: AsyncSession
    actor: Actor
    application: Application
    rules: DeadlineRules
    facts: SurfaceFacts | None
    review: ReviewDesk | None
    files: Sequence[StaffFile]
    """What the form brought, stored."""
    now: datetime

    def text(self, name: str = "text") -> str:
        return written(self.request, name)

    @property
    def version(self) -> int:
        return number(self.request, "version")


@router.get("")
async def show(request: Request, application_id: int) -> Response:
    """Behind a page from which somebody may submit, the approval checks are made ready."""
    async with desk_of(request).database.read() as session:
        builder = await page_builder(request, session)
        application = await applications.read(session, application_id, builder.actor)
        file = await process_file.read_process(session, application, builder.actor)
        view = process_view(file, actor=builder.actor, labels=builder.labels, moments=moments_of(request))
        chips = {one.id: [(row.id, file_chip(row)) for row in file.files if row.response_id == one.id]
                 for one in file.responses}  # fmt: skip
        context = {"application": file.application, "file": file, "view": view, **await _choices(builder)}
        unsent = [file_chip(row) for row in file.files if is_unsent(row)]
        context |= {"response_files": chips, "unsent_files": unsent, "takes": takes(WORK_FILES)}
        context["row"] = await builder.row(application_id)
    response = render(request, "steps.html", context)
    if Step.SUBMIT in file.steps:
        response.background = BackgroundTask(review_desk_of, request)
    return response


async def _choices(builder: PageBuilder) -> dict[str, object]:
    return {
        **await builder.filters(colleagues=False),
        "outcomes": {outcome: builder.labels.outcome(outcome) for outcome in Outcome},
        "Step": Step,
    }


@router.post("/{name}")
async def take(request: Request, application_id: int, name: str) -> Response:
    """One transaction. Whoever does not see the application any more goes back to her list."""
    deed_of = DEEDS.get(name)
    if deed_of is None:
        raise NotFoundError("Böyle bir adım yok.")
    desk = desk_of(request)
    review = await review_desk_of(request) if name == "submit" else None
    files = await _files(request, application_id, name)
    async with desk.database.write() as session:
        builder = await page_builder(request, session)
        application = await applications.read(session, application_id, builder.actor, change=True)
        deed = Deed(
            request=request,
            session=session,
            actor=builder.actor,
            application=application,
            rules=await rules_of(request, session),
            facts=await surface_facts(request, session, application),
            review=review,
            files=files,
            now=desk.clock.now(),
        )
        done = await deed_of(deed)
        sees = builder.actor.may_see(application)
    await desk.bus.publish("application", {"id": application_id, "what": "changed"})
    return see_other(f"/applications/{application_id}/steps?notice={done}" if sees else f"/unit?notice={done}")


async def _files(request: Request, application_id: int, name: str) -> Sequence[StaffFile]:
    """What the desk passes on, or what a unit sends of its work."""
    if name == "pass_interim":
        return await attaching.for_citizen(request, application_id, beside_unsent=False)
    chosen = chosen_files(request, "files")
    if chosen:
        async with desk_of(request).database.read() as session:
            actor = actor_of(request)
            application = await applications.read(session, application_id, actor)
            allow(application, Step.INTERIM if name == "interim" else Step.UNIT_ANSWER, actor=actor)
    return await attaching.stored(request, chosen, application_id=application_id, limits=WORK_FILES)


async def _submit(deed: Deed) -> str:
    assert deed.review is not None
    step = await approval.submit(
        deed.session, deed.application, deed.actor, brief=deed.text(), desk=deed.review, rules=deed.rules,
        seen_version=deed.version, now=deed.now,
    )  # fmt: skip
    return "routed" if step is Step.ROUTE else "submitted"


async def _withdraw(deed: Deed) -> str:
    await approval.withdraw(
        deed.session, deed.application, deed.actor, kind=choice(deed.request, "kind", SubmissionKind), now=deed.now
    )
    return "withdrawn"


async def _accept(deed: Deed) -> str:
    await routing.accept(deed.session, deed.application, deed.actor, seen_version=deed.version, now=deed.now)
    return "accepted"


async def _return(deed: Deed) -> str:
    await routing.give_back(
        deed.session, deed.application, deed.actor, reason=deed.text(), rules=deed.rules, seen_version=deed.version,
        now=deed.now,
    )  # fmt: skip
    return "returned"


async def _interim(deed: Deed) -> str:
    await responses.give_interim(
        deed.session, deed.application, deed.actor, text=deed.text(), files=deed.files, seen_version=deed.version,
        now=deed.now,
    )  # fmt: skip
    return "sent_to_desk"


async def _ask_schedule(deed: Deed) -> str:
    await responses.ask_schedule(
        deed.session, deed.application, deed.actor, reason=deed.text(), target_date=_day(deed, "date"),
        rules=deed.rules, seen_version=deed.version, now=deed.now,
    )  # fmt: skip
    return "sent_to_desk"


async def _unit_answer(deed: Deed) -> str:
    await responses.give_answer(
        deed.session, deed.application, deed.actor, text=deed.text(), files=deed.files, seen_version=deed.version,
        now=deed.now,
    )  # fmt: skip
    return "sent_to_desk"


async def _send_back(deed: Deed) -> str:
    await responses.send_back(
        deed.session, deed.application, deed.actor, reason=deed.text(), seen_version=deed.version, now=deed.now
    )
    return "sent_back"


async def _pass_interim(deed: Deed) -> str:
    await responses.pass_interim(
        deed.session, deed.application, deed.actor, response_id=number(deed.request, "response"), text=deed.text(),
        facts=deed.facts, given_by=given_by_of(deed.request), files=deed.files, now=deed.now,
    )  # fmt: skip
    return "told"


async def _keep_interim(deed: Deed) -> str:
    key = number(deed.request, "response")
    await responses.keep_interim(deed.session, deed.application, deed.actor, response_id=key, now=deed.now)
    return "kept"


async def _consent_schedule(deed: Deed) -> str:
    await responses.consent_schedule(
        deed.session, deed.application, deed.actor, response_id=number(deed.request, "response"), text=deed.text(),
        facts=deed.facts, given_by=given_by_of(deed.request), rules=deed.rules, seen_version=deed.version,
        now=deed.now,
    )  # fmt: skip
    return "scheduled"


async def _refuse_schedule(deed: Deed) -> str:
    key = number(deed.request, "response")
    await responses.refuse_schedule(
        deed.session, deed.application, deed.actor, response_id=key, reason=deed.text(), now=deed.now
    )
    return "sent_back"


async def _redirect(deed: Deed) -> str:
    await routing.redirect(
        deed.session, deed.application, deed.actor, body=deed.text("body"), text=deed.text(),
        is_petition=bool(deed.text("petition")), facts=deed.facts, given_by=given_by_of(deed.request),
        seen_version=deed.version, now=deed.now,
    )  # fmt: skip
    return "redirected"


async def _dismiss(deed: Deed) -> str:
    await applications.dismiss(
        deed.session, deed.application, deed.actor, reason=deed.text(), seen_version=deed.version, now=deed.now
    )
    return "application_dismissed"


async def _close(deed: Deed) -> str:
    await applications.close(
        deed.session, deed.application, deed.actor, outcome=choice(deed.request, "outcome", Outcome),
        note=deed.text(), seen_version=deed.version, now=deed.now,
    )  # fmt: skip
    return "closed"


async def _reopen(deed: Deed) -> str:
    await applications.reopen(deed.session, deed.application, deed.actor, now=deed.now)
    return "reopened"


async def _pause(deed: Deed) -> str:
    await pauses.pause(
        deed.session, deed.application, deed.actor, reason=deed.text(), is_fee_notice=bool(deed.text("fee")),
        rules=deed.rules, seen_version=deed.version, now=deed.now,
    )  # fmt: skip
    return "paused"


async def _resume(deed: Deed) -> str:
    await pauses.resume(deed.session, deed.application, deed.actor, rules=deed.rules, now=deed.now)
    return "resumed"


async def _other_body(deed: Deed) -> str:
    await pauses.need_other_body(
        deed.session, deed.application, deed.actor, text=deed.text(), facts=deed.facts,
        given_by=given_by_of(deed.request), rules=deed.rules, now=deed.now,
    )  # fmt: skip
    return "told"


async def _divide(deed: Deed) -> str:
    profile = desk_of(deed.request).profile
    deed.actor.require(Action.REGISTER)
    year = deed.application.received_at.astimezone(profile.time_zone).year
    topics = await applications.topics_by_id(deed.session)
    topic = topics.get(deed.text("topic"))
    if topic is None:
        raise InputError("İkinci konunun ne olduğunu listeden seçiniz.")
    (key,) = await rows.reserve_numbers(deed.session, prefix=profile.number_prefix, year=year, count=1)
    await routing.second_matter(
        deed.session, deed.application, deed.actor, number=key, text=deed.text(), topic=topic, rules=deed.rules,
        seen_version=deed.version, now=deed.now,
    )  # fmt: skip
    return "divided"


def _day(deed: Deed, name: str) -> date:
    try:
        return date.fromisoformat(deed.text(name))
    except ValueError as error:
        raise InputError("Tarihi gün, ay ve yıl olarak yazınız.") from error


DEEDS: dict[str, Callable[[Deed], Awaitable[str]]] = {
    "submit": _submit,
    "withdraw": _withdraw,
    "accept": _accept,
    "return": _return,
    "interim": _interim,
    "ask_schedule": _ask_schedule,
    "unit_answer": _unit_answer,
    "send_back": _send_back,
    "pass_interim": _pass_interim,
    "keep_interim": _keep_interim,
    "consent_schedule": _consent_schedule,
    "refuse_schedule": _refuse_schedule,
    "redirect": _redirect,
    "dismiss": _dismiss,
    "close": _close,
    "reopen": _reopen,
    "pause": _pause,
    "resume": _resume,
    "other_body": _other_body,
    "divide": _divide,
}
"""By the last part of the address. Answering, taking, correcting and assigning have addresses of their own."""
