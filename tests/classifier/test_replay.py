"""Two models beside each other: what is counted, and when the challenger is better."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from classifier.replay import LEAST, Evidence, replay, verdict
from models.enums import Decision, Urgency
from models.learning import ReplayVerdict
from models.messages import Classification, TextToClassify
from tests.builders import classification

EVIDENCE = Evidence(
    n=LEAST,
    gained=12,
    lost=2,
    missed_before=1,
    missed_now=1,
    auto_precision_before=0.97,
    auto_precision_now=0.97,
)


class Answers:
    """Says what stands in the text: `topic unit urgency decision`."""

    def __init__(self, place: int) -> None:
        self.place = place

    def classify(self, texts: Sequence[TextToClassify]) -> list[Classification]:
        return [_answer(text.text.split("|")[self.place]) for text in texts]


def _answer(words: str) -> Classification:
    topic, unit, urgency, decision = words.split()
    return classification(
        topic=None if topic == "-" else topic,
        unit=None if unit == "-" else unit,
        urgency=Urgency(urgency),
        decision=Decision(decision),
    )


def row(number: int, champion: str, challenger: str, **changes: Any) -> dict[str, Any]:
    labels = {"topic": "su", "unit": "izsu", "urgency": "normal", "week": "2026-11-16"}
    return {"key": f"a{number}", "channel": "twitter", "text": f"{champion}|{challenger}", **labels, **changes}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ReplayVerdict.BETTER),
        ({"n": LEAST - 1}, ReplayVerdict.TOO_FEW),
        ({"gained": 5, "lost": 2}, ReplayVerdict.NOT_BETTER),
        ({"gained": 0, "lost": 0}, ReplayVerdict.NOT_BETTER),
        ({"missed_now": 2}, ReplayVerdict.MISSES_EMERGENCIES),
        ({"missed_now": 0}, ReplayVerdict.BETTER),
        ({"auto_precision_now": 0.96}, ReplayVerdict.AUTO_LESS_PRECISE),
        ({"auto_precision_before": 0.95, "auto_precision_now": 0.955}, ReplayVerdict.BETTER),
        ({"auto_precision_before": None, "auto_precision_now": 0.9}, ReplayVerdict.AUTO_LESS_PRECISE),
        ({"auto_precision_now": None}, ReplayVerdict.BETTER),
    ],
)
def test_the_rule(change: dict[str, Any], expected: ReplayVerdict) -> None:
    assert verdict(replace(EVIDENCE, **change)) is expected


def test_the_chance_is_exact() -> None:
    assert replace(EVIDENCE, gained=3, lost=0).chance == 0.125
    assert replace(EVIDENCE, gained=0, lost=0).chance == 1.0


def test_figures_of_both_by_week() -> None:
    rows = [
        row(1, "su izsu normal auto", "su izsu normal auto"),
        row(2, "su eshot acil auto", "su izsu acil review", urgency="acil"),
        row(3, "yol izsu normal review", "su izsu normal auto", week="2026-11-23"),
        row(4, "su izsu normal review", "- - normal review", topic=None, unit=None, week="2026-11-23"),
    ]
    found = replay(Answers(0), Answers(1), rows)
    assert (found["n"], found["gained"], found["lost"], found["verdict"]) == (4, 3, 0, "too_few")
    assert found["champion"] == {
        "topic_accuracy": 0.5,
        "unit_accuracy": 0.5,
        "both_accuracy": 0.25,
        "auto_coverage": 0.5,
        "auto_precision": 0.5,
        "acil_recall": 1.0,
    }
    assert found["challenger"]["both_accuracy"] == 1.0
    assert [(week["week"], week["n"], week["emergencies"]) for week in found["weeks"]] == [
        ("2026-11-16", 2, 1),
        ("2026-11-23", 2, 0),
    ]
    assert [one["key"] for one in found["disagreements"]] == ["a2", "a3", "a4"]
    assert found["disagreements"][0] == {
        "key": "a2",
        "desk": ["su", "izsu", "acil"],
        "champion": ["su", "eshot", "acil"],
        "challenger": ["su", "izsu", "acil"],
    }


def test_nothing_settled_proves_nothing() -> None:
    found = replay(Answers(0), Answers(1), [])
    assert (found["n"], found["verdict"], found["champion"]["both_accuracy"]) == (0, "too_few", None)
