"""Days that are over are counted once and kept; the last two, in which the desk still mends, are counted when asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.counts import Counts, sum_of
from inbox.reports.day import backlog, count_day
from inbox.reports.periods import Period, bounds, days_between
from inbox.repositories import day_counts, report_rows
from models.tables import DayCount

KEPT_AFTER = timedelta(days=2)
"""So long labels are corrected and belated messages come in; a kept day never changes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The sum of some days and what was open at their end. `missing`: days that are not counted yet."""

    days: Sequence[date]
    counts: Counts
    backlog: dict[str, int]
    missing: int = 0

    def __getitem__(self, section: str) -> dict[str, int]:
        return self.counts.get(section, {})

    def total(self, section: str) -> int:
        return sum(self[section].values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A period beside the one before. A running one: so far, beside as many days of the one before."""

    period: Period
    is_over: bool
    now: Days
    before: Days


async def first_day(session: AsyncSession, zone: ZoneInfo) -> date | None:
    """The day of the first application; None where there is none."""
    first = await report_rows.first_received(session)
    return first.astimezone(zone).date() if first else None


async def compare(session: AsyncSession, period: Period, *, now: datetime, zone: ZoneInfo) -> Compared:
    today = now.astimezone(zone).date()
    days = [day for day in period.days if day <= today]
    earlier = period.before.days if period.last < today else period.before.days[: len(days)]
    return Compared(
        period=period,
        is_over=period.last < today,
        now=await _read(session, days, now=now, zone=zone),
        before=await _read(session, earlier, now=now, zone=zone),
    )


async def uncounted(session: AsyncSession, *, now: datetime, zone: ZoneInfo) -> list[date]:
    """Days that should be kept and are not, the newest first."""
    first, last = await first_day(session, zone), now.astimezone(zone).date() - KEPT_AFTER
    if first is None:
        return []
    kept = await day_counts.kept_days(session, first, last)
    return [day for day in reversed(list(days_between(first, last))) if day not in kept]


async def counted(session: AsyncSession, day: date, *, now: datetime, zone: ZoneInfo) -> DayCount:
    """A day's counts as they are kept; only reads."""
    since, until = bounds(day, zone)
    return DayCount(
        day=day,
        counts=await count_day(session, since, min(until, now)),
        backlog=await backlog(session, at=min(until, now)),
        counted_at=now,
    )


async def _read(session: AsyncSession, days: Sequence[date], *, now: datetime, zone: ZoneInfo) -> Days:
    """Of days after each other, none of them to come."""
    rows = {row.day: row for row in await day_counts.between(session, days[0], days[-1])}
    fresh = now.astimezone(zone).date() - KEPT_AFTER
    for day in days:
        if day > fresh and day not in rows:
            rows[day] = await counted(session, day, now=now, zone=zone)
    first = await first_day(session, zone)
    missing = [day for day in days if first and day >= first and day not in rows]
    last = rows.get(days[-1])
    return Days(
        days=days,
        counts=sum_of(row.counts for row in rows.values()),
        backlog=last.backlog if last else {},
        missing=len(missing),
    )
