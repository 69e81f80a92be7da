"""Days add up; medians come out of counts; figures are written as Turkish does."""

import random
from datetime import datetime, timedelta
from statistics import median as true_median

import pytest

from inbox.reports import document
from inbox.reports.charts import bars_of
from inbox.reports.counts import Tally, What, by_owner, hours_of, mean, median, nine_of_ten, sum_of
from tests.conftest import NOW


def test_days_add_up() -> None:
    one, other = Tally(), Tally()
    one.add(What.TOPIC, "durak", number=2)
    one.add(What.UNIT_SENT, "izsu", "answer")
    other.add(What.TOPIC, "durak")
    other.add(What.TOPIC, None)
    assert sum_of([one.counts, other.counts]) == {"topic": {"durak": 3, "": 1}, "unit_sent": {"izsu|answer": 1}}
    assert by_owner(one.counts["unit_sent"])["izsu"] == {"answer": 1}


def test_medians_of_counts_are_near_the_true_ones() -> None:
    """Two digits of every length of time are kept: an error of five in a hundred at most."""
    draw = random.Random(5)
    lengths = [draw.lognormvariate(3, 1.5) for _ in range(2_000)]
    tally = Tally()
    for length in lengths:
        tally.add(What.FIRST_ANSWER, hours_of(NOW, NOW + timedelta(hours=length)))
    counts = tally.counts["first_answer"]
    assert median(counts) == pytest.approx(true_median(lengths), rel=0.05)
    assert nine_of_ten(counts) == pytest.approx(sorted(lengths)[1_799], rel=0.05)
    assert len(counts) < 400


def test_middle_values() -> None:
    assert median({"2.0": 1, "6.0": 1}) == 4
    assert median({"2.0": 2, "6.0": 1}) == 2
    assert nine_of_ten({"1.0": 9, "5.0": 1}) == 1
    assert mean({"5": 3, "1": 1}) == 4
    assert (median({}), nine_of_ten({}), mean({})) == (None, None, None)


def test_a_clock_that_went_back_counts_as_nothing() -> None:
    earlier: datetime = NOW - timedelta(hours=1)
    assert hours_of(NOW, earlier) == "0.0"


@pytest.mark.parametrize(
    ("cell", "shown", "plain"),
    [
        (document.count(1_234_567), "1.234.567", "1234567"),
        (document.hours(3.7), "3,7 saat", "3,7"),
        (document.hours(120.0), "5,0 gün", "120"),
        (document.hours(0.35), "21 dk", "0,35"),
        (document.percent(0.985), "%98,5", "98,5"),
        (document.score(4.25), "4,2", "4,25"),
        (document.days(3), "3 gün", "3"),
        (document.hours(None), "–", ""),
    ],
)
def test_figures_in_words_and_plain(cell: document.Cell, shown: str, plain: str) -> None:
    assert (cell.shown, cell.plain) == (shown, plain)


def test_bars_are_measured_by_the_longest() -> None:
    first, second = bars_of([("a", 3, 4), ("b", 1, 1)])
    assert (first.length, first.outline) == (75.0, 100.0)
    assert (second.length, second.outline) == (25.0, 25.0)
    assert bars_of([("a", 0, 0)])[0].length == 0
