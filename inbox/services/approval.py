"""The approval desk: what leaves for a unit or a citizen is looked at first, by channel (directive 004, 7ç2, 8b2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, applications, comforts, incidents, organisation, process
from inbox.repositories import staff_files as file_rows
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import findings, routing, staff_files, telling
from inbox.services.deadlines import DeadlineRules
from inbox.services.findings import ReviewDesk
from inbox.services.steps import allow, hand_to_desk, record, take_step
from models.enums import ResponseKind, SubmissionKind, SubmissionState, Urgency
from models.errors import ConflictError, InputError, NotFoundError
from models.tables import (
    Application,
    Draft,
    SignedDocument,
    StaffFile,
    Submission,
    Unit,
    UnitResponse,
    UnsentText,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter that was written before the transaction: its document without its application."""

    subject: str
    file_plan_code: str
    stored_as: str
    sha256: str


async def needs_approval(session: AsyncSession, application: Application) -> bool:
    """Whether applications of its channel go to a unit only after approval; a setting of the installation."""
    channels = await accounts.setting(session, organisation.APPROVAL_CHANNELS, default=None)
    return channels is None or application.channel in channels


async def replies_need_approval(session: AsyncSession) -> bool:
    return bool(await accounts.setting(session, organisation.APPROVES_REPLIES, default=False))


async def require_no_approval(session: AsyncSession) -> None:
    """Raise ConflictError where every answer goes by the approval desk: nothing leaves around it."""
    if await replies_need_approval(session):
        raise ConflictError("Cevaplar onaydan geçiyor; metni başvurunun cevap alanından onaya gönderiniz.")


async def submit(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    brief: str,
    desk: ReviewDesk,
    rules: DeadlineRules,
    seen_version: int,
    now: datetime,
) -> Step:
    """Send it on its way: to the approval desk, or at once where the channel's setting or an emergency says so.

    The step that was taken. A receiver outside the inbox gets a letter, which the approval desk always sees first.
    """
    allow(application, Step.SUBMIT, actor=actor)
    unit = await routing.receiver(session, application)
    before, application.brief = application.brief, brief.replace("\r\n", "\n").strip()
    emergency = application.urgency is Urgency.EMERGENCY
    needed = await needs_approval(session, application) or not unit.integrated
    step = Step.ROUTE if emergency or not needed else Step.SUBMIT
    await take_step(
        session, application, step, actor=actor, now=now, seen_version=seen_version, needs_approval=needed,
        content={"unit": unit.id},
    )  # fmt: skip
    if step is Step.ROUTE:
        await routing.start(session, application, unit, actor=actor, rules=rules, now=now)
    if step is Step.SUBMIT or emergency:
        today = rules.calendar.day_of(now)
        found = await findings.routing_findings(session, application, text=application.brief, desk=desk, today=today)
        await _hand_in(session, application, actor, unit, before=before, found=found, after_the_fact=emergency, now=now)
    application.unread = False
    return step


async def _hand_in(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    unit: Unit,
    *,
    before: str,
    found: list[dict[str, Any]],
    after_the_fact: bool,
    now: datetime,
) -> None:
    application.approval_owed = after_the_fact
    submission = Submission(
        application_id=application.id or 0,
        kind=SubmissionKind.ROUTING,
        text=application.brief,
        suggested=before,
        unit=unit.id,
        findings=found,
        after_the_fact=after_the_fact,
        submitted_by=actor.user_id,
        submitted_at=now,
    )
    await process.add(session, submission)


