"""When a week of the classifier is called drift."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from inbox.rules.drift import DriftSign, WeekFigures, drift_signs, week_start

GOOD = WeekFigures(
    turns=1000, confidence=0.9, auto=0.7, unknown_words=0.05, judged=200, topic_corrected=20, unit_corrected=20
)
UPS_AND_DOWNS = [replace(GOOD, auto=auto) for auto in (0.7, 0.69, 0.71, 0.7)]


def test_a_week_like_the_others_is_none() -> None:
    assert drift_signs(GOOD, UPS_AND_DOWNS) == []


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"confidence": 0.86}, DriftSign.CONFIDENCE),
        ({"auto": 0.6}, DriftSign.AUTO),
        ({"unknown_words": 0.1}, DriftSign.UNKNOWN_WORDS),
        ({"topic_corrected": 40}, DriftSign.TOPIC_CORRECTED),
        ({"unit_corrected": 40}, DriftSign.UNIT_CORRECTED),
    ],
)
def test_each_figure_can_tell(change: dict[str, float], sign: DriftSign) -> None:
    assert drift_signs(replace(GOOD, **change), UPS_AND_DOWNS) == [sign]


def test_becoming_better_is_no_drift() -> None:
    better = replace(GOOD, confidence=0.99, auto=0.95, unknown_words=0.0, topic_corrected=0, unit_corrected=0)
    assert drift_signs(better, UPS_AND_DOWNS) == []


def test_what_goes_up_and_down_anyway_is_no_drift() -> None:
    unsteady = [replace(GOOD, auto=auto) for auto in (0.5, 0.8, 0.6, 0.9)]
    assert drift_signs(replace(GOOD, auto=0.55), unsteady) == []


def test_little_says_nothing() -> None:
    bad = replace(GOOD, auto=0.1, topic_corrected=200)
    assert drift_signs(replace(bad, turns=99, judged=29), UPS_AND_DOWNS) == []
    assert drift_signs(bad, UPS_AND_DOWNS[:2]) == []
    assert drift_signs(bad, [replace(one, turns=50, judged=5) for one in UPS_AND_DOWNS]) == []
    assert drift_signs(replace(GOOD, unknown_words=None), UPS_AND_DOWNS) == []


def test_a_week_begins_on_monday_in_the_city() -> None:
    zone = ZoneInfo("Europe/Istanbul")
    sunday_night = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert week_start(sunday_night, zone).isoformat() == "2026-11-23T00:00:00+03:00"
    assert week_start(sunday_night.replace(hour=20), zone).isoformat() == "2026-11-16T00:00:00+03:00"
