"""Who is reminded of which limit and when: warnings before it, escalation after it (directive 004, 15g, 20a). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from inbox.rules.calendar import WorkCalendar
from inbox.rules.deadlines import Due, Duty
from models.enums import Urgency


class Holder(StrEnum):
    """With whom the next step lies."""

    DESK = "desk"
    UNIT = "unit"


class Recipient(StrEnum):
    """Who is told."""

    OWNER = "owner"
    """The desk's agent who holds it."""
    TEAM_LEAD = "team_lead"
    UNIT = "unit"
    UNIT_CHIEF = "unit_chief"
    CENTRE_CHIEF = "centre_chief"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One notice about one limit; equal reminders are the same, so that each is sent once."""

    duty: Duty
    due_at: datetime
    at: datetime
    recipient: Recipient
    is_warning: bool


MORNING = 9
WARN_DAYS: Mapping[Duty, tuple[int, ...]] = {
    Duty.RETURN: (1,),
    Duty.ANSWER: (7, 3, 1),
    Duty.TELL_SCHEDULE: (7, 3, 1),
    Duty.TARGET_DATE: (14, 3),
    Duty.TELL_OTHER_BODY: (5, 2),
    Duty.FEE: (3,),
    Duty.SILENCE: (10, 5, 2, 1),
}
"""Calendar days before the limit, each moved to the working day before where nobody works on it."""
DESK_DUTIES = frozenset({Duty.TELL_SCHEDULE, Duty.TELL_OTHER_BODY, Duty.FEE, Duty.SILENCE})
"""The desk owes these whoever has the application."""
ESCALATION: Mapping[Holder, tuple[tuple[int, Recipient], ...]] = {
    Holder.UNIT: ((0, Recipient.UNIT), (2, Recipient.UNIT_CHIEF), (4, Recipient.CENTRE_CHIEF)),
    Holder.DESK: ((0, Recipient.OWNER), (1, Recipient.TEAM_LEAD), (2, Recipient.CENTRE_CHIEF)),
}
"""Days after the limit and who is told then."""
PACE: Mapping[Urgency, float] = {Urgency.NORMAL: 1.0, Urgency.HIGH: 0.5, Urgency.EMERGENCY: 0.0}
"""Factor on the days of ESCALATION: an emergency goes to all of them at once."""
LAST_CALL_DAYS = 2
"""So close to the end of silence the centre's chief is told already: it never runs out unseen."""


def reminders(
    due: Due, *, holder: Holder, urgency: Urgency, started_at: datetime, calendar: WorkCalendar
) -> tuple[Reminder, ...]:
    """All notices about a limit in order of time; none while its clock stands."""
    if due.at is None:
        return ()
    who = Holder.DESK if due.duty in DESK_DUTIES else holder
    plan = {*_warnings(due.duty, due.at, who=who, calendar=calendar), *_escalations(due.duty, due.at, who, urgency)}
    return tuple(sorted((r for r in plan if r.at >= started_at), key=lambda r: (r.at, r.recipient)))


def pending(plan: Iterable[Reminder], *, now: datetime, sent: frozenset[Reminder]) -> list[Reminder]:
    """What should have been sent by now. Warnings whose limit is over are left out: the escalation says more."""
    return [r for r in plan if r.at <= now and r not in sent and not (r.is_warning and r.due_at < now)]


def _warnings(duty: Duty, due_at: datetime, *, who: Holder, calendar: WorkCalendar) -> Iterable[Reminder]:
    first = ESCALATION[who][0][1]
    for days in WARN_DAYS[duty]:
        day = calendar.on_or_before(calendar.day_of(due_at) - timedelta(days=days))
        at = calendar.at(day, MORNING)
        yield Reminder(duty=duty, due_at=due_at, at=at, recipient=first, is_warning=True)
        if duty is Duty.SILENCE and days <= LAST_CALL_DAYS:
            yield Reminder(duty=duty, due_at=due_at, at=at, recipient=Recipient.CENTRE_CHIEF, is_warning=True)


def _escalations(duty: Duty, due_at: datetime, who: Holder, urgency: Urgency) -> Iterable[Reminder]:
    for days, recipient in ESCALATION[who]:
        at = due_at + timedelta(days=days) * PACE[urgency]
        yield Reminder(duty=duty, due_at=due_at, at=at, recipient=recipient, is_warning=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An application that a unit has not answered in time."""

    number: str
    unit: str
    duty: Duty
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRow:
    """A line of the official letter's list."""

    number: str
    duty: Duty
    days_late: int


def letter_list(rows: Iterable[Late], *, now: datetime, calendar: WorkCalendar) -> dict[str, list[LetterRow]]:
    """What is late, by unit, the latest first: for the letter that the centre's chief writes to the unit."""
    late = sorted((row for row in rows if row.due_at < now), key=lambda row: (row.unit, row.due_at, row.number))
    return {
        unit: [
            LetterRow(
                number=row.number, duty=row.duty, days_late=(calendar.day_of(now) - calendar.day_of(row.due_at)).days
            )
            for row in of_unit
        ]
        for unit, of_unit in groupby(late, key=lambda row: row.unit)
    }
