"""The answer's clock stands, with a reason, and goes on; a fee notice or another body's part (law 4982; İ13b, S4l)."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import deadlines as rows
from inbox.repositories import process
from inbox.rules import workflow
from inbox.rules.permissions import Action, Actor
from inbox.rules.workflow import Step
from inbox.services import deadlines, telling
from inbox.services.deadlines import DeadlineRules
from inbox.services.steps import record, take_step
from inbox.services.telling import GivenBy
from models.channel_facts import SurfaceFacts
from models.enums import DeadlineClass, Purpose
from models.errors import ConflictError, InputError
from models.tables import Application, DeadlinePause


async def pause(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    reason: str,
    is_fee_notice: bool,
    rules: DeadlineRules,
    seen_version: int,
    now: datetime,
) -> DeadlinePause:
    if application.paused_at is not None:
        raise ConflictError("Süre zaten durdurulmuş.")
    if is_fee_notice and application.deadline_class is not DeadlineClass.INFORMATION:
        raise InputError("Ücret bildirimi yalnızca bilgi edinme başvurusunda süreyi durdurur.")
    await take_step(
        session,
        application,
        Step.PAUSE,
        actor=actor,
        now=now,
        reason=reason,
        seen_version=seen_version,
        content={"fee_notice": is_fee_notice},
    )
    application.paused_at = now
    made = DeadlinePause(
        application_id=application.id or 0,
        reason=reason.strip(),
        is_fee_notice=is_fee_notice,
        started_by=actor.user_id,
        started_at=now,
    )
    await process.add(session, made)
    await deadlines.refresh_due(session, [application], rules=rules)
    return made


async def resume(
    session: AsyncSession, application: Application, actor: Actor, *, rules: DeadlineRules, now: datetime
) -> None:
    """The clock goes on; the days for which it stood are added to the limit."""
    actor.require(Action.PAUSE)
    found = await rows.open_pause(session, application.id or 0)
    if found is None:
        raise ConflictError("Süre zaten işliyor.")
    found.ended_at, application.paused_at = now, None
    session.add(found)
    await session.flush()
    await deadlines.refresh_due(session, [application], rules=rules)
    await record(session, application, actor, "resumed", {"pause_id": found.id}, now=now)


async def need_other_body(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    text: str,
    facts: SurfaceFacts | None,
    given_by: GivenBy | None,
    rules: DeadlineRules,
    now: datetime,
) -> int | None:
    """Law 4982: another body is needed, and the citizen hears of it before day 15; then 30 working days hold."""
    actor.require(Action.PAUSE)
    workflow.require(Step.PAUSE, application.state)
    if application.deadline_class is not DeadlineClass.INFORMATION:
        raise InputError("Süre yalnızca bilgi edinme başvurusunda, başka kurumun bilgisi gerektiğinde uzar.")
    if application.needs_other_body:
        raise ConflictError("Süre uzatımı daha önce bildirildi.")
    application.needs_other_body = True
    item_id = await telling.tell(
        session,
        application,
        actor,
        text=text,
        purpose=Purpose.EXTENSION,
        facts=facts,
        rules=rules,
        now=now,
        given_by=given_by,
    )
    await deadlines.refresh_due(session, [application], rules=rules)
    await record(session, application, actor, "other_body_needed", {"outbox_id": item_id}, now=now)
    return item_id
