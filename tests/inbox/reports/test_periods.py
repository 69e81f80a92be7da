"""Days, weeks, months, quarters, half-years and years, as whole local days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from inbox.reports.naming import when
from inbox.reports.periods import Span, bounds, period_of, periods_back
from models.profile import Profile


@pytest.mark.parametrize(
    ("span", "first", "last", "before", "name"),
    [
        (Span.DAY, (2026, 11, 18), (2026, 11, 18), (2026, 11, 17), "18 Kasım 2026"),
        (Span.WEEK, (2026, 11, 16), (2026, 11, 22), (2026, 11, 9), "16–22 Kasım 2026"),
        (Span.MONTH, (2026, 11, 1), (2026, 11, 30), (2026, 10, 1), "Kasım 2026"),
        (Span.QUARTER, (2026, 10, 1), (2026, 12, 31), (2026, 7, 1), "Ekim–Aralık 2026"),
        (Span.HALF, (2026, 7, 1), (2026, 12, 31), (2026, 1, 1), "Temmuz–Aralık 2026"),
        (Span.YEAR, (2026, 1, 1), (2026, 12, 31), (2025, 1, 1), "2026"),
    ],
)
def test_a_period_around_a_day(span: Span, first: tuple, last: tuple, before: tuple, name: str) -> None:
    """[İ9b2, İ14p, Ç11i] Daily, weekly, monthly, quarterly, half-yearly and yearly, each beside the one before."""
    period = period_of(span, date(2026, 11, 18))
    assert (period.first, period.last) == (date(*first), date(*last))
    assert (period.before.first, period.before.last) == (date(*before), date(*first) - timedelta(days=1))
    assert period.before.after == period
    assert when(period) == name


def test_a_week_over_the_end_of_a_year_is_named() -> None:
    assert when(period_of(Span.WEEK, date(2027, 1, 1))) == "28 Aralık 2026 – 3 Ocak 2027"


def test_the_running_period_comes_first() -> None:
    found = list(periods_back(Span.WEEK, first=date(2026, 11, 11), today=date(2026, 11, 22)))
    assert [one.first for one in found] == [date(2026, 11, 16), date(2026, 11, 9)]


def test_a_day_is_local(profile: Profile) -> None:
    since, until = bounds(date(2026, 11, 16), profile.time_zone)
    assert since == datetime(2026, 11, 15, 21, 0, tzinfo=UTC)
    assert until - since == timedelta(days=1)
