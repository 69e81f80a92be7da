"""Takes a step of the process: right, sight, version, the table's condition, state, history. Nothing else moves one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.rules import workflow
from inbox.rules.permissions import Actor
from inbox.rules.workflow import Case, Step, Transition
from inbox.services import history
from models.enums import ApplicationState
from models.errors import ConflictError, ForbiddenError, NotFoundError
from models.tables import Application

FASTER = "Bu başvuru siz bakarken değişti. Yazdığınız metin duruyor; güncel hâline bakıp işlemi yineleyiniz."
NOT_THERE = "Bu numarada bir başvuru yok ya da sizin biriminizde değil."
HISTORY_NAMES: Mapping[Step, str] = {
    Step.WORK: "worked",
    Step.REGISTER: "registered",
    Step.DISMISS: "dismissed",
    Step.SUBMIT: "submitted",
    Step.WITHDRAW: "withdrawn",
    Step.APPROVE: "approved",
    Step.APPROVE_FOR_SIGNATURE: "approved_for_signature",
    Step.REJECT: "rejected",
    Step.ROUTE: "routed",
    Step.ROUTE_EMERGENCY: "routed",
    Step.SIGN: "signed",
    Step.ACCEPT: "accepted",
    Step.RETURN: "returned",
    Step.INTERIM: "interim_given",
    Step.ASK_SCHEDULE: "schedule_asked",
    Step.CONSENT_SCHEDULE: "scheduled",
    Step.REACH_DATE: "date_reached",
    Step.UNIT_ANSWER: "unit_answered",
    Step.SEND_BACK: "sent_back",
    Step.ANSWER: "answered",
    Step.REDIRECT: "redirected",
    Step.CLOSE: "closed",
    Step.SURVEY: "surveyed",
    Step.FIELD_CHECK: "field_check_asked",
    Step.WORK_UNDONE: "work_undone",
    Step.REOPEN: "reopened",
    Step.PAUSE: "paused",
}
"""How a step is called in the history."""


async def take_step(
    session: AsyncSession,
    application: Application,
    step: Step,
    *,
    actor: Actor | None,
    now: datetime,
    reason: str = "",
    content: Mapping[str, Any] | None = None,
    seen_version: int | None = None,
    needs_approval: bool = True,
    return_due_at: datetime | None = None,
    target: ApplicationState | None = None,
    by_task: bool = False,
) -> Transition:
    """Take the step, write it into the history and give back its row of the table, whose effects the caller owes.

    `actor` None is the clock, which may take only the steps that no right of a person is asked for. `target` is the
    new state where the table leaves it open. `by_task`: a task of hers leads there, though the application is out of
    her reach (a check on the spot). Raises ForbiddenError, NotFoundError, ConflictError or InputError.
    """
    allow(application, step, actor=actor, by_task=by_task)
    if seen_version is not None and seen_version != application.version:
        raise ConflictError(FASTER)
    row = workflow.require_case(
        step,
        Case(
            state=application.state,
            now=now,
            urgency=application.urgency,
            needs_approval=needs_approval,
            unit=application.unit,
            is_routed=application.routed_unit is not None,
            brief=application.brief,
            reason=reason,
            return_due_at=return_due_at,
        ),
    )
    details = {**(content or {}), **({"reason": reason.strip()} if reason.strip() else {})}
    before = application.state
    _move(application, row.target or target or before, now)
    if application.state is not before:
        details |= {"from": before, "to": application.state}
    await record(session, application, actor, HISTORY_NAMES[step], details, now=now)
    return row


def allow(application: Application, step: Step, *, actor: Actor | None, by_task: bool = False) -> None:
    """Raise where this person, or the clock, may not take such a step at all, or does not see the application."""
    row = workflow.transition(step)
    if actor is None:
        if row.actions:
            raise ForbiddenError("Bu işlem yetkili bir kişi tarafından yapılmalıdır.")
        return
    if not any(actor.may(action) for action in row.actions):
        raise ForbiddenError("Bu işlem için yetkiniz bulunmuyor.")
    if not by_task and not actor.may_see(application):
        raise NotFoundError(NOT_THERE)


def _move(application: Application, state: ApplicationState, now: datetime) -> None:
    if application.state is not state:
        application.waiting_since = now
    application.state, application.is_open = state, state.is_open


def hand_to_desk(application: Application) -> None:
    """Something has come that the desk has to look at: unread, and laid aside no longer."""
    application.unread, application.snoozed_until = True, None


async def record(
    session: AsyncSession,
    application: Application,
    actor: Actor | None,
    action: str,
    content: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Save a change with its history; the version grows."""
    application.version += 1
    session.add(application)
    note = history.HistoryNote(
        application_id=application.id or 0,
        actor=actor.reference if actor else "clock",
        action=action,
        content=content,
    )
    await history.append(session, [note], at=now)
