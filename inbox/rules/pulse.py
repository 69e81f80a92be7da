"""Whether an account is unusually silent for its hour and weekday. Pure: the past and the time are passed in."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

WEEKS = 4
"""So far back the past is looked at."""
LEAST_DAYS = 7
"""With less of a past nothing is called unusual."""
LEAST_EXPECTED = 6.0
"""Messages that should have come before silence can mean anything."""
RAREST = 0.00001
"""An alarm where so much silence would come by chance less often than this; a busy day has a hundred pauses."""
LONGEST_LOOK = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How long nothing has come, and how many messages usually come in such a time."""

    silent_for: timedelta
    expected: float
    chance: float
    """Of such a silence, where messages come as they did in the weeks before (0..1)."""

    @property
    def is_alarming(self) -> bool:
        return self.expected >= LEAST_EXPECTED and self.chance < RAREST


def pulse(times: Iterable[datetime], *, now: datetime, zone: tzinfo) -> Pulse:
    """The account's pulse from the times at which messages came in.

    What is expected of an hour is the mean of the same hour on the same weekday, pulled towards the mean of that hour
    on all days, because four values alone say little. Messages come in bursts, so the variance is taken as larger than
    that of independent arrivals (a negative binomial, whose spread is measured on the hours of the past).
    """
    past = sorted(time for time in times if now - timedelta(weeks=WEEKS) <= time <= now)
    if not past or now - past[0] < timedelta(days=LEAST_DAYS):
        return Pulse(silent_for=now - past[-1] if past else timedelta(), expected=0.0, chance=1.0)
    silent_for = min(now - past[-1], LONGEST_LOOK)
    weeks = _Weeks.of(past, began=past[0], now=now - silent_for, zone=zone)
    expected, log_chance = 0.0, 0.0
    for start, share in _hours(now - silent_for, now):
        mean = weeks.mean(start.astimezone(zone)) * share
        expected += mean
        log_chance += _log_chance_of_none(mean, weeks.spread)
    return Pulse(silent_for=now - past[-1], expected=expected, chance=math.exp(log_chance))


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Messages by hour of the week, and of the day, with how often each hour was there."""

    by_week: dict[tuple[int, int], float]
    by_day: dict[int, float]
    spread: float
    """Of the gamma-distributed rate; small where messages come in bursts."""

    @classmethod
    def of(cls, past: list[datetime], *, began: datetime, now: datetime, zone: tzinfo) -> "_Weeks":
        counts = Counter(time.astimezone(zone).replace(minute=0, second=0, microsecond=0) for time in past)
        hours = [start.astimezone(zone) for start, _ in _hours(began, now)]
        slots = [start.replace(minute=0, second=0, microsecond=0) for start in hours]
        week_sum: Counter[tuple[int, int]] = Counter()
        week_n: Counter[tuple[int, int]] = Counter()
        day_sum: Counter[int] = Counter()
        day_n: Counter[int] = Counter()
        for slot in slots:
            week_sum[slot.weekday(), slot.hour] += counts[slot]
            week_n[slot.weekday(), slot.hour] += 1
            day_sum[slot.hour] += counts[slot]
            day_n[slot.hour] += 1
        by_day = {hour: day_sum[hour] / day_n[hour] for hour in day_n}
        by_week = {key: (week_sum[key] + 2 * by_day[key[1]]) / (week_n[key] + 2) for key in week_n}
        return cls(by_week, by_day, _spread([(counts[slot], by_day[slot.hour]) for slot in slots]))

    def mean(self, moment: datetime) -> float:
        return self.by_week.get((moment.weekday(), moment.hour), self.by_day.get(moment.hour, 0.0))


def _hours(start: datetime, end: datetime) -> Iterable[tuple[datetime, float]]:
    """Each begun hour between two times with the share of it (0..1) that lies between them."""
    slot = start.replace(minute=0, second=0, microsecond=0)
    while slot < end:
        following = slot + timedelta(hours=1)
        yield slot, (min(following, end) - max(slot, start)) / timedelta(hours=1)
        slot = following


def _spread(pairs: list[tuple[int, float]]) -> float:
    """By moments: variance = mean + mean² / spread."""
    excess = sum((count - mean) ** 2 - mean for count, mean in pairs)
    squares = sum(mean**2 for _, mean in pairs)
    return max(0.2, squares / excess) if excess > 0 else math.inf


def _log_chance_of_none(mean: float, spread: float) -> float:
    return -mean if math.isinf(spread) else -spread * math.log1p(mean / spread)
