"""Times in Turkish, as a person reads them: age, time left, clock and date. The present is passed in."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.turkish import MONTHS

DAYS = "Pazartesi Salı Çarşamba Perşembe Cuma Cumartesi Pazar".split()
SOON = timedelta(days=2)


class Tone(StrEnum):
    """How much a time presses; always shown with words beside the colour."""

    PLAIN = "plain"
    SOON = "soon"
    LATE = "late"


class Moment(NamedTuple):
    """A time in few words, and exactly for the tooltip."""

    text: str
    exact: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Moments:
    """The present and the zone in which all times are shown."""

    now: datetime
    zone: ZoneInfo
    _here: datetime = field(init=False, repr=False)
    """The present in the zone."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_here", self.now.astimezone(self.zone))

    def age(self, then: datetime) -> Moment:
        """`4 dk`, `3 sa`, `dün`, `4 gün`, `12 Kasım`."""
        local = self._local(then)
        passed, days = self.now - then, (self._here.date() - local.date()).days
        if passed < timedelta(minutes=1):
            text = "şimdi"
        elif passed < timedelta(hours=1):
            text = f"{_minutes(passed)} dk"
        elif days == 0 or passed < timedelta(hours=6):
            text = f"{_minutes(passed) // 60} sa"
        elif days == 1:
            text = "dün"
        else:
            text = f"{days} gün" if days < 7 else self._day(local)
        return Moment(text=text, exact=self._exact(local))

    def left(self, due: datetime) -> Moment:
        """`2 sa 10 dk`, `5 gün`, `3 gün gecikti`."""
        left = due - self.now
        if left < timedelta(0):
            return Moment(text=f"{_length(-left)} gecikti", exact=self.exact(due), tone=Tone.LATE)
        tone = Tone.SOON if left < SOON else Tone.PLAIN
        return Moment(text=_length(left), exact=self.exact(due), tone=tone)

    def exact(self, then: datetime) -> str:
        """`1 Aralık Salı 23.59`, with the year where it is another one."""
        return self._exact(self._local(then))

    def day(self, then: datetime) -> str:
        """`12 Kasım`, with the year where it is another one."""
        return self._day(self._local(then))

    def day_name(self, then: datetime) -> str:
        """`Bugün`, `Dün`, `17 Kasım Salı`."""
        local = self._local(then)
        days = (self._here.date() - local.date()).days
        if days in (0, 1):
            return "Dün" if days else "Bugün"
        return f"{self._day(local)} {DAYS[local.weekday()]}"

    def clock(self, then: datetime) -> str:
        """`14.02`."""
        return f"{self._local(then):%H.%M}"

    def date(self, then: datetime) -> object:
        """The calendar day in the zone, to group by."""
        return self._local(then).date()

    def iso(self, then: datetime) -> str:
        """For `<time datetime>`."""
        return self._local(then).isoformat(timespec="seconds")

    def ends(self) -> tuple[datetime, datetime]:
        """The last moments of today and of this week (Sunday)."""
        midnight = self._here.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1), midnight + timedelta(days=7 - self._here.weekday())

    def _local(self, then: datetime) -> datetime:
        return then.astimezone(self.zone)

    def _exact(self, local: datetime) -> str:
        return f"{self._day(local)} {DAYS[local.weekday()]} {local.hour:02}.{local.minute:02}"

    def _day(self, local: datetime) -> str:
        year = "" if local.year == self._here.year else f" {local.year}"
        return f"{local.day} {MONTHS[local.month - 1]}{year}"


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _length(length: timedelta) -> str:
    minutes = _minutes(length)
    if minutes < 60:
        return f"{minutes} dk"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} sa {rest} dk" if rest else f"{hours} sa"
    return f"{minutes // (24 * 60)} gün"
