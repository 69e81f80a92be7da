"""Counts how the classifier fares week by week, and notices when a week is worse than those before it."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import learning
from inbox.rules.drift import WEEKS, DriftSign, WeekFigures, drift_signs, week_start
from models.tables import ModelWeek

COUNTED_AGAIN = 4
"""So many past weeks are counted anew each time: people correct later."""


async def count_weeks(session: AsyncSession, *, now: datetime, zone: tzinfo) -> list[ModelWeek]:
    """This week and the last ones, counted anew, oldest first; `alarmed_at` is now where a sign of drift is new."""
    first = await learning.first_classified(session)
    if first is None:
        return []
    known = {week.began_at: week for week in await learning.weeks(session, most=WEEKS + COUNTED_AGAIN + 1)}
    counted = []
    for began_at in _weeks_to_count(first, now, zone, known=set(known)):
        week = await _counted(session, began_at, now=now, zone=zone)
        before = [figures_of(known[key]) for key in sorted(known) if key < began_at]
        week.alarms = [sign.value for sign in drift_signs(figures_of(week), before)]
        earlier = known.get(began_at)
        week.alarmed_at = _alarmed_at(week, earlier, now)
        known[began_at] = week
        counted.append(week)
    return counted


def _alarmed_at(week: ModelWeek, earlier: ModelWeek | None, now: datetime) -> datetime | None:
    if set(week.alarms) - set(earlier.alarms if earlier else ()):
        return now
    return earlier.alarmed_at if earlier else None


async def keep_weeks(session: AsyncSession, weeks: Sequence[ModelWeek]) -> None:
    """Store counted weeks in place of what was known of them."""
    for week in weeks:
        await learning.put_week(session, week)


def figures_of(week: ModelWeek) -> WeekFigures:
    """A stored week, as the rule reads it."""
    return WeekFigures(
        turns=week.turns,
        confidence=week.confidence,
        auto=week.auto,
        unknown_words=week.unknown_words,
        judged=week.judged,
        topic_corrected=week.topic_corrected,
        unit_corrected=week.unit_corrected,
    )


def signs_of(week: ModelWeek) -> list[DriftSign]:
    """The alarms of a stored week."""
    return [sign for sign in DriftSign if sign in week.alarms]


def _weeks_to_count(first: datetime, now: datetime, zone: tzinfo, *, known: set[datetime]) -> list[datetime]:
    """Oldest first: this week, the last ones, and of the weeks to compare with those that nobody counted."""
    current = week_start(now, zone)
    found = []
    for back in range(WEEKS + COUNTED_AGAIN + 1):
        began_at = week_start(current - timedelta(weeks=back) + timedelta(hours=12), zone)
        if began_at < week_start(first, zone):
            break
        if back <= COUNTED_AGAIN or began_at not in known:
            found.append(began_at)
    return found[::-1]


async def _counted(session: AsyncSession, began_at: datetime, *, now: datetime, zone: tzinfo) -> ModelWeek:
    end = week_start(began_at + timedelta(days=7, hours=12), zone)
    counts = await learning.machine_counts(session, since=began_at, until=end)
    pairs = await learning.judgements(session, since=began_at, until=end)
    return ModelWeek(
        began_at=began_at,
        turns=counts.turns,
        confidence=counts.confidence,
        auto=counts.auto,
        unknown_words=counts.unknown_words,
        judged=len(pairs),
        topic_corrected=sum(machine.topic != person.topic for machine, person in pairs),
        unit_corrected=sum(machine.unit != person.unit for machine, person in pairs),
        model_versions=", ".join(one for one in counts.model_versions if one),
        counted_at=now,
    )