async def submit_reply(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    text: str,
    desk: ReviewDesk,
    rules: DeadlineRules,
    now: datetime,
    kind: SubmissionKind = SubmissionKind.REPLY,
    incident: Sequence[Application] = (),
    incident_id: int | None = None,
    files: Sequence[StaffFile] = (),
) -> Submission:
    """A text that waits for approval instead of the outbox; who calls has checked that it may leave at all.

    `incident` are all whom an incident's one answer reaches. The unsent files of an answer's writer wait with it,
    then `files`.
    """
    if await process.waiting_submission(session, application.id or 0, kind):
        raise ConflictError("Bu başvurunun bir cevabı onay bekliyor; önce onu geri çekiniz.")
    response, suggested = await _passed_on(session, application, text) if kind is SubmissionKind.REPLY else (None, "")
    is_public = kind is not SubmissionKind.PRIVATE_REPLY and await findings.is_public(
        session, incident or [application]
    )
    today = rules.calendar.day_of(now)
    submission = Submission(
        application_id=application.id or 0,
        incident_id=incident_id,
        kind=kind,
        text=text,
        suggested=suggested,
        findings=await findings.reply_findings(
            session, application, text=text, is_public=is_public, response=response, desk=desk, today=today
        ),
        response_id=response.id if response else None,
        submitted_by=actor.user_id,
        submitted_at=now,
    )
    await process.add(session, submission)
    if kind is SubmissionKind.REPLY:
        chosen = [*await staff_files.unsent(session, application.id or 0, actor.user_id), *files]
        await staff_files.keep(session, chosen, submission_id=submission.id)
    await record(session, application, actor, "reply_submitted", {"submission_id": submission.id}, now=now)
    return submission


async def _passed_on(session: AsyncSession, application: Application, text: str) -> tuple[UnitResponse | None, str]:
    """(the unit's answer that goes on with this text, what the text came from)."""
    response = await process.waiting_response(session, application.id or 0, ResponseKind.ANSWER)
    if response:
        return response, response.text
    return None, _form_of(await applications.latest_draft(session, application.id or 0), text)


def _form_of(draft: Draft | None, text: str) -> str:
    """The draft's short or long form, whichever the answer came from."""
    forms = (draft.short_text, draft.long_text) if draft else ("",)
    return max(forms, key=lambda form: SequenceMatcher(None, form.split(), text.split()).ratio())


async def waiting(session: AsyncSession, submission_id: int, actor: Actor) -> Submission:
    """A submission to decide on. Raises NotFoundError; ConflictError where another approver was faster.

    Its incident and its application are held, in the order in which whoever takes it back holds them.
    """
    actor.require(Action.APPROVE)
    found = await process.submission(session, submission_id)
    if found is None:
        raise NotFoundError("Onay bekleyen böyle bir kayıt yok.")
    if found.incident_id is not None:
        await incidents.incident_for_change(session, found.incident_id)
    await applications.application_for_change(session, found.application_id)
    await session.refresh(found)
    if found.state is not SubmissionState.WAITING:
        raise ConflictError("Bu kayıt hakkında az önce başka biri karar verdi.")
    return found


async def approve_routing(
    session: AsyncSession,
    submission: Submission,
    application: Application,
    actor: Actor,
    *,
    text: str,
    letter: Letter | None,
    rules: DeadlineRules,
    now: datetime,
) -> Unit:
    """Let it go to its unit, the summary perhaps corrected; a receiver outside the inbox gets the letter."""
    unit = await _receiver(session, submission, application)
    text = telling.written(text) if text.strip() or submission.text.strip() else ""
    content = {"submission_id": submission.id, "unit": unit.id, **_difference(submission.text, text)}
    _decide(submission, actor, SubmissionState.APPROVED, text=text, now=now)
    is_last = await _is_last(session, submission)
    if is_last:
        application.brief = text
    if letter is None and not unit.integrated:
        raise InputError("Bu kuruma gidecek yazı hazırlanamadı; onayı yineleyiniz.")
    if submission.after_the_fact:
        application.approval_owed = application.approval_owed and not is_last
        await record(session, application, actor, "approved_afterwards", content, now=now)
    elif unit.integrated:
        await take_step(session, application, Step.APPROVE, actor=actor, now=now, content=content)
        await routing.start(session, application, unit, actor=actor, rules=rules, now=now)
    else:
        await take_step(session, application, Step.APPROVE_FOR_SIGNATURE, actor=actor, now=now, content=content)
    if letter and not unit.integrated:
        await add_document(session, application, unit, letter, actor=actor, now=now)
    return unit


async def _is_last(session: AsyncSession, submission: Submission) -> bool:
    """False where the application has gone another way since: its summary and what is owed are that way's."""
    last = await process.last_submission(session, submission.application_id, submission.kind)
    return last is not None and last.id == submission.id


