"""Laying an application aside until a time: it waits in no list meanwhile, its deadline runs on.

It comes back before its time where the citizen writes, or somebody of the house has something for the desk.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.rules import workflow
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import history
from models.enums import Urgency
from models.errors import ConflictError, InputError
from models.tables import Application


async def lay_aside(
    session: AsyncSession, application: Application, actor: Actor, *, until: datetime, now: datetime
) -> None:
    """Until a coming time that is before its deadline. An emergency is never laid aside."""
    actor.require(Action.TAKE)
    workflow.require(Step.WORK, application.state)
    if application.urgency is Urgency.EMERGENCY:
        raise ConflictError("Acil başvurular ertelenemez.")
    if until <= now:
        raise InputError("Erteleme için ileri bir zaman seçiniz.")
    if until >= application.due_at:
        raise InputError("Başvuru, cevap süresinin sonuna kadar ya da daha uzun ertelenemez.")
    application.snoozed_until = until
    await _record(session, application, actor, "snoozed", {"until": until.isoformat()}, now=now)


async def bring_back(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """Back into the lists at once."""
    actor.require(Action.TAKE)
    if application.snoozed_until is None:
        return
    application.snoozed_until = None
    await _record(session, application, actor, "brought_back", {}, now=now)


async def _record(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    action: str,
    content: dict[str, str],
    *,
    now: datetime,
) -> None:
    application.version += 1
    session.add(application)
    note = history.HistoryNote(
        application_id=application.id or 0, actor=actor.reference, action=action, content=content
    )
    await history.append(session, [note], at=now)
