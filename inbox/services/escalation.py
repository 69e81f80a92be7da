"""Sends each reminder of a limit once, to whom it is due; lists what is late and what falls silent (004, 15g, 20a)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import reminders as rows
from inbox.rules.deadlines import Duty, duties
from inbox.rules.escalation import (
    DESK_DUTIES,
    WARN_DAYS,
    Holder,
    Late,
    LetterRow,
    Recipient,
    Reminder,
    letter_list,
    pending,
    reminders,
)
from inbox.rules.next_step import UNIT_STATES
from inbox.rules.permissions import Action, Actor
from inbox.services.deadlines import DeadlineRules, courses_of
from models.enums import Role
from models.errors import ForbiddenError
from models.tables import Application, SentReminder

BATCH = 500
HORIZON = timedelta(days=max(days for plan in WARN_DAYS.values() for days in plan) + 5)
"""No reminder comes earlier before its limit, days off included."""
SILENT_AFTER = 20
"""Days without a word to the citizen from which on the list shows the application."""
LISTED = 200
_OF_ROLE: dict[Role, Recipient] = {Role.TEAM_LEAD: Recipient.TEAM_LEAD, Role.CHIEF: Recipient.CENTRE_CHIEF}
_OF_UNIT = frozenset({Recipient.UNIT, Recipient.UNIT_CHIEF})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A reminder that was sent, with its application."""

    reminder: SentReminder
    application: Application


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A citizen who has heard nothing, and when silence counts as refusal."""

    application: Application
    ends_at: datetime


async def remind(
    session: AsyncSession, *, rules: DeadlineRules, now: datetime, after: int = 0
) -> tuple[list[SentReminder], int | None]:
    """Send what is due for the next batch of applications; (what was sent, where the next batch begins)."""
    silence = timedelta(days=rules.policy.silence_days)
    found = await rows.candidates(
        session, due_before=now + HORIZON, received_before=now + HORIZON - silence, after=after, limit=BATCH
    )
    if not found:
        return [], None
    courses = await courses_of(session, found)
    sent = await _sent(session, found)
    new: list[SentReminder] = []
    for application, course in zip(found, courses, strict=True):
        holder = Holder.UNIT if application.state in UNIT_STATES else Holder.DESK
        owed = duties(course, policy=rules.policy, calendar=rules.calendar)
        plan = [
            reminder
            for due in owed
            for reminder in reminders(
                due,
                holder=holder,
                urgency=application.urgency,
                started_at=application.received_at,
                calendar=rules.calendar,
            )
        ]
        done = sent.get(application.id or 0, frozenset())
        new += [_row(application, one, now) for one in pending(plan, now=now, sent=done)]
    await rows.add(session, new)
    return new, (found[-1].id or 0) if len(found) == BATCH else None


async def _sent(session: AsyncSession, applications: Sequence[Application]) -> dict[int, frozenset[Reminder]]:
    known: dict[int, set[Reminder]] = {}
    for row in await rows.sent(session, [one.id or 0 for one in applications]):
        reminder = Reminder(
            duty=Duty(row.duty),
            due_at=row.due_at,
            at=row.planned_at,
            recipient=Recipient(row.recipient),
            is_warning=row.is_warning,
        )
        known.setdefault(row.application_id, set()).add(reminder)
    return {key: frozenset(found) for key, found in known.items()}


def _row(application: Application, reminder: Reminder, now: datetime) -> SentReminder:
    """Where nobody has the application its owner's reminder is the team lead's: nothing is told to nobody."""
    recipient = reminder.recipient
    owner = application.assignee_id if recipient is Recipient.OWNER else None
    return SentReminder(
        application_id=application.id or 0,
        duty=reminder.duty.value,
        due_at=reminder.due_at,
        planned_at=reminder.at,
        recipient=recipient.value,
        is_warning=reminder.is_warning,
        unit=application.routed_unit if recipient in _OF_UNIT else None,
        user_id=owner,
        sent_at=now,
    )


async def addressed(session: AsyncSession, actor: Actor) -> list[Told]:
    """What this person has been reminded of and not put away, the newest first."""
    recipients = {_OF_ROLE[role].value for role in actor.roles if role in _OF_ROLE}
    unit = actor.unit if actor.may(Action.SEE_OWN_UNIT) else None
    owns = actor.user_id if actor.may(Action.ANSWER) else None
    unowned = Recipient.OWNER.value if Recipient.TEAM_LEAD.value in recipients else ""
    found = await rows.addressed(session, user_id=owns, unit=unit, recipients=recipients, unowned=unowned, limit=LISTED)
    return [Told(reminder=reminder, application=one) for reminder, one in found if actor.may_see(one)]


async def put_away(session: AsyncSession, actor: Actor, reminder_ids: Iterable[int], *, now: datetime) -> int:
    """She has seen them; how many. Only her own can be put away."""
    own = {one.reminder.id for one in await addressed(session, actor)}
    seen = sorted(key for key in reminder_ids if key in own)
    await rows.mark_seen(session, seen, at=now)
    return len(seen)


async def late_by_unit(
    session: AsyncSession, actor: Actor, *, rules: DeadlineRules, now: datetime
) -> dict[str, list[LetterRow]]:
    """What units have not done in time, for the letter of the centre's chief (directive 004, 15g)."""
    _require_reports(actor)
    found = await rows.with_units(session, now=now)
    late = []
    for application, course in zip(found, await courses_of(session, found), strict=True):
        owed = duties(course, policy=rules.policy, calendar=rules.calendar)
        late += [
            Late(number=application.number, unit=application.routed_unit or "", duty=due.duty, due_at=due.at)
            for due in owed
            if due.at is not None and due.at < now and due.duty not in DESK_DUTIES
        ]
    return letter_list(late, now=now, calendar=rules.calendar)


async def falling_silent(session: AsyncSession, actor: Actor, *, rules: DeadlineRules, now: datetime) -> list[Silence]:
    """Citizens who have heard nothing for so long that silence will soon count as refusal (İYUK 10)."""
    _require_reports(actor)
    days = min(SILENT_AFTER, rules.policy.silence_days)
    found = await rows.silent(session, received_before=now - timedelta(days=days), limit=LISTED)
    return [
        Silence(application=one, ends_at=due.at)
        for one, course in zip(found, await courses_of(session, found), strict=True)
        for due in duties(course, policy=rules.policy, calendar=rules.calendar)
        if due.duty is Duty.SILENCE and due.at is not None
    ]


def _require_reports(actor: Actor) -> None:
    if not actor.may(Action.SEE_REPORTS) or not actor.may(Action.EXPORT):
        raise ForbiddenError("Geciken başvurular listesini takım liderleri ve yöneticiler görür.")
