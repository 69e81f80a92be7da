"""Every limit of directive 004 and of the laws it names, on plain values. 1 June 2026 is a Monday."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.rules.calendar import WorkCalendar
from inbox.rules.deadlines import (
    Course,
    DeadlineClass,
    Duty,
    Pause,
    Policy,
    answer_due,
    answer_limit,
    duties,
    policy_of,
)
from models.enums import Urgency
from models.errors import InputError
from models.profile import load_profile

IZMIR = ZoneInfo("Europe/Istanbul")
RECEIVED = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CALENDAR = WorkCalendar("TR", zone=IZMIR)
POLICY = Policy()


def limit_day(policy: Policy = POLICY, calendar: WorkCalendar = CALENDAR, **facts: Any) -> date | None:
    course = Course(**{"received_at": RECEIVED, **facts})
    limit = answer_limit(course, policy=policy, calendar=calendar)
    return calendar.day_of(limit) if limit else None


def owed(**facts: Any) -> dict[Duty, date | None]:
    course = Course(**{"received_at": RECEIVED, **facts})
    found = duties(course, policy=POLICY, calendar=CALENDAR)
    return {due.duty: CALENDAR.day_of(due.at) if due.at else None for due in found}


def paused(start: int, end: int | None, **facts: Any) -> Pause:
    ended = RECEIVED + end * DAY if end is not None else None
    return Pause(**{"reason": "Eksik bilgi istendi", "started_at": RECEIVED + start * DAY, "ended_at": ended, **facts})


def test_a_unit_returns_within_three_days() -> None:
    """[İ20a] A unit returns an application that is not its own within 3 days of the routing."""
    assert owed(routed_at=RECEIVED + 5 * DAY)[Duty.RETURN] == date(2026, 6, 9)


def test_each_routing_starts_the_three_days_anew() -> None:
    """[İ20a] The 3 days run from each routing, not from the first."""
    assert owed(routed_at=RECEIVED + 20 * DAY)[Duty.RETURN] == date(2026, 6, 24)


def test_who_has_accepted_returns_nothing() -> None:
    """[İ20a] Once the unit has accepted, its return limit is over; the answer's runs on."""
    assert Duty.RETURN not in owed(routed_at=RECEIVED, taken=True)


def test_what_can_be_answered_at_once_has_seven_days() -> None:
    """[İ20a] What can be answered at once is answered within 7 days of receipt."""
    assert limit_day(deadline_class=DeadlineClass.INSTANT) == date(2026, 6, 8)


def test_what_needs_work_has_thirty_days() -> None:
    """[İ20a] What needs inspection or work is answered within 30 days of receipt; holidays do not move the limit."""
    assert limit_day() == date(2026, 7, 1)
    assert limit_day(received_at=datetime(2026, 4, 27, 7, tzinfo=UTC)) == date(2026, 5, 27), "Kurban Bayramı"


def test_a_limit_ends_with_its_local_day() -> None:
    """[İ20a] The limit is the last moment of its day in Europe/Istanbul, from the local day of receipt."""
    limit = answer_limit(Course(received_at=datetime(2026, 6, 1, 21, 30, tzinfo=UTC)), policy=POLICY, calendar=CALENDAR)
    assert limit is not None
    assert limit.astimezone(IZMIR).strftime("%d.%m %H:%M") == "02.07 23:59"


def test_scheduled_work_ends_on_its_date() -> None:
    """[İ20a] Programa Alındı: the target date takes the place of the 30 days where the citizen was told in time."""
    facts = {"target_date": date(2026, 10, 15), "told_of_schedule_at": RECEIVED + 28 * DAY}
    assert limit_day(**facts) == date(2026, 10, 15)
    assert owed(**facts) == {Duty.TARGET_DATE: date(2026, 10, 15)}


def test_the_citizen_hears_of_the_date_before_day_thirty() -> None:
    """[İ20a] Programa Alındı: the citizen is told before day 30; until then the 30 days run on."""
    untold = owed(target_date=date(2026, 10, 15))
    assert untold[Duty.TELL_SCHEDULE] == date(2026, 6, 30)
    assert untold[Duty.ANSWER] == date(2026, 7, 1)


def test_a_date_told_on_day_thirty_is_told_too_late() -> None:
    """[İ20a] Programa Alındı told on day 30 or later does not lift the 30 days."""
    assert limit_day(target_date=date(2026, 10, 15), told_of_schedule_at=RECEIVED + 30 * DAY) == date(2026, 7, 1)


