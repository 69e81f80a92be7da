"""Working days: weekends, public and religious holidays, half days and administrative leave are none. Pure.

Religious days of coming years are computed ahead by `holidays`; what the Official Gazette adds comes in as leave.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays

SATURDAY = 5
LANGUAGES = {"TR": "tr"}
LONGEST_WALK = 3660
"""Days; a walk that finds no working day in ten years is a mistake in the calendar."""


class WorkCalendar:
    """The working days of one country and time zone. A half day (the eve of a feast) counts as a holiday."""

    def __init__(self, country: str, *, zone: ZoneInfo, leave: Mapping[date, str] | None = None) -> None:
        self.zone = zone
        self._leave = dict(leave or {})
        """Administrative leave, which the administrator adds: day and reason."""
        self._holidays = holidays.country_holidays(
            country, categories=(holidays.PUBLIC, holidays.HALF_DAY), language=LANGUAGES.get(country)
        )

    def day_off(self, day: date) -> str | None:
        """Why nobody works on this day; None on a working day."""
        if day in self._leave:
            return self._leave[day]
        return self._holidays.get(day) or ("Hafta sonu" if day.weekday() >= SATURDAY else None)

    def is_working_day(self, day: date) -> bool:
        return self.day_off(day) is None

    def after(self, day: date, working_days: int) -> date:
        """The `working_days`-th working day after `day`; `day` itself does not count."""
        for _ in range(LONGEST_WALK):
            if working_days <= 0:
                return day
            day += timedelta(days=1)
            working_days -= self.is_working_day(day)
        raise ValueError("the calendar has no working days")

    def on_or_before(self, day: date) -> date:
        """The day itself where somebody works on it, else the last working day before it."""
        while not self.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def day_of(self, moment: datetime) -> date:
        """The local day on which a moment falls."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The last moment of a local day, as UTC."""
        return datetime.combine(day, time.max, tzinfo=self.zone).astimezone(UTC)

    def at(self, day: date, hour: int) -> datetime:
        """An hour of a local day, as UTC."""
        return datetime.combine(day, time(hour), tzinfo=self.zone).astimezone(UTC)
