"""By turn, by skill and load, shifts and taking over. 1 June 2026 is a Monday; 09:00 in İzmir is 06:00 UTC."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.rules.assignment import Absence, Method, Shift, Work, Worker, is_there, propose, take_over
from models.enums import ChannelName, Urgency

IZMIR = ZoneInfo("Europe/Istanbul")
MORNING = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY_SHIFT = Shift(start=time(8), end=time(17), weekdays=frozenset(range(5)))
NIGHT_SHIFT = Shift(start=time(23), end=time(7), weekdays=frozenset({6}))
WORK = Work(channel=ChannelName.TWITTER, topic="otobus_sefer")


def worker(number: int, **facts: Any) -> Worker:
    return Worker(id=number, **facts)


def proposed(workers: list[Worker], method: Method, work: Work = WORK, now: datetime = MORNING) -> int | None:
    found = propose(workers, work, method=method, now=now, zone=IZMIR)
    return found.id if found else None


@pytest.mark.parametrize(
    ("shift", "hours", "there"),
    [
        (DAY_SHIFT, 0, True),
        (DAY_SHIFT, 8, False),
        (DAY_SHIFT, -24, False),
        (NIGHT_SHIFT, -3, True),
        (NIGHT_SHIFT, -9.5, True),
        (NIGHT_SHIFT, 0, False),
        (NIGHT_SHIFT, 21, False),
    ],
    ids=["by day", "after 17:00", "on Sunday", "Monday 06:00", "Sunday 23:30", "Monday 09:00", "Tuesday 06:00"],
)
def test_shifts(shift: Shift, hours: float, there: bool) -> None:
    """[İ8a2, İ8a7] The desk works in shifts on seven days; a shift over midnight belongs to the day it begins."""
    assert is_there(worker(1, shifts=(shift,)), now=MORNING + hours * HOUR, zone=IZMIR) is there


def test_who_is_on_leave_or_signed_out_is_not_there() -> None:
    """[İ17d, İ18e] Leave, sick leave and breaks take a worker out of the distribution."""
    away = Absence(start=MORNING - HOUR, end=MORNING + HOUR)
    assert not is_there(worker(1, absences=(away,)), now=MORNING, zone=IZMIR)
    assert is_there(worker(1, absences=(away,)), now=MORNING + HOUR, zone=IZMIR)
    assert not is_there(worker(1, absences=(Absence(start=MORNING),)), now=MORNING + 99 * HOUR, zone=IZMIR)
    assert not is_there(worker(1, signed_in=False), now=MORNING, zone=IZMIR)


def test_by_turn_goes_to_who_waited_longest() -> None:
    """[İ18b] By turn among those present: who was given something longest ago is next, newcomers first."""
    late, early = worker(1, last_given_at=MORNING - HOUR), worker(2, last_given_at=MORNING - 2 * HOUR)
    assert proposed([late, early], Method.BY_TURN) == 2
    assert proposed([late, early, worker(3)], Method.BY_TURN) == 3
    assert proposed([late, worker(2, signed_in=False)], Method.BY_TURN) == 1


def test_turns_come_out_even() -> None:
    """[İ18b] Over a day of work the turns differ by one at most."""
    given: dict[int, datetime | None] = dict.fromkeys((1, 2, 3))
    counts = dict.fromkeys(given, 0)
    for minute in range(100):
        now = MORNING + timedelta(minutes=minute)
        chosen = proposed([worker(n, last_given_at=at) for n, at in given.items()], Method.BY_TURN, now=now)
        assert chosen is not None
        given[chosen], counts[chosen] = now, counts[chosen] + 1
    assert max(counts.values()) - min(counts.values()) <= 1


def test_by_skill_goes_to_who_knows_the_topic() -> None:
    """[İ18b] By skill: who is named for the topic goes before who may do everything; load decides among equals."""
    knows = worker(1, topics=frozenset({"otobus_sefer"}), load=9)
    other = worker(2, topics=frozenset({"agac"}))
    anything = worker(3)
    assert proposed([knows, other, anything], Method.BY_SKILL) == 1
    assert proposed([other, anything], Method.BY_SKILL) == 3
    assert proposed([other], Method.BY_SKILL) is None
    assert proposed([worker(4, load=5), worker(5, load=2)], Method.BY_SKILL) == 5


def test_channels_are_kept() -> None:
    """[İ8a2] Who does not work a channel is given nothing from it."""
    whatsapp = worker(1, channels=frozenset({ChannelName.WHATSAPP}))
    assert proposed([whatsapp], Method.BY_TURN) is None
    assert proposed([whatsapp, worker(2)], Method.BY_SKILL) == 2


def test_nobody_is_given_more_than_she_may_have() -> None:
    """[İ18b] A full worker is passed over; where all are full it waits for a person's decision."""
    assert proposed([worker(1, load=5, most=5), worker(2, load=5, most=6)], Method.BY_SKILL) == 2
    assert proposed([worker(1, load=5, most=5)], Method.BY_TURN) is None


