"""The spans of time that reports are about, as whole days of the profile's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """[since, until) in UTC."""
        since = datetime.combine(self.first, time.min, tzinfo=zone)
        until = datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=zone)
        return since.astimezone(UTC), until.astimezone(UTC)

    @property
    def before(self) -> "Period":
        """The span of equal length just before."""
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1))


def week_ending(last: date) -> Period:
    """The seven days that end with `last`."""
    return Period(last - timedelta(days=6), last)


def week_of(day: date) -> Period:
    """Monday to Sunday around that day."""
    return week_ending(day + timedelta(days=6 - day.weekday()))


def whole_weeks(first: date, today: date) -> list[Period]:
    """Every week that is over, from that of the first day on, the newest first."""
    week, found = week_of(today).before, []
    while week.last >= first:
        found.append(week)
        week = week.before
    return found
