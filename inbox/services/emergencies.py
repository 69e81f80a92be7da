"""Emergencies go out at once and ring until somebody takes them; management hears of them (directive 004, 7b2-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import emergencies as rows
from inbox.repositories import organisation
from inbox.rules import workflow
from inbox.rules.assignment import is_there
from inbox.rules.permissions import Action, Actor
from inbox.rules.receivers import is_outside, receiver_of
from inbox.rules.workflow import Step
from inbox.services import history, roster, routing
from inbox.services.deadlines import DeadlineRules
from inbox.services.steps import NOT_THERE, record, take_step
from models.enums import Decision, Role, SubmissionKind, Urgency
from models.errors import ConflictError, ForbiddenError, NotFoundError
from models.profile import UNKNOWN_DISTRICT_UNIT
from models.tables import Application, EmergencyAlarm, Submission, Unit

TELL_WITHIN = timedelta(days=2)
"""Older emergencies are told to nobody any more: the reports have them."""
APPROVE_WITHIN = timedelta(days=1)
LISTED = 50
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An emergency with its application. `rings`: for this reader, now."""

    alarm: EmergencyAlarm
    application: Application
    rings: bool = True


async def ring(
    session: AsyncSession, applications: Sequence[Application], *, now: datetime, zone: ZoneInfo
) -> list[int]:
    """Raise an alarm for each emergency among them that has none; their ids. Belongs into the same transaction.

    Where nobody of the desk is there it rings at Merkez 1 alone.
    """
    urgent = [one for one in applications if one.urgency is Urgency.EMERGENCY and one.is_open]
    if not urgent:
        return []
    off_shift = await _is_off_shift(session, now=now, zone=zone)
    alarms = [EmergencyAlarm(application_id=one.id or 0, raised_at=now, off_shift=off_shift) for one in urgent]
    raised = await rows.add(session, alarms)
    notes = [
        history.HistoryNote(
            application_id=one, actor="bot", action="emergency_raised", content={"off_shift": off_shift}
        )
        for one in sorted(raised)
    ]
    await history.append(session, notes, at=now)
    return raised


async def send_out(
    session: AsyncSession, applications: Sequence[Application], *, rules: DeadlineRules, now: datetime
) -> list[int]:
    """Route those whose topic and unit are trusted and whose unit works in the inbox; their approval follows.

    The others ring all the same: a person sends them.
    """
    sent = []
    for one in applications:
        unit = await _trusted_unit(session, one)
        if unit is None:
            continue
        await take_step(session, one, Step.ROUTE_EMERGENCY, actor=None, now=now, content={"unit": unit.id})
        await routing.start(session, one, unit, actor=None, rules=rules, now=now)
        one.approval_owed = True
        session.add(_owed(one, unit, now))
        sent.append(one.id or 0)
    return sent


async def _trusted_unit(session: AsyncSession, application: Application) -> Unit | None:
    if application.decision is not Decision.AUTO or not workflow.fits(Step.ROUTE_EMERGENCY, application.state):
        return None
    if application.unit in (None, UNKNOWN_DISTRICT_UNIT) and not (application.unit and application.district):
        return None
    unit = await organisation.unit(session, receiver_of(application.unit, district=application.district))
    return unit if unit and unit.active and unit.integrated and not is_outside(unit.kind) else None


def _owed(application: Application, unit: Unit, now: datetime) -> Submission:
    return Submission(
        application_id=application.id or 0,
        kind=SubmissionKind.ROUTING,
        text=application.brief,
        unit=unit.id,
        after_the_fact=True,
        submitted_at=now,
    )


async def overdue_approvals(session: AsyncSession, *, now: datetime) -> Sequence[tuple[Submission, Application]]:
    """Emergencies that left at once and whose approval is not there after a day (directive 004, 7b2)."""
    return await rows.owed_approvals(session, submitted_before=now - APPROVE_WITHIN)


async def ring_missed(session: AsyncSession, *, now: datetime, zone: ZoneInfo) -> list[int]:
    """Raise what became an emergency by another way than triage (a correction, registration by hand)."""
    return await ring(session, await rows.unraised(session, limit=MOST_AT_ONCE), now=now, zone=zone)


async def _is_off_shift(session: AsyncSession, *, now: datetime, zone: ZoneInfo) -> bool:
    known = await roster.workers(session, now=now)
    return not any(is_there(worker, now=now, zone=zone) for worker in known.values())


def hears(actor: Actor, alarm: EmergencyAlarm) -> bool:
    """Whether it rings for this person."""
    if not actor.may(Action.TAKE_EMERGENCY):
        return False
    return not alarm.off_shift or Role.DUTY_DESK in actor.roles


async def ringing(session: AsyncSession, actor: Actor) -> list[Alarm]:
    """What rings for this person now, the oldest first; nothing for others."""
    if not actor.may(Action.TAKE_EMERGENCY):
        return []
    return [
        Alarm(alarm=alarm, application=application)
        for alarm, application in await rows.ringing(session)
        if hears(actor, alarm) and actor.may_see(application)
    ]


async def listing(session: AsyncSession, actor: Actor) -> list[Alarm]:
    """What rings for this person, then the last emergencies; for the duty desk and for management."""
    if not actor.may(Action.TAKE_EMERGENCY):
        raise ForbiddenError("Acil başvurular listesini Merkez 1 ve yöneticiler görür.")
    first = await ringing(session, actor)
    listed = {one.application.id for one in first}
    found = [one for one in await rows.latest(session, limit=LISTED) if one[1].id not in listed]
    return first + [Alarm(alarm=alarm, application=one, rings=False) for alarm, one in found if actor.may_see(one)]


async def take(session: AsyncSession, application: Application, actor: Actor, *, now: datetime) -> None:
    """It is hers from now on and stops ringing. Whoever may take it may, on shift or off."""
    actor.require(Action.TAKE_EMERGENCY)
    if not actor.may_see(application):
        raise NotFoundError(NOT_THERE)
    alarm = await rows.alarm_for_change(session, application.id or 0)
    if alarm is None:
        raise NotFoundError("Bu başvuru için çalan bir acil uyarısı yok.")
    if alarm.taken_by == actor.user_id:
        return
    if alarm.taken_at is not None:
        raise ConflictError("Bu acil başvuruyu az önce başka biri üstlendi.")
    alarm.taken_by, alarm.taken_at = actor.user_id, now
    session.add(alarm)
    before = application.assignee_id
    application.assignee_id = before or actor.user_id
    content = {"waited": round((now - alarm.raised_at).total_seconds())}
    await record(session, application, actor, "emergency_taken", content, now=now)


async def untold(session: AsyncSession, *, now: datetime) -> list[Alarm]:
    """Emergencies of which management has to hear."""
    found = await rows.untold(session, since=now - TELL_WITHIN)
    return [Alarm(alarm=alarm, application=application) for alarm, application in found]


async def note_told(session: AsyncSession, alarms: Sequence[EmergencyAlarm], *, now: datetime) -> None:
    """Management was informed."""
    for alarm in alarms:
        alarm.management_informed_at = now
        session.add(alarm)
    notes = [
        history.HistoryNote(application_id=alarm.application_id, actor="clock", action="management_informed")
        for alarm in alarms
    ]
    await history.append(session, notes, at=now)
