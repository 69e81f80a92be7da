"""What units send to the desk, and what the desk does with it (directive 004, 6a10-11, 20a)."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import process
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import deadlines, routing, staff_files, telling
from inbox.services.deadlines import DeadlineRules
from inbox.services.steps import FASTER, hand_to_desk, record, take_step
from inbox.services.telling import GivenBy
from models.channel_facts import SurfaceFacts
from models.enums import Purpose, ResponseKind, ResponseState
from models.errors import ConflictError, InputError, NotFoundError
from models.tables import Application, StaffFile, UnitResponse


async def give_answer(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    text: str,
    files: Sequence[StaffFile] = (),
    seen_version: int,
    now: datetime,
) -> UnitResponse:
    """The unit's answer goes to the desk, with pictures of the work; never straight to the citizen [İ20a]."""
    await routing.require_side(session, application, actor)
    text = telling.written(text)
    await take_step(session, application, Step.UNIT_ANSWER, actor=actor, now=now, seen_version=seen_version)
    await routing.note_taken(session, application, actor, now=now)
    await process.end_routings(session, application.id or 0, at=now)
    return await _add(session, application, actor, ResponseKind.ANSWER, text=text, files=files, now=now)


async def give_interim(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    text: str,
    files: Sequence[StaffFile] = (),
    seen_version: int,
    now: datetime,
) -> UnitResponse:
    """A word on the progress; it waits for the desk [İ6a11]."""
    await routing.require_side(session, application, actor)
    text = telling.written(text)
    await take_step(session, application, Step.INTERIM, actor=actor, now=now, seen_version=seen_version)
    return await _add(session, application, actor, ResponseKind.INTERIM, text=text, files=files, now=now)


async def ask_schedule(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    reason: str,
    target_date: date,
    rules: DeadlineRules,
    seen_version: int,
    now: datetime,
) -> UnitResponse:
    """Project work: the unit gives reason and date, and waits for the desk's consent [İ20a]."""
    await routing.require_side(session, application, actor)
    if target_date <= rules.calendar.day_of(now):
        raise InputError("Termin tarihi bugünden sonra olmalıdır.")
    if await process.waiting_response(session, application.id or 0, ResponseKind.SCHEDULE):
        raise ConflictError("Verdiğiniz termin hâlâ merkezin onayını bekliyor.")
    await take_step(
        session,
        application,
        Step.ASK_SCHEDULE,
        actor=actor,
        now=now,
        reason=reason,
        seen_version=seen_version,
        content={"date": target_date.isoformat()},
    )
    return await _add(
        session, application, actor, ResponseKind.SCHEDULE, text=reason.strip(), target_date=target_date, now=now
    )


async def _add(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    kind: ResponseKind,
    *,
    text: str,
    now: datetime,
    target_date: date | None = None,
    files: Sequence[StaffFile] = (),
) -> UnitResponse:
    response = UnitResponse(
        application_id=application.id or 0,
        unit=application.routed_unit or "",
        kind=kind,
        text=text,
        target_date=target_date,
        user_id=actor.user_id,
        created_at=now,
    )
    hand_to_desk(application)
    await process.add(session, response)
    await staff_files.keep(session, files, response_id=response.id)
    return response


async def send_back(
    session: AsyncSession, application: Application, actor: Actor, *, reason: str, seen_version: int, now: datetime
) -> None:
    """The answer is not fit for the citizen: back to the unit, with the reason [İ6a10, İ20a]."""
    response = await process.waiting_response(session, application.id or 0, ResponseKind.ANSWER)
    await take_step(
        session, application, Step.SEND_BACK, actor=actor, now=now, reason=reason, seen_version=seen_version
    )
    if response:
        _decide(session, response, actor, ResponseState.SENT_BACK, now=now, reason=reason.strip())
    await routing.resume(session, application)


async def waiting(
    session: AsyncSession, application: Application, response_id: int, kind: ResponseKind, actor: Actor
) -> UnitResponse:
    """The response on which the desk decides. Raises NotFoundError or, where somebody was faster, ConflictError."""
    actor.require(Action.REVIEW_ANSWER)
    response = await process.response_for_change(session, response_id)
    if response is None or response.application_id != application.id or response.kind is not kind:
        raise NotFoundError("Birimin böyle bir yazısı yok.")
    if response.state is not ResponseState.WAITING:
        raise ConflictError(FASTER)
    return response


