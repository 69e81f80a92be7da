"""Warnings before a limit, escalation after it, and the list for the official letter."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.rules.calendar import WorkCalendar
from inbox.rules.deadlines import Due, Duty
from inbox.rules.escalation import Holder, Late, LetterRow, Recipient, Reminder, letter_list, pending, reminders
from models.enums import Urgency

CALENDAR = WorkCalendar("TR", zone=ZoneInfo("Europe/Istanbul"))
STARTED = datetime(2026, 6, 1, 7, tzinfo=UTC)
END = CALENDAR.end_of(date(2026, 7, 1))


def plan(
    duty: Duty = Duty.ANSWER,
    holder: Holder = Holder.UNIT,
    urgency: Urgency = Urgency.NORMAL,
    end: datetime | None = END,
) -> tuple[Reminder, ...]:
    return reminders(Due(duty=duty, at=end), holder=holder, urgency=urgency, started_at=STARTED, calendar=CALENDAR)


def after(found: tuple[Reminder, ...]) -> list[tuple[date, Recipient]]:
    return [(CALENDAR.day_of(r.at), r.recipient) for r in found if not r.is_warning]


def test_warnings_come_before_the_limit() -> None:
    """[İ15g] The unit is warned before the limit, on working days."""
    days = [CALENDAR.day_of(r.at) for r in plan() if r.is_warning]
    assert days == [date(2026, 6, 24), date(2026, 6, 26), date(2026, 6, 30)], "28 June is a Sunday"


def test_a_unit_its_chief_and_the_centres_chief_are_told_in_turn() -> None:
    """[İ15g] After the limit: to the unit, then its chief; then the centre's chief."""
    assert after(plan()) == [
        (date(2026, 7, 1), Recipient.UNIT),
        (date(2026, 7, 3), Recipient.UNIT_CHIEF),
        (date(2026, 7, 5), Recipient.CENTRE_CHIEF),
    ]


def test_the_desk_answers_for_what_it_holds() -> None:
    """[İ15g] What the desk itself holds goes to the owner, the team lead, the centre's chief."""
    assert [who for _, who in after(plan(holder=Holder.DESK))] == [
        Recipient.OWNER,
        Recipient.TEAM_LEAD,
        Recipient.CENTRE_CHIEF,
    ]


@pytest.mark.parametrize("duty", [Duty.TELL_SCHEDULE, Duty.TELL_OTHER_BODY, Duty.FEE, Duty.SILENCE])
def test_the_desks_duties_stay_with_the_desk(duty: Duty) -> None:
    """[İ20a] Telling the citizen is the desk's duty even while the unit has the application."""
    assert {r.recipient for r in plan(duty)} <= {Recipient.OWNER, Recipient.TEAM_LEAD, Recipient.CENTRE_CHIEF}


def test_an_emergency_goes_to_everybody_at_once() -> None:
    """[İ7b3] A late emergency does not wait for the chain."""
    assert {CALENDAR.day_of(r.at) for r in plan(urgency=Urgency.EMERGENCY) if not r.is_warning} == {date(2026, 7, 1)}


def test_what_is_urgent_climbs_twice_as_fast() -> None:
    """[İ15g] Urgent applications reach the chiefs in half the time."""
    assert after(plan(urgency=Urgency.HIGH))[-1] == (date(2026, 7, 3), Recipient.CENTRE_CHIEF)


def test_silence_reaches_the_chief_before_it_has_run_out() -> None:
    """[İYUK 10] The chief hears of the 30 days of silence two working days before they end."""
    chiefs = [r for r in plan(Duty.SILENCE) if r.recipient is Recipient.CENTRE_CHIEF and r.is_warning]
    assert [CALENDAR.day_of(r.at) for r in chiefs] == [date(2026, 6, 29), date(2026, 6, 30)]


def test_no_warning_from_before_the_application() -> None:
    """[İ20a] A limit of two days has no warning a week before."""
    assert all(r.at >= STARTED for r in plan(end=CALENDAR.end_of(date(2026, 6, 3))))


def test_a_standing_clock_reminds_nobody() -> None:
    """[İ20a] While the answer's clock stands nobody is reminded of it."""
    assert plan(end=None) == ()


def test_each_reminder_is_sent_once() -> None:
    """[İ15g] What was sent is not sent again; warnings whose limit is over are dropped."""
    now = END + timedelta(hours=1)
    due = pending(plan(), now=now, sent=frozenset())
    assert [(r.recipient, r.is_warning) for r in due] == [(Recipient.UNIT, False)]
    assert pending(plan(), now=now, sent=frozenset(due)) == []


def test_the_letter_lists_what_is_late_by_unit() -> None:
    """[İ15g] The centre's chief gets the late applications by unit, the latest first, for the official letter."""
    rows = [
        Late(number="HİM-2", unit="izsu", duty=Duty.ANSWER, due_at=END - timedelta(days=2)),
        Late(number="HİM-1", unit="izsu", duty=Duty.ANSWER, due_at=END - timedelta(days=9)),
        Late(number="HİM-3", unit="eshot", duty=Duty.RETURN, due_at=END - timedelta(days=1)),
        Late(number="HİM-4", unit="eshot", duty=Duty.ANSWER, due_at=END + timedelta(days=1)),
    ]
    assert letter_list(rows, now=END, calendar=CALENDAR) == {
        "eshot": [LetterRow(number="HİM-3", duty=Duty.RETURN, days_late=1)],
        "izsu": [
            LetterRow(number="HİM-1", duty=Duty.ANSWER, days_late=9),
            LetterRow(number="HİM-2", duty=Duty.ANSWER, days_late=2),
        ],
    }
