"""Times as people read them."""

from datetime import datetime, timedelta

import pytest

from inbox.web.views.moments import Moments, Tone
from models.profile import Profile
from tests.conftest import NOW


@pytest.fixture
def moments(profile: Profile) -> Moments:
    return Moments(NOW, profile.time_zone)


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=-30), "şimdi"),
        (timedelta(seconds=59), "şimdi"),
        (timedelta(minutes=4), "4 dk"),
        (timedelta(minutes=59), "59 dk"),
        (timedelta(hours=1), "1 sa"),
        (timedelta(hours=11, minutes=59), "11 sa"),
        (timedelta(hours=13), "dün"),
        (timedelta(days=1, hours=11), "dün"),
        (timedelta(days=2), "2 gün"),
        (timedelta(days=6), "6 gün"),
        (timedelta(days=7), "16 Kasım"),
        (timedelta(days=400), "19 Ekim 2025"),
    ],
)
def test_age(moments: Moments, ago: timedelta, text: str) -> None:
    assert moments.age(NOW - ago).text == text


@pytest.mark.parametrize(
    ("left", "text", "tone"),
    [
        (timedelta(minutes=9), "9 dk", Tone.SOON),
        (timedelta(hours=2, minutes=10), "2 sa 10 dk", Tone.SOON),
        (timedelta(hours=3), "3 sa", Tone.SOON),
        (timedelta(days=1, hours=20), "1 gün", Tone.SOON),
        (timedelta(days=2), "2 gün", Tone.PLAIN),
        (timedelta(days=-3, minutes=-1), "3 gün gecikti", Tone.LATE),
        (timedelta(minutes=-20), "20 dk gecikti", Tone.LATE),
    ],
)
def test_time_left(moments: Moments, left: timedelta, text: str, tone: Tone) -> None:
    found = moments.left(NOW + left)
    assert (found.text, found.tone) == (text, tone)


def test_exact_times_are_of_the_citys_zone(moments: Moments) -> None:
    assert moments.exact(NOW) == "23 Kasım Pazartesi 12.00"
    assert moments.exact(datetime.fromisoformat("2027-01-01T21:30:00+00:00")) == "2 Ocak 2027 Cumartesi 00.30"
    assert moments.clock(NOW) == "12.00"
    assert [moments.day_name(NOW - timedelta(days=n)) for n in range(3)] == ["Bugün", "Dün", "21 Kasım Cumartesi"]


def test_ends_of_day_and_week(moments: Moments) -> None:
    day, week = moments.ends()
    assert (day.isoformat(), week.isoformat()) == ("2026-11-24T00:00:00+03:00", "2026-11-30T00:00:00+03:00")
