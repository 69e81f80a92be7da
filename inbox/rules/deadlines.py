"""Deadline arithmetic (directive 004, 20a; laws 3071, 4982, 6698; İYUK 10). Pure; a limit ends with its local day.

Days run from the day after receipt or routing. Calendar limits are not moved by holidays: the stricter reading.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from inbox.rules.calendar import LONGEST_WALK, WorkCalendar
from models.enums import ChannelName, DeadlineClass, Kind, Urgency
from models.errors import InputError
from models.profile import Profile


def answer_due(received_at: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """The last moment of the `days`-th calendar day after receipt, as UTC."""
    last_day = received_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last_day, time.max, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of days from receipt. `may_be_shorter`: hizmet standardı and urgency apply."""

    days: int
    working: bool = False
    may_be_shorter: bool = True


ANSWERABLE_AT_ONCE = frozenset({Kind.QUESTION, Kind.THANKS})
"""Kinds that the desk answers from Akıl Kutusu, as long as no unit has to inspect or work."""
_CLASSES_BY_CHANNEL = {
    ChannelName.CIMER: DeadlineClass.CIMER,
    ChannelName.OPEN_DOOR: DeadlineClass.OPEN_DOOR,
    ChannelName.INFORMATION: DeadlineClass.INFORMATION,
}


def deadline_class_of(
    channel: ChannelName, kind: Kind, *, known: DeadlineClass | None = None, routed: bool = False
) -> DeadlineClass:
    """The class of an application; what the law says of its channel, or of a request of a person, stays."""
    if known is DeadlineClass.PERSONAL_DATA:
        return known
    at_once = kind in ANSWERABLE_AT_ONCE and not routed
    return _CLASSES_BY_CHANNEL.get(channel, DeadlineClass.INSTANT if at_once else DeadlineClass.NORMAL)


class Duty(StrEnum):
    """What must have happened by a limit."""

    RETURN = "iade"
    """The unit returns what is not its own."""
    ANSWER = "cevap"
    TELL_SCHEDULE = "program_bildirimi"
    """The citizen hears of the target date."""
    TARGET_DATE = "termin"
    TELL_OTHER_BODY = "sure_uzatimi"
    """The citizen hears that another body is needed."""
    FEE = "ucret"
    """The citizen pays; unpaid, the request counts as withdrawn (law 4982, 11)."""
    SILENCE = "zimni_ret"
    """Any word to the citizen, before silence counts as refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits of one organisation. The defaults are the directive's and the laws'."""

    return_days: int = 3
    instant_days: int = 7
    normal_days: int = 30
    legal_days: int = 30
    """CİMER, Açık Kapı (law 3071), requests of a person (law 6698)."""
    information_days: int = 15
    information_days_other_body: int = 30
    fee_days: int = 15
    silence_days: int = 30
    topic_days: Mapping[str, int] = field(default_factory=dict)
    urgency_days: Mapping[Urgency, int] = field(default_factory=dict)

    def limit(self, deadline_class: DeadlineClass) -> Limit:
        return {
            DeadlineClass.INSTANT: Limit(self.instant_days),
            DeadlineClass.NORMAL: Limit(self.normal_days),
            DeadlineClass.CIMER: Limit(self.legal_days),
            DeadlineClass.OPEN_DOOR: Limit(self.legal_days),
            DeadlineClass.INFORMATION: Limit(self.information_days, working=True, may_be_shorter=False),
            DeadlineClass.PERSONAL_DATA: Limit(self.legal_days, may_be_shorter=False),
        }[deadline_class]


def policy_of(profile: Profile) -> Policy:
    """The limits as the profile sets them."""
    return Policy(
        return_days=profile.return_days,
        instant_days=profile.instant_answer_days,
        normal_days=profile.deadline_days,
        topic_days=profile.topic_days,
        urgency_days=profile.urgency_days,
    )


