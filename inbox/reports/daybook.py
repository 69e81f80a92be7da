"""Days that are over are counted once and kept, months as their sum; the last two days, in which the desk still mends,
are counted when asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.reports.counts import Counts, sum_of
from inbox.reports.day import backlog, count_day
from inbox.reports.periods import Period, Span, bounds, days_between, period_of
from inbox.repositories import day_counts, report_rows
from models.tables import DayCount, MonthCount

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
    """A period beside the one before. A running one: so far, beside as many days of the one before.

    `began`: our first day, where it is later than the first of the days before.
    """

    period: Period
    is_over: bool
    now: Days
    before: Days
    began: date | None = None

    @property
    def is_fair(self) -> bool:
        """Whether both are whole, so that more and less mean something."""
        return self.began is None and not self.now.missing and not self.before.missing


async def first_day(session: AsyncSession, zone: ZoneInfo) -> date | None:
    """The day of the first application; None where there is none."""
    first = await report_rows.first_registered(session)
    return first.astimezone(zone).date() if first else None


async def compare(session: AsyncSession, period: Period, *, now: datetime, zone: ZoneInfo) -> Compared:
    today = now.astimezone(zone).date()
    days = [day for day in period.days if day <= today]
    earlier = period.before.days if period.last < today else period.before.days[: len(days)]
    first = await first_day(session, zone)
    return Compared(
        period=period,
        is_over=period.last < today,
        now=await _read(session, days, first=first, now=now, zone=zone),
        before=await _read(session, earlier, first=first, now=now, zone=zone),
        began=first if first and first > earlier[0] else None,
    )


async def uncounted(session: AsyncSession, *, now: datetime, zone: ZoneInfo) -> list[date]:
    """Days that should be kept and are not, the newest first."""
    first, last = await first_day(session, zone), now.astimezone(zone).date() - KEPT_AFTER
    if first is None:
        return []
    kept = await day_counts.kept_days(session, first, last)
    return [day for day in reversed(list(days_between(first, last))) if day not in kept]


async def unsummed(session: AsyncSession, *, now: datetime, zone: ZoneInfo) -> list[date]:
    """First days of the months that are kept day by day and not yet as a sum."""
    first, last = await first_day(session, zone), now.astimezone(zone).date() - KEPT_AFTER
    if first is None:
        return []
    months = {day.replace(day=1) for day in days_between(first, last) if period_of(Span.MONTH, day).last <= last}
    months -= {row.first for row in await day_counts.months_between(session, first.replace(day=1), last)}
    kept = await day_counts.kept_days(session, first, last)
    return sorted(
        month for month in months if all(day in kept for day in period_of(Span.MONTH, month).days if day >= first)
    )


async def summed(session: AsyncSession, month: date) -> MonthCount:
    """The sum of a month's kept days."""
    rows = await day_counts.between(session, month, period_of(Span.MONTH, month).last)
    return MonthCount(first=month, counts=sum_of(row.counts for row in rows))


async def counted(session: AsyncSession, day: date, *, now: datetime, zone: ZoneInfo) -> DayCount:
    """A day's counts as they are kept; only reads."""
    since, until = _span(day, now, zone)
    counts, open_then = await count_day(session, since, until), await backlog(session, at=until)
    return DayCount(day=day, counts=counts, backlog=open_then, counted_at=now)


async def _read(
    session: AsyncSession, days: Sequence[date], *, first: date | None, now: datetime, zone: ZoneInfo
) -> Days:
    """Of days after each other, none of them to come. `first`: before it nothing is missing."""
    months = await _whole_months(session, days)
    rest = [day for day in days if day.replace(day=1) not in months]
    kept = {row.day: row for row in await day_counts.between(session, rest[0], rest[-1])} if rest else {}
    last_kept = now.astimezone(zone).date() - KEPT_AFTER
    fresh = [day for day in rest if day > last_kept and day not in kept]
    missing = [day for day in rest if first and first <= day <= last_kept and day not in kept]
    counts = [*months.values(), *(kept[day].counts for day in rest if day in kept)]
    counts += [await count_day(session, *_span(day, now, zone)) for day in fresh]
    open_then = await _open_at_end(session, days[-1], is_fresh=days[-1] in fresh, now=now, zone=zone)
    return Days(days=days, counts=sum_of(counts), backlog=open_then, missing=len(missing))


async def _whole_months(session: AsyncSession, days: Sequence[date]) -> dict[date, Counts]:
    """By their first days, those that are kept and lie within the days."""
    rows = await day_counts.months_between(session, days[0], days[-1])
    return {row.first: row.counts for row in rows if period_of(Span.MONTH, row.first).last <= days[-1]}


async def _open_at_end(
    session: AsyncSession, day: date, *, is_fresh: bool, now: datetime, zone: ZoneInfo
) -> dict[str, int]:
    if is_fresh:
        return await backlog(session, at=_span(day, now, zone)[1])
    kept = await day_counts.between(session, day, day)
    return kept[0].backlog if kept else {}


def _span(day: date, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[since, until) of a day, as far as it has come."""
    since, until = bounds(day, zone)
    return since, min(until, now)