@pytest.mark.parametrize("by_law", [*DeadlineClass][2:])
def test_a_target_date_lifts_no_limit_of_a_law(by_law: DeadlineClass) -> None:
    """[İ20a] Programa Alındı moves the desk's own limits; those of laws 4982, 3071 and 6698 run on."""
    told = owed(deadline_class=by_law, target_date=date(2026, 10, 15), told_of_schedule_at=RECEIVED + DAY)
    assert Duty.TARGET_DATE not in told
    assert told[Duty.ANSWER] == owed(deadline_class=by_law)[Duty.ANSWER]


def test_bilgi_edinme_has_fifteen_working_days() -> None:
    """[S4l] Bilgi Edinme (law 4982): 15 working days from receipt."""
    assert limit_day(deadline_class=DeadlineClass.INFORMATION) == date(2026, 6, 22)


def test_bilgi_edinme_leaves_holidays_half_days_and_leave_out() -> None:
    """[İ13b] Bilgi Edinme: feasts, eves and administrative leave do not count."""
    with_leave = WorkCalendar("TR", zone=IZMIR, leave={date(2026, 5, 25): "İdari izin"})
    received = datetime(2026, 5, 18, 7, tzinfo=UTC)
    assert limit_day(calendar=with_leave, deadline_class=DeadlineClass.INFORMATION, received_at=received) == date(
        2026, 6, 16
    )


def test_bilgi_edinme_with_another_body_has_thirty_working_days() -> None:
    """[S4l] Bilgi Edinme: 30 working days where another body is needed and the citizen told before day 15."""
    told = {"needs_other_body": True, "told_of_other_body_at": RECEIVED + 15 * DAY}
    assert limit_day(deadline_class=DeadlineClass.INFORMATION, **told) == date(2026, 7, 13)


@pytest.mark.parametrize("told_at", [None, RECEIVED + 21 * DAY])
def test_bilgi_edinme_stays_at_fifteen_where_nobody_was_told_in_time(told_at: datetime | None) -> None:
    """[S4l] Bilgi Edinme: told on day 15 or never, the limit stays at 15 working days."""
    told = {"needs_other_body": True, "told_of_other_body_at": told_at}
    assert limit_day(deadline_class=DeadlineClass.INFORMATION, **told) == date(2026, 6, 22)


def test_the_citizen_hears_of_the_other_body_before_day_fifteen() -> None:
    """[S4l] Bilgi Edinme: telling the citizen of the other body is a duty of its own, before day 15."""
    found = owed(deadline_class=DeadlineClass.INFORMATION, needs_other_body=True)
    assert found[Duty.TELL_OTHER_BODY] == date(2026, 6, 21)


def test_a_fee_notice_stops_the_clock() -> None:
    """[İ13b] Bilgi Edinme: a fee notice stops the clock; paid, the rest of the working days runs."""
    waiting = paused(4, None, is_fee_notice=True)
    assert limit_day(deadline_class=DeadlineClass.INFORMATION, pauses=(waiting,)) is None
    paid = paused(4, 11, is_fee_notice=True)
    assert limit_day(deadline_class=DeadlineClass.INFORMATION, pauses=(paid,)) == date(2026, 6, 29)


def test_an_unpaid_fee_has_an_end() -> None:
    """[S4l] Bilgi Edinme: a fee notice waits 15 working days (law 4982, 11), so that nothing stands for ever."""
    found = owed(deadline_class=DeadlineClass.INFORMATION, pauses=(paused(4, None, is_fee_notice=True),))
    assert found[Duty.FEE] == date(2026, 6, 26)
    assert found[Duty.ANSWER] is None


@pytest.mark.parametrize(
    "deadline_class",
    [
        pytest.param(DeadlineClass.CIMER, id="CİMER"),
        pytest.param(DeadlineClass.OPEN_DOOR, id="Açık Kapı"),
        pytest.param(DeadlineClass.PERSONAL_DATA, id="KVKK"),
    ],
)
def test_legal_requests_have_thirty_days(deadline_class: DeadlineClass) -> None:
    """[İ13c, İ6a16] CİMER, Açık Kapı (law 3071) and KVKK requests (law 6698) are answered within 30 days."""
    assert limit_day(deadline_class=deadline_class) == date(2026, 7, 1)


def test_a_longer_limit_of_the_house_does_not_move_the_laws() -> None:
    """[İ13c] The 30 days of CİMER are the law's: the profile's own limit cannot lengthen them."""
    assert limit_day(Policy(normal_days=45), deadline_class=DeadlineClass.CIMER) == date(2026, 7, 1)


def test_a_topic_may_have_a_shorter_limit() -> None:
    """[İ20a] Hizmet standardı: the profile may set a shorter limit per topic, never a longer one."""
    policy = Policy(topic_days={"rogar": 2, "agac": 60})
    assert limit_day(policy, topic="rogar") == date(2026, 6, 3)
    assert limit_day(policy, topic="agac") == date(2026, 7, 1)