async def pass_interim(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    response_id: int,
    text: str,
    facts: SurfaceFacts | None,
    given_by: GivenBy | None,
    now: datetime,
    files: Sequence[StaffFile] = (),
) -> int | None:
    """The desk passes an interim notice on, in its own words; the outbox row's id [İ6a11]."""
    response = await waiting(session, application, response_id, ResponseKind.INTERIM, actor)
    _decide(session, response, actor, ResponseState.PASSED_ON, now=now)
    item_id = await telling.tell(
        session,
        application,
        actor,
        text=text,
        purpose=Purpose.INTERIM,
        facts=facts,
        rules=None,
        now=now,
        given_by=given_by,
        files=files,
    )
    content = {"response_id": response_id, "outbox_id": item_id}
    await record(session, application, actor, "interim_passed", content, now=now)
    return item_id


async def keep_interim(
    session: AsyncSession, application: Application, actor: Actor, *, response_id: int, now: datetime
) -> None:
    """Read, and not worth a word to the citizen."""
    response = await waiting(session, application, response_id, ResponseKind.INTERIM, actor)
    _decide(session, response, actor, ResponseState.ACCEPTED, now=now)
    await record(session, application, actor, "interim_kept", {"response_id": response_id}, now=now)


async def consent_schedule(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    response_id: int,
    text: str,
    facts: SurfaceFacts | None,
    given_by: GivenBy | None,
    rules: DeadlineRules,
    seen_version: int,
    now: datetime,
) -> int | None:
    """The desk agrees to the date and tells the citizen; the limit moves once that text has left in time [İ20a]."""
    response = await waiting(session, application, response_id, ResponseKind.SCHEDULE, actor)
    assert response.target_date is not None
    if response.target_date <= rules.calendar.day_of(now):
        raise InputError("Birimin istediği tarih geçti; gerekçesiyle kabul etmeyiniz, birim yeni bir tarih istesin.")
    await take_step(
        session,
        application,
        Step.CONSENT_SCHEDULE,
        actor=actor,
        now=now,
        seen_version=seen_version,
        content={"response_id": response_id, "date": response.target_date.isoformat()},
    )
    _decide(session, response, actor, ResponseState.ACCEPTED, now=now)
    application.target_date, application.told_of_schedule_at = response.target_date, None
    item_id = await telling.tell(
        session,
        application,
        actor,
        text=text,
        purpose=Purpose.SCHEDULE,
        facts=facts,
        rules=rules,
        now=now,
        given_by=given_by,
    )
    await deadlines.refresh_due(session, [application], rules=rules)
    return item_id


async def refuse_schedule(
    session: AsyncSession, application: Application, actor: Actor, *, response_id: int, reason: str, now: datetime
) -> None:
    """No consent: the thirty days run on, and the unit reads why."""
    response = await waiting(session, application, response_id, ResponseKind.SCHEDULE, actor)
    if not reason.strip():
        raise InputError("Gerekçe yazınız.")
    _decide(session, response, actor, ResponseState.SENT_BACK, now=now, reason=reason.strip())
    content = {"response_id": response_id, "reason": reason.strip()}
    await record(session, application, actor, "schedule_refused", content, now=now)


async def scheduled_reached(session: AsyncSession, now: datetime, *, zone: ZoneInfo) -> list[Application]:
    """The date of planned work has come: looked at again by the unit, taken by the clock [İ20a]. Those moved."""
    reached = await process.scheduled_until(session, now.astimezone(zone).date())
    for application in reached:
        content = {"date": application.target_date.isoformat()} if application.target_date else {}
        await take_step(session, application, Step.REACH_DATE, actor=None, now=now, content=content)
    return list(reached)


def _decide(
    session: AsyncSession,
    response: UnitResponse,
    actor: Actor,
    state: ResponseState,
    *,
    now: datetime,
    reason: str = "",
) -> None:
    response.state, response.decided_by, response.decided_at = state, actor.user_id, now
    response.reason = reason
    session.add(response)
