"""The spans of time that reports are about, as whole days of the profile's time zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class Span(StrEnum):
    """How long a report looks (directive 004, 9b2, 14p; 001, 11i)."""

    DAY = "daily"
    WEEK = "weekly"
    MONTH = "monthly"
    QUARTER = "quarterly"
    HALF = "half-yearly"
    YEAR = "yearly"


_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF: 6, Span.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, both ends included."""

    span: Span
    first: date
    last: date

    @property
    def before(self) -> "Period":
        return period_of(self.span, self.first - DAY)

    @property
    def after(self) -> "Period":
        return period_of(self.span, self.last + DAY)

    @property
    def days(self) -> Sequence[date]:
        return list(days_between(self.first, self.last))


def period_of(span: Span, day: date) -> Period:
    """The day, week (from Monday on), month … around that day."""
    if span is Span.DAY:
        return Period(span, day, day)
    if span is Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(span, monday, monday + timedelta(days=6))
    months = _MONTHS[span]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    years, month = divmod(first.month - 1 + months, 12)
    return Period(span, first, date(first.year + years, month + 1, 1) - DAY)


def periods_back(span: Span, *, first: date, today: date) -> Iterator[Period]:
    """The running period and those before it, the newest first, back to the one of the first day."""
    period = period_of(span, today)
    while period.last >= first:
        yield period
        period = period.before


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[since, until) of a local day in UTC."""
    since = datetime.combine(day, time.min, tzinfo=zone)
    until = datetime.combine(day + DAY, time.min, tzinfo=zone)
    return since.astimezone(UTC), until.astimezone(UTC)


def days_between(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    while first <= last:
        yield first
        first += DAY