_OUR_OWN = (DeadlineClass.INSTANT, DeadlineClass.NORMAL)
"""Limits of the directive, not of a law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which the answer's clock stands. Raises InputError without a reason."""

    reason: str
    started_at: datetime
    ended_at: datetime | None = None
    is_fee_notice: bool = False

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError("Süreyi durdurmak için bir gerekçe yazın.")
        if self.ended_at is not None and self.ended_at < self.started_at:
            raise InputError("Duraklatma, başladığı andan önce bitemez.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What of an application its limits depend on. All times are aware."""

    received_at: datetime
    deadline_class: DeadlineClass = DeadlineClass.NORMAL
    topic: str | None = None
    urgency: Urgency = Urgency.NORMAL
    routed_at: datetime | None = None
    """The last routing; each one starts the unit's limit anew."""
    taken: bool = False
    """The unit has accepted it, answered or returned it: nothing left to return."""
    target_date: date | None = None
    """Set while it is scheduled with the desk's consent."""
    told_of_schedule_at: datetime | None = None
    needs_other_body: bool = False
    told_of_other_body_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    first_word_at: datetime | None = None
    """When the citizen first heard more than a receipt: an answer, an interim notice, a date."""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A duty and its end; `at` is None while the clock stands."""

    duty: Duty
    at: datetime | None


def duties(course: Course, *, policy: Policy, calendar: WorkCalendar) -> tuple[Due, ...]:
    """Everything that is still owed, the soonest first, standing clocks last."""
    owed = [due for rule in _RULES if (due := rule(course, policy, calendar))]
    return tuple(sorted(owed, key=lambda due: (due.at is None, due.at or course.received_at)))


def answer_limit(course: Course, *, policy: Policy, calendar: WorkCalendar) -> datetime | None:
    """Until when the citizen must be answered; None while the clock stands. The one path to `due_at`."""
    if _schedule_holds(course, policy, calendar) and course.target_date:
        return calendar.end_of(course.target_date)
    if any(pause.ended_at is None for pause in course.pauses):
        return None
    limit = policy.limit(course.deadline_class)
    ends = [_end(course, _longer(course, limit, policy, calendar), calendar)]
    if limit.may_be_shorter:
        ends += [_end(course, Limit(days), calendar) for days in _shorter_limits(course, policy)]
    return min(ends)


def _shorter_limits(course: Course, policy: Policy) -> list[int]:
    found = (policy.topic_days.get(course.topic or ""), policy.urgency_days.get(course.urgency))
    return [days for days in found if days]


def _longer(course: Course, limit: Limit, policy: Policy, calendar: WorkCalendar) -> Limit:
    """Law 4982: 30 working days where another body is needed and the citizen was told in time."""
    if course.deadline_class is not DeadlineClass.INFORMATION or not course.needs_other_body:
        return limit
    told = course.told_of_other_body_at
    in_time = told is not None and told <= _tell_other_body_by(course, policy, calendar)
    return Limit(policy.information_days_other_body, working=True) if in_time else limit


def _end(course: Course, limit: Limit, calendar: WorkCalendar) -> datetime:
    """Counts days after receipt; the days of a pause do not count, its first day has run already."""
    stopped = [
        (calendar.day_of(pause.started_at), calendar.day_of(pause.ended_at))
        for pause in course.pauses
        if pause.ended_at is not None
    ]
    day, left = calendar.day_of(course.received_at), limit.days
    for _ in range(LONGEST_WALK):
        if left <= 0:
            return calendar.end_of(day)
        day += timedelta(days=1)
        stands = any(first < day <= last for first, last in stopped)
        left -= not stands and (not limit.working or calendar.is_working_day(day))
    raise ValueError("no end within ten years")


def _before_day(course: Course, limit: Limit, calendar: WorkCalendar) -> datetime:
    """The last moment before the limit's last day: «told before day 30»."""
    last_day = calendar.day_of(_end(course, limit, calendar))
    return calendar.end_of(last_day - timedelta(days=1))


def _tell_schedule_by(course: Course, policy: Policy, calendar: WorkCalendar) -> datetime:
    return _before_day(course, Limit(policy.normal_days), calendar)


def _tell_other_body_by(course: Course, policy: Policy, calendar: WorkCalendar) -> datetime:
    return _before_day(course, Limit(policy.information_days, working=True), calendar)


def _schedule_holds(course: Course, policy: Policy, calendar: WorkCalendar) -> bool:
    """A target date lifts the desk's own limit where the citizen was told in time; a law's limit (4982 art. 11, 3071
    art. 7, 6698 art. 13) it never does."""
    told = course.told_of_schedule_at
    if course.target_date is None or told is None or course.deadline_class not in _OUR_OWN:
        return False
    return told <= _tell_schedule_by(course, policy, calendar)


def _return(course: Course, policy: Policy, calendar: WorkCalendar) -> Due | None:
    if course.routed_at is None or course.taken or course.answered_at:
        return None
    return Due(duty=Duty.RETURN, at=answer_due(course.routed_at, days=policy.return_days, zone=calendar.zone))


def _answer(course: Course, policy: Policy, calendar: WorkCalendar) -> Due | None:
    if course.answered_at:
        return None
    duty = Duty.TARGET_DATE if _schedule_holds(course, policy, calendar) else Duty.ANSWER
    return Due(duty=duty, at=answer_limit(course, policy=policy, calendar=calendar))


def _tell_schedule(course: Course, policy: Policy, calendar: WorkCalendar) -> Due | None:
    if course.target_date is None or course.told_of_schedule_at or course.answered_at:
        return None
    return Due(duty=Duty.TELL_SCHEDULE, at=_tell_schedule_by(course, policy, calendar))


def _tell_other_body(course: Course, policy: Policy, calendar: WorkCalendar) -> Due | None:
    if not course.needs_other_body or course.told_of_other_body_at or course.answered_at:
        return None
    if course.deadline_class is not DeadlineClass.INFORMATION:
        return None
    return Due(duty=Duty.TELL_OTHER_BODY, at=_tell_other_body_by(course, policy, calendar))


def _fee(course: Course, policy: Policy, calendar: WorkCalendar) -> Due | None:
    waiting = [pause for pause in course.pauses if pause.is_fee_notice and pause.ended_at is None]
    if not waiting or course.answered_at:
        return None
    asked = calendar.day_of(waiting[-1].started_at)
    return Due(duty=Duty.FEE, at=calendar.end_of(calendar.after(asked, policy.fee_days)))


def _silence(course: Course, policy: Policy, calendar: WorkCalendar) -> Due | None:
    """Moved by nothing: no pause, no schedule that the citizen does not know of, no class."""
    if course.first_word_at or course.told_of_schedule_at or course.answered_at:
        return None
    return Due(duty=Duty.SILENCE, at=answer_due(course.received_at, days=policy.silence_days, zone=calendar.zone))


_RULES = (_return, _answer, _tell_schedule, _tell_other_body, _fee, _silence)
