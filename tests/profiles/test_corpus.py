"""The corpus: valid labels, no pairs too alike, nothing of the test split or of the scenarios in the training part."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.enums import SOCIAL_CHANNELS, Kind, Urgency
from models.profile import Profile
from tests.profiles.alike import alike, pieces

Rows = list[dict[str, Any]]
TOO_ALIKE, LEAK = 0.6, 0.55


def read(folder: Path) -> Rows:
    return [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]


@pytest.fixture(scope="module")
def train(profile: Profile) -> Rows:
    return read(profile.corpus_folder)


@pytest.fixture(scope="module")
def held_out(profile: Profile) -> Rows:
    return read(profile.corpus_folder / "test")


@pytest.fixture(scope="module")
def scenarios(profile: Profile) -> list[dict[str, Any]]:
    return [
        scenario
        for path in sorted(profile.scenarios_folder.glob("*.yaml"))
        for scenario in yaml.safe_load(path.read_text("utf-8"))
    ]


def texts(rows: Rows) -> list[str]:
    return [row["text"] for row in rows]


def invalid(row: dict[str, Any], profile: Profile) -> str:
    """Why a row breaks labels.md; empty where it does not."""
    if row["channel"] not in SOCIAL_CHANNELS or row["kind"] not in list(Kind) or row["urgency"] not in list(Urgency):
        return "unknown word"
    if row["kind"] == Kind.INVALID:
        return "" if (row["topic"], row["unit"], row["urgency"]) == (None, None, Urgency.NORMAL) else "gecersiz"
    if row["topic"] not in profile.topics or row["unit"] not in profile.topics[row["topic"]].units:
        return "topic and unit"
    return "" if row["district"] is None or row["district"] in profile.districts else "district"


def test_labels_are_valid(train: Rows, held_out: Rows, profile: Profile) -> None:
    assert [(row["id"], why) for row in [*train, *held_out] if (why := invalid(row, profile))] == []


def test_ids_are_unique(train: Rows, held_out: Rows) -> None:
    ids = Counter(row["id"] for row in [*train, *held_out])
    assert [name for name, count in ids.items() if count > 1] == []


def test_the_training_part_is_large_and_even_enough(train: Rows, profile: Profile) -> None:
    topics = Counter(row["topic"] for row in train)
    assert len(train) >= 6000
    assert {topic: topics[topic] for topic in profile.topics if topics[topic] < 60} == {}
    assert topics[None] >= 700
    assert sum(row["unit"] == "diger_kurum" for row in train) >= 200
    assert sum(row["urgency"] == Urgency.EMERGENCY for row in train) >= 250
    pairs = Counter((row["topic"], row["unit"]) for row in train)
    rare = {(t.id, unit): pairs[t.id, unit] for t in profile.topics.values() for unit in t.other_units}
    assert {pair: count for pair, count in rare.items() if count < 25} == {}


def test_the_test_split_is_large_and_even_enough(held_out: Rows, profile: Profile) -> None:
    topics = Counter(row["topic"] for row in held_out)
    assert len(held_out) >= 1500
    assert {topic: topics[topic] for topic in profile.topics if topics[topic] < 20} == {}
    assert sum(row["urgency"] == Urgency.EMERGENCY for row in held_out) >= 100


def test_no_two_training_messages_are_too_alike(train: Rows) -> None:
    found = [(a, b) for a, b in alike(texts(train), texts(train), limit=TOO_ALIKE) if a < b]
    assert [(train[a]["text"], train[b]["text"]) for a, b in found] == []


def test_nothing_of_the_test_split_stands_in_the_training_part(train: Rows, held_out: Rows) -> None:
    found = alike(texts(held_out), texts(train), limit=LEAK)
    assert [(held_out[a]["text"], train[b]["text"]) for a, b in found] == []


def test_no_scenario_stands_in_the_training_part(train: Rows, scenarios: list[dict[str, Any]]) -> None:
    said = [line["text"] for scenario in scenarios for line in scenario["messages"] if line.get("text")]
    found = alike(said, texts(train), limit=LEAK)
    assert [(said[a], train[b]["text"]) for a, b in found] == []


def test_there_are_scenarios_enough_on_every_channel(profile: Profile, scenarios: list[dict[str, Any]]) -> None:
    assert len(scenarios) >= 150
    assert len({scenario["id"] for scenario in scenarios}) == len(scenarios)
    assert {path.stem for path in profile.scenarios_folder.glob("*.yaml")} == set(SOCIAL_CHANNELS)
    first_words = [scenario["messages"][0]["text"] for scenario in scenarios]
    told = [text for text in first_words if len(text) > 20]
    assert [(told[a], told[b]) for a, b in alike(told, told, limit=TOO_ALIKE) if a < b] == []


def test_alike_finds_what_is_alike() -> None:
    left = ["Suyumuz üç gündür akmıyor, bebek var evde", "otobüs gelmedi"]
    right = ["SUYUMUZ ÜÇ GÜNDÜR AKMIYOR bebek var evde", "lamba yanmıyor"]
    assert alike(left, right, limit=0.6) == [(0, 0)]
    assert pieces("Işık!") == pieces("isik")