def test_by_hand_proposes_nobody() -> None:
    """[İ18b] Where the desk distributes by hand nothing is proposed."""
    assert proposed([worker(1)], Method.BY_HAND) is None


def test_an_emergency_finds_somebody_under_every_method() -> None:
    """[İ7b2, İ7b3] An emergency is given at once, by hand or not, full or not, skilled or not."""
    emergency = Work(channel=ChannelName.TWITTER, topic="yangin_afet", urgency=Urgency.EMERGENCY)
    full = worker(1, load=5, most=5, topics=frozenset({"agac"}))
    assert proposed([full], Method.BY_HAND, emergency) == 1
    assert proposed([worker(2, signed_in=False)], Method.BY_HAND, emergency) is None


def taken_over(owner: Worker, work: Work = WORK, waiting: float = 20, now: datetime = MORNING) -> int | None:
    found = take_over(owner, [owner, worker(2)], work, waiting_since=now - waiting * HOUR, now=now, zone=IZMIR)
    return found.id if found else None


def test_what_waits_for_an_absent_owner_is_taken_over() -> None:
    """[İ8a2, İ17d] An application whose owner is away is taken over by somebody who is there."""
    assert taken_over(worker(1, absences=(Absence(start=MORNING - 20 * HOUR),))) == 2


def test_an_owner_who_is_there_keeps_her_work() -> None:
    """[İ17d] Nothing is taken from an owner who is there."""
    assert taken_over(worker(1)) is None


def test_a_short_absence_takes_nothing_away_but_emergencies() -> None:
    """[İ17d, İ7b3] A break costs nobody her work; an emergency does not wait for its end."""
    on_break = worker(1, absences=(Absence(start=MORNING - HOUR / 2, end=MORNING + HOUR),))
    assert taken_over(on_break) is None
    emergency = Work(channel=ChannelName.TWITTER, topic="agac", urgency=Urgency.EMERGENCY)
    assert taken_over(on_break, emergency, waiting=0.1) == 2


def test_the_end_of_a_shift_counts_as_away() -> None:
    """[İ8a2] After the shift has ended urgent work goes on to the next shift, ordinary work in the morning."""
    day_worker = worker(1, shifts=(DAY_SHIFT,))
    evening = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
    urgent = Work(channel=ChannelName.TWITTER, topic="agac", urgency=Urgency.HIGH)
    assert taken_over(day_worker, now=evening) is None
    assert taken_over(day_worker, urgent, now=evening) == 2


def test_who_should_be_there_and_is_not_counts_as_away() -> None:
    """[İ18e] Whoever does not come to her shift loses what waits, not only after the shift's end."""
    assert taken_over(worker(1, shifts=(DAY_SHIFT,), signed_in=False)) == 2


def test_nobody_else_there_takes_nothing_over() -> None:
    """[İ7b2] Where nobody is there the proposal is empty; the duty desk is alerted by its own rule."""
    owner = worker(1, signed_in=False)
    found = take_over(owner, [owner], WORK, waiting_since=MORNING - 20 * HOUR, now=MORNING, zone=IZMIR)
    assert found is None
