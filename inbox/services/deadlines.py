"""The one path to `Application.due_at`: whoever changes what a limit depends on calls `refresh_due` afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import deadlines as rows
from inbox.repositories import organisation
from inbox.rules.calendar import WorkCalendar
from inbox.rules.deadlines import Course, Pause, Policy, answer_limit, policy_of
from models.profile import Profile
from models.tables import Application, DeadlinePause


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRules:
    """The limits of the organisation and the days on which it works, as they stand now."""

    policy: Policy
    calendar: WorkCalendar


async def read_rules(session: AsyncSession, profile: Profile) -> DeadlineRules:
    """The profile's limits with what the administrator changed: shorter limits of topics, administrative leave."""
    topics = {topic.id: topic.days for topic in await organisation.all_topics(session) if topic.days}
    leave = tuple((day, reason) for day, reason in await rows.leave_days(session))
    return DeadlineRules(
        policy=replace(policy_of(profile), topic_days=topics),
        calendar=_calendar(profile.holiday_country, profile.time_zone, leave),
    )


@lru_cache(maxsize=8)
def _calendar(country: str, zone: ZoneInfo, leave: tuple[tuple[date, str], ...]) -> WorkCalendar:
    return WorkCalendar(country, zone=zone, leave=dict(leave))


async def refresh_due(session: AsyncSession, applications: Sequence[Application], *, rules: DeadlineRules) -> None:
    """Set `due_at` of applications, new ones too. While a clock stands it is the limit as if the clock ran."""
    pauses = await rows.pauses_of(session, {one.id for one in applications if one.id is not None})
    for application in applications:
        course = course_of(application, pauses.get(application.id or 0, ()))
        running = replace(course, pauses=tuple(pause for pause in course.pauses if pause.ended_at is not None))
        due_at = answer_limit(running, policy=rules.policy, calendar=rules.calendar)
        assert due_at is not None
        application.due_at = due_at


async def courses_of(session: AsyncSession, applications: Sequence[Application]) -> list[Course]:
    """What the limits of each application depend on, in the order given, in one query."""
    pauses = await rows.pauses_of(session, {one.id or 0 for one in applications})
    return [course_of(one, pauses.get(one.id or 0, ())) for one in applications]


def course_of(application: Application, pauses: Iterable[DeadlinePause]) -> Course:
    return Course(
        received_at=application.received_at,
        deadline_class=application.deadline_class,
        topic=application.topic,
        urgency=application.urgency,
        routed_at=application.routed_at if application.routed_unit else None,
        taken=application.accepted_at is not None,
        target_date=application.target_date,
        told_of_schedule_at=application.told_of_schedule_at,
        needs_other_body=application.needs_other_body,
        told_of_other_body_at=application.told_of_other_body_at,
        pauses=tuple(
            Pause(
                reason=pause.reason,
                started_at=pause.started_at,
                ended_at=pause.ended_at,
                is_fee_notice=pause.is_fee_notice,
            )
            for pause in pauses
        ),
        first_word_at=application.first_word_at,
        answered_at=application.answered_at,
    )
