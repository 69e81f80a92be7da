"""Silence that is unusual for hour and weekday, and silence that is not."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from inbox.rules.pulse import pulse

ZONE = ZoneInfo("Europe/Istanbul")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday, three in the afternoon in İzmir."""


def weeks_of(*, now: datetime, by_day: float, by_night: float, bursts: bool = False) -> list[datetime]:
    """Four weeks of arrivals: so many an hour from eight to eight, so many by night."""
    dice, times = random.Random(7), []
    start = now - timedelta(weeks=4)
    while start < now:
        rate = by_day if 8 <= start.astimezone(ZONE).hour < 20 else by_night
        rate *= dice.gammavariate(0.5, 2) if bursts else 1
        moment = start + timedelta(hours=dice.expovariate(rate) if rate else 9)
        while moment < start + timedelta(hours=1):
            times.append(moment)
            moment += timedelta(hours=dice.expovariate(rate))
        start += timedelta(hours=1)
    return times


def until(times: list[datetime], end: datetime) -> list[datetime]:
    return [time for time in times if time <= end]


@pytest.mark.parametrize(("hours", "alarming"), [(0.1, False), (0.5, False), (2, True), (6, True)])
def test_a_busy_account_that_falls_silent_by_day(hours: float, alarming: bool) -> None:
    times = weeks_of(now=NOW, by_day=12, by_night=1)
    assert pulse(until(times, NOW - timedelta(hours=hours)), now=NOW, zone=ZONE).is_alarming is alarming


def test_the_night_is_silent_as_always() -> None:
    dawn = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    times = weeks_of(now=dawn, by_day=12, by_night=0.1)
    assert not pulse(until(times, dawn - timedelta(hours=9)), now=dawn, zone=ZONE).is_alarming


def test_messages_that_come_in_bursts_may_pause_longer() -> None:
    steady = weeks_of(now=NOW, by_day=6, by_night=0.5)
    bursts = weeks_of(now=NOW, by_day=6, by_night=0.5, bursts=True)
    pause = NOW - timedelta(hours=2)
    assert pulse(until(steady, pause), now=NOW, zone=ZONE).is_alarming
    assert not pulse(until(bursts, pause), now=NOW, zone=ZONE).is_alarming


def test_a_quiet_account_never_alarms() -> None:
    times = weeks_of(now=NOW, by_day=0.2, by_night=0.01)
    assert not pulse(until(times, NOW - timedelta(hours=20)), now=NOW, zone=ZONE).is_alarming


@pytest.mark.parametrize("days", [0, 1, 6])
def test_without_a_past_nothing_is_unusual(days: int) -> None:
    times = [time for time in weeks_of(now=NOW, by_day=12, by_night=1) if time > NOW - timedelta(days=days)]
    felt = pulse(until(times, NOW - timedelta(hours=5)), now=NOW, zone=ZONE)
    assert not felt.is_alarming


def test_false_alarms_are_rare() -> None:
    """Every ten minutes of a usual week: hardly any alarm."""
    times = weeks_of(now=NOW + timedelta(days=7), by_day=12, by_night=1, bursts=True)
    moments = [NOW + timedelta(minutes=10 * step) for step in range(6 * 24 * 7)]
    alarms = sum(pulse(until(times, moment), now=moment, zone=ZONE).is_alarming for moment in moments[::7])
    assert alarms <= len(moments[::7]) * 0.01