def test_urgency_may_shorten_the_limit() -> None:
    """[İ7b3] The profile may set shorter limits for what is urgent; the shortest counts."""
    policy = Policy(topic_days={"rogar": 2}, urgency_days={Urgency.EMERGENCY: 1, Urgency.HIGH: 5})
    assert limit_day(policy, topic="rogar", urgency=Urgency.EMERGENCY) == date(2026, 6, 2)
    assert limit_day(policy, topic="rogar", urgency=Urgency.HIGH) == date(2026, 6, 3)


def test_limits_of_the_law_know_no_shorter_ones() -> None:
    """[İ13b] Bilgi Edinme and KVKK keep the law's limit whatever the topic's is."""
    policy = Policy(topic_days={"yasal_basvuru": 5})
    assert limit_day(policy, topic="yasal_basvuru", deadline_class=DeadlineClass.INFORMATION) == date(2026, 6, 22)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_pause_needs_a_reason(reason: str) -> None:
    """[İ20a] A pause without a reason is refused."""
    with pytest.raises(InputError):
        Pause(reason=reason, started_at=RECEIVED)


def test_a_pause_does_not_end_before_it_began() -> None:
    """[İ20a] A pause ends after it began."""
    with pytest.raises(InputError):
        paused(4, 3)


def test_a_pause_moves_the_limit_by_its_days() -> None:
    """[İ20a] The days of a pause do not count; two pauses that overlap count once."""
    assert limit_day(pauses=(paused(2, 7),)) == date(2026, 7, 6)
    assert limit_day(pauses=(paused(2, 7), paused(5, 9))) == date(2026, 7, 8)
    assert limit_day(pauses=(paused(2, 2),)) == date(2026, 7, 1)


def test_while_paused_there_is_no_limit() -> None:
    """[İ20a] While the clock stands there is no limit."""
    course = Course(received_at=RECEIVED, pauses=(paused(2, None),))
    assert answer_limit(course, policy=POLICY, calendar=CALENDAR) is None


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"pauses": (paused(2, None),)},
        {"pauses": (paused(2, 20),)},
        {"target_date": date(2026, 12, 1)},
        {"deadline_class": DeadlineClass.INFORMATION, "pauses": (paused(2, None, is_fee_notice=True),)},
    ],
)
def test_nothing_moves_the_thirty_days_of_silence(facts: dict[str, Any]) -> None:
    """[İYUK 10] 30 days of silence count as refusal: no pause, schedule or class moves that guard."""
    assert owed(**facts)[Duty.SILENCE] == date(2026, 7, 1)


@pytest.mark.parametrize("word", ["first_word_at", "answered_at", "told_of_schedule_at"])
def test_a_word_to_the_citizen_ends_the_silence(word: str) -> None:
    """[İYUK 10] An answer, an interim notice or a told date ends the silence."""
    assert Duty.SILENCE not in owed(**{word: RECEIVED + DAY})


def test_nothing_is_owed_after_the_answer() -> None:
    """[İ20a] After the answer no limit runs."""
    assert owed(answered_at=RECEIVED + DAY, routed_at=RECEIVED, target_date=date(2026, 10, 1)) == {}


def test_the_soonest_duty_comes_first() -> None:
    """[İ20a] What must happen next stands first; standing clocks stand last."""
    course = Course(received_at=RECEIVED, routed_at=RECEIVED, pauses=(paused(1, None),))
    found = [due.duty for due in duties(course, policy=POLICY, calendar=CALENDAR)]
    assert found == [Duty.RETURN, Duty.SILENCE, Duty.ANSWER]


def test_the_profile_sets_the_directives_limits() -> None:
    """[İ20a] The İzmir profile carries the directive's 3, 7 and 30 days."""
    policy = policy_of(load_profile("izmir"))
    assert (policy.return_days, policy.instant_days, policy.normal_days) == (3, 7, 30)


@given(
    minutes=st.integers(0, 5 * 365 * 24 * 60),
    days=st.integers(1, 60),
)
def test_one_limit_has_one_value(minutes: int, days: int) -> None:
    """[İ20a] No limit is computed differently by two paths: the course's and the plain sum agree."""
    moment = RECEIVED + timedelta(minutes=minutes)
    course = answer_limit(Course(received_at=moment), policy=Policy(normal_days=days), calendar=CALENDAR)
    assert course == answer_due(moment, days=days, zone=IZMIR)


@given(start=st.integers(0, 29), length=st.integers(0, 60))
def test_a_pause_never_shortens(start: int, length: int) -> None:
    """[İ20a] A pause of n days moves the limit by exactly n days."""
    assert limit_day(pauses=(paused(start, start + length),)) == date(2026, 7, 1) + length * DAY
