"""Replies that the approval desk lets go, in their writers' names: an answer, a private one, an incident's one for all.

By this path alone an answer leaves where replies need approval (directive 004, 8b2). What tells of the work itself
(that it goes on, until when, who is asked instead) leaves by its step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import incidents as incident_rows
from inbox.repositories import staff_files as file_rows
from inbox.rules import workflow
from inbox.rules.permissions import Actor
from inbox.rules.workflow import Step
from inbox.services import approval, incident_answers, private_replies, telling
from inbox.services.incidents import Reached
from inbox.services.reply_options import FactsByAccount, surface_facts
from inbox.services.steps import hand_to_desk, record
from inbox.services.telling import GivenBy
from models.enums import IncidentState, Purpose, SubmissionKind
from models.errors import ConflictError, HimError
from models.tables import Application, Submission

NOT_CONNECTED = "Hesap şu anda bağlı değil; özel mesaj gönderilemez."


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo:
    """`item_id` is the outbox row of a single text, which the approver may take back for ten seconds."""

    item_id: int | None = None
    reached: Sequence[Reached] = ()
    """What became of each application of an incident."""


async def approve(
    session: AsyncSession,
    submission: Submission,
    application: Application,
    actor: Actor,
    *,
    text: str,
    facts: FactsByAccount,
    given_by: GivenBy | None,
    now: datetime,
) -> LetGo:
    """Let it go. Raises ConflictError where it may leave no more: it is to be given back."""
    text = telling.written(text)
    content = approval.approve_text(submission, actor, text=text, now=now)
    match submission.kind:
        case SubmissionKind.INCIDENT_REPLY:
            return await _for_all(session, submission, actor, text=text, content=content, facts=facts, now=now)
        case SubmissionKind.PRIVATE_REPLY:
            item_id = await _privately(session, submission, application, text=text, facts=facts, now=now)
            await record(session, application, actor, "reply_approved", {**content, "outbox_id": item_id}, now=now)
            return LetGo(item_id=item_id)
        case _:
            return LetGo(
                item_id=await _answer(
                    session, submission, application, actor, text=text, content=content, facts=facts,
                    given_by=given_by, now=now,
                )
            )  # fmt: skip


async def _answer(
    session: AsyncSession,
    submission: Submission,
    application: Application,
    actor: Actor,
    *,
    text: str,
    content: Mapping[str, Any],
    facts: FactsByAccount,
    given_by: GivenBy | None,
    now: datetime,
) -> int | None:
    workflow.require(Step.ANSWER, application.state)
    single = submission.kind is SubmissionKind.REPLY
    item_id = await telling.tell(
        session, application, actor, text=text, purpose=Purpose.ANSWER, rules=None, now=now, given_by=given_by,
        facts=await surface_facts(session, application, facts), user_id=submission.submitted_by,
        files=await file_rows.of_submissions(session, [submission.id or 0]) if single else (),
    )  # fmt: skip
    await telling.settle_response(session, application, actor, now=now)
    await record(session, application, actor, "reply_approved", {**content, "outbox_id": item_id}, now=now)
    return item_id


async def _privately(
    session: AsyncSession,
    submission: Submission,
    application: Application,
    *,
    text: str,
    facts: FactsByAccount,
    now: datetime,
) -> int:
    channel = facts.get(application.account_id or 0)
    if channel is None:
        raise ConflictError(NOT_CONNECTED)
    return await private_replies.queue(
        session, application, text=text, facts=channel, user_id=submission.submitted_by, now=now
    )


async def _for_all(
    session: AsyncSession,
    submission: Submission,
    actor: Actor,
    *,
    text: str,
    content: Mapping[str, Any],
    facts: FactsByAccount,
    now: datetime,
) -> LetGo:
    """To those who stand in the incident now; whom it cannot reach, the desk finds unread, with the reason."""
    incident = await incident_rows.incident_for_change(session, submission.incident_id or 0)
    if incident is None or incident.state is not IncidentState.CONFIRMED:
        raise ConflictError("Bu cevabın olayı artık açık değil; gerekçesiyle iade ediniz.")
    reached = []
    members = await incident_answers.to_be_answered(session, incident.id or 0, text=text, change=True)
    if not members:
        raise ConflictError(f"{incident_answers.NOBODY_LEFT} Gerekçesiyle iade ediniz.")
    for one in members:
        problem = ""
        try:
            await _answer(
                session, submission, one, actor, text=incident_answers.answer_text(text, one.number), content=content,
                facts=facts, given_by=None, now=now,
            )  # fmt: skip
        except HimError as error:
            problem = str(error)
            hand_to_desk(one)
            await record(session, one, actor, "reply_missed", {**content, "problem": problem}, now=now)
        reached.append(Reached(application_id=one.id or 0, number=one.number, problem=problem))
    if all(one.problem for one in reached):
        raise ConflictError(f"Cevap hiçbir başvuruya gönderilemez; gerekçesiyle iade ediniz. {reached[0].problem}")
    incident_answers.note_answer(incident, text=text, now=now)
    return LetGo(reached=reached)