async def _receiver(session: AsyncSession, submission: Submission, application: Application) -> Unit:
    """Where it goes, or went already. Raises ConflictError where its unit was changed while it waited."""
    if submission.after_the_fact and (went := await organisation.unit(session, submission.unit or "")):
        return went
    unit = await routing.receiver(session, application)
    if submission.unit != unit.id:
        raise ConflictError("Başvurunun birimi onay beklerken değişti; gerekçesiyle iade ediniz, yeniden gönderilsin.")
    return unit


async def add_document(
    session: AsyncSession, application: Application, unit: Unit, letter: Letter, *, actor: Actor, now: datetime
) -> SignedDocument:
    """The letter waits for its signature."""
    document = SignedDocument(
        application_id=application.id or 0,
        receiver=unit.id,
        subject=letter.subject,
        file_plan_code=letter.file_plan_code,
        stored_as=letter.stored_as,
        sha256=letter.sha256,
        created_by=actor.user_id,
        created_at=now,
    )
    return await process.add(session, document)


def approve_text(submission: Submission, actor: Actor, *, text: str, now: datetime) -> dict[str, Any]:
    """A reply is approved, its text perhaps corrected; what the record says of that. `approved_replies` lets it go."""
    content = {"submission_id": submission.id, **_difference(submission.text, text)}
    _decide(submission, actor, SubmissionState.APPROVED, text=text, now=now)
    return content


async def reject(
    session: AsyncSession, submission: Submission, application: Application, actor: Actor, *, reason: str, now: datetime
) -> None:
    """Back to the agent, with the reason [İ7ç2]."""
    if not reason.strip():
        raise InputError("Gerekçe yazınız.")
    _decide(submission, actor, SubmissionState.REJECTED, now=now, reason=reason)
    await _give_back(session, submission, now=now)
    hand_to_desk(application)
    content = {"submission_id": submission.id}
    if submission.kind is SubmissionKind.ROUTING and not submission.after_the_fact:
        await take_step(session, application, Step.REJECT, actor=actor, now=now, reason=reason, content=content)
        return
    if submission.after_the_fact and await _is_last(session, submission):
        application.approval_owed = False
    action = "reply_rejected" if submission.kind.is_reply else "rejected_afterwards"
    await record(session, application, actor, action, {**content, "reason": reason.strip()}, now=now)


async def withdraw(
    session: AsyncSession, application: Application, actor: Actor, *, kind: SubmissionKind, now: datetime
) -> None:
    """The desk takes back what nobody has decided on yet."""
    actor.require(Action.SUBMIT if kind is SubmissionKind.ROUTING else Action.ANSWER)
    submission = await process.waiting_submission(session, application.id or 0, kind)
    if submission is None or submission.after_the_fact:
        raise ConflictError("Geri çekilecek bir kayıt yok; onay birimi karar vermiş olabilir.")
    if kind is SubmissionKind.ROUTING:
        await take_step(session, application, Step.WITHDRAW, actor=actor, now=now)
    else:
        await record(session, application, actor, "reply_withdrawn", {"submission_id": submission.id}, now=now)
    _decide(submission, actor, SubmissionState.WITHDRAWN, now=now)
    await _give_back(session, submission, now=now)


async def _give_back(session: AsyncSession, submission: Submission, *, now: datetime) -> None:
    """An answer's text and files stand in its writer's unsent answer again, if she has begun no other."""
    await staff_files.keep(session, await file_rows.of_submissions(session, [submission.id or 0]))
    key, writer = submission.application_id, submission.submitted_by
    if submission.kind is not SubmissionKind.REPLY or writer is None or await comforts.unsent(session, key, writer):
        return
    kept = UnsentText(application_id=key, user_id=writer, text=submission.text, saved_at=now)
    await comforts.keep_unsent(session, kept)


def _difference(before: str, after: str) -> dict[str, Any]:
    """What the approver changed, kept for the record and for learning."""
    return {} if before == after else {"text_before": before, "text": after}


def _decide(
    submission: Submission,
    actor: Actor,
    state: SubmissionState,
    *,
    now: datetime,
    text: str | None = None,
    reason: str = "",
) -> None:
    submission.state, submission.decided_by, submission.decided_at = state, actor.user_id, now
    submission.reason = reason.strip()
    submission.text = submission.text if text is None else text
