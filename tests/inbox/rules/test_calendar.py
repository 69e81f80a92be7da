"""Working days of Turkey in 2026, checked against the calendar on the wall."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from inbox.rules.calendar import WorkCalendar

IZMIR = ZoneInfo("Europe/Istanbul")


@pytest.fixture
def calendar() -> WorkCalendar:
    return WorkCalendar("TR", zone=IZMIR, leave={date(2026, 5, 25): "İdari izin"})


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 21), "Hafta sonu"),
        (date(2026, 1, 1), "Yılbaşı"),
        (date(2026, 3, 20), "Ramazan Bayramı"),
        (date(2026, 5, 28), "Kurban Bayramı"),
        (date(2026, 7, 15), "Demokrasi ve Millî Birlik Günü"),
        (date(2026, 5, 25), "İdari izin"),
    ],
)
def test_weekends_feasts_and_leave_are_no_working_days(calendar: WorkCalendar, day: date, why: str) -> None:
    """[S4l] Working days leave out weekends, public and religious holidays and administrative leave."""
    assert calendar.day_off(day) == why


@pytest.mark.parametrize("eve", [date(2026, 3, 19), date(2026, 5, 26), date(2026, 10, 28)])
def test_half_days_are_no_working_days(calendar: WorkCalendar, eve: date) -> None:
    """[S4l] The eves of feasts, half a day by law, are left out of working days too."""
    assert not calendar.is_working_day(eve)


def test_working_days_are_counted_from_the_day_after(calendar: WorkCalendar) -> None:
    """[S4l] The 15 working days over Kurban Bayramı: leave, eve and four feast days do not count."""
    assert calendar.after(date(2026, 5, 18), 15) == date(2026, 6, 16)


def test_an_ordinary_day_works(calendar: WorkCalendar) -> None:
    """[İ20a] Nothing but weekends, holidays and leave takes a day out."""
    assert calendar.day_off(date(2026, 11, 20)) is None


def test_no_working_day_moves_to_the_one_before(calendar: WorkCalendar) -> None:
    """[İ15g] A warning that would fall on a day off comes on the working day before."""
    assert calendar.on_or_before(date(2026, 5, 31)) == date(2026, 5, 22)


def test_days_are_local(calendar: WorkCalendar) -> None:
    """[İ20a] Days are days in Europe/Istanbul, not in UTC."""
    assert calendar.day_of(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)) == date(2026, 11, 23)


def test_a_calendar_of_leave_alone_is_refused() -> None:
    """[S4l] A search for working days ends even where there are none."""
    every_day = {
        date.fromordinal(day): "izin" for day in range(date(2026, 1, 1).toordinal(), date(2037, 1, 1).toordinal())
    }
    with pytest.raises(ValueError, match="no working days"):
        WorkCalendar("TR", zone=IZMIR, leave=every_day).after(date(2026, 1, 1), 1)
