"""One answer for all applications of an incident: sent at once, or handed in for approval once (directive 004, 9b3)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import incidents as rows
from inbox.repositories import outbox, process
from inbox.rules.permissions import Action, Actor
from inbox.services import applications, approval, telling
from inbox.services.deadlines import DeadlineRules
from inbox.services.findings import ReviewDesk
from inbox.services.incidents import Reached, incident_to_decide, require_state
from inbox.services.reply_options import FactsByAccount, surface_facts
from models.enums import IncidentState, SubmissionKind, SubmissionState
from models.errors import ConflictError, HimError, NotFoundError
from models.tables import Application, Incident, Submission

NOBODY_LEFT = "Bu olayda bu cevabı bekleyen başvuru kalmadı."
MOST_ANSWERED = 200
"""One answer for more citizens than this leaves in several rounds."""


async def answer_all(
    session: AsyncSession, incident_id: int, actor: Actor, *, text: str, facts: FactsByAccount, now: datetime
) -> list[Reached]:
    """One answer for all, each in her own channel with its own window; what cannot leave is told, not forced.

    Sent again it goes to those alone whom it has not reached. Every text names its application: to the citizen so that
    she can ask, to platforms that refuse duplicates as a difference.
    """
    text = telling.written(text)
    incident, members = await _asked(session, incident_id, actor, text=text)
    await approval.require_no_approval(session)
    reached = [await _answer(session, one, actor, text=text, facts=facts, now=now) for one in members]
    if any(not one.problem for one in reached):
        note_answer(incident, text=text, now=now)
    return reached


async def submit_answer(
    session: AsyncSession,
    incident_id: int,
    actor: Actor,
    *,
    text: str,
    desk: ReviewDesk,
    rules: DeadlineRules,
    now: datetime,
) -> Submission:
    """The same where replies need approval: it waits once, for all."""
    actor.require(Action.ANSWER)
    text = telling.written(text)
    _, members = await _asked(session, incident_id, actor, text=text)
    last = await process.last_of_incident(session, incident_id)
    if last and last.state is SubmissionState.WAITING:
        raise ConflictError("Bu olayın ortak cevabı onay bekliyor; önce onu geri çekiniz.")
    return await approval.submit_reply(
        session, members[0], actor, text=text, kind=SubmissionKind.INCIDENT_REPLY, incident=members,
        incident_id=incident_id, desk=desk, rules=rules, now=now,
    )  # fmt: skip


async def withdraw_answer(session: AsyncSession, incident_id: int, actor: Actor, *, now: datetime) -> None:
    """Take back what waits for approval."""
    await incident_to_decide(session, incident_id, actor)
    last = await process.last_of_incident(session, incident_id)
    if last is None:
        raise NotFoundError("Bu olayın onayda bir cevabı yok.")
    bearer = await applications.read(session, last.application_id, actor, change=True)
    await approval.withdraw(session, bearer, actor, kind=SubmissionKind.INCIDENT_REPLY, now=now)


async def _asked(
    session: AsyncSession, incident_id: int, actor: Actor, *, text: str
) -> tuple[Incident, Sequence[Application]]:
    """The confirmed incident with those whom this answer would reach. Raises ConflictError where there is nobody."""
    incident = await incident_to_decide(session, incident_id, actor)
    require_state(incident, IncidentState.CONFIRMED)
    members = await to_be_answered(session, incident_id, text=text, change=True)
    if not members:
        raise ConflictError(NOBODY_LEFT)
    return incident, members


async def to_be_answered(
    session: AsyncSession, incident_id: int, *, text: str, change: bool = False
) -> Sequence[Application]:
    """Its open applications without this answer, as many as one round reaches.

    First those that had none, or had theirs longest ago.
    """
    found = [one for one in await rows.members_of(session, incident_id, change=change) if one.is_open]
    told = await rows.answers_to(session, [one.id or 0 for one in found])
    members = [one for one in found if (one.id, answer_text(text, one.number)) not in told]
    last = await outbox.last_answers(session, [one.id or 0 for one in members])
    return sorted(members, key=lambda one: (last.get(one.id or 0, 0), one.id))[:MOST_ANSWERED]


def note_answer(incident: Incident, *, text: str, now: datetime) -> None:
    incident.answer, incident.answered_at = text, now


async def _answer(
    session: AsyncSession, application: Application, actor: Actor, *, text: str, facts: FactsByAccount, now: datetime
) -> Reached:
    number = application.number
    try:
        await applications.send_answer(
            session,
            application,
            actor,
            text=answer_text(text, number),
            facts=await surface_facts(session, application, facts),
            seen_version=application.version,
            now=now,
        )
    except HimError as error:
        return Reached(application_id=application.id or 0, number=number, problem=str(error))
    return Reached(application_id=application.id or 0, number=number)


def answer_text(text: str, number: str) -> str:
    """The shared answer as one citizen gets it."""
    return text.strip() if number in text else f"{text.strip()} (Başvuru no: {number})"
