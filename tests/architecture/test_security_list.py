"""docs/security.md goes through every point of ASVS 4.0.3, level 2, once, and names files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
POINTS = {
    "1.1": "1-7", "1.2": "1-4", "1.4": "1 4 5", "1.5": "1-4", "1.6": "1-4", "1.7": "1-2", "1.8": "1-2", "1.9": "1-2",
    "1.10": "1", "1.11": "1-2", "1.12": "2", "1.14": "1-6", "2.1": "1-12", "2.2": "1-3", "2.3": "1-3", "2.4": "1-5",
    "2.5": "1-7", "2.6": "1-3", "2.7": "1-6", "2.8": "1-7", "2.9": "1-3", "2.10": "1-4", "3.1": "1", "3.2": "1-4",
    "3.3": "1-4", "3.4": "1-5", "3.5": "1-3", "3.7": "1", "4.1": "1-3 5", "4.2": "1-2", "4.3": "1-3", "5.1": "1-5",
    "5.2": "1-8", "5.3": "1-10", "5.4": "1-3", "5.5": "1-4", "6.1": "1-3", "6.2": "1-6", "6.3": "1-2", "6.4": "1-2",
    "7.1": "1-4", "7.2": "1-2", "7.3": "1 3 4", "7.4": "1-3", "8.1": "1-4", "8.2": "1-3", "8.3": "1-8", "9.1": "1-3",
    "9.2": "1-4", "10.2": "1-2", "10.3": "1-3", "11.1": "1-8", "12.1": "1-3", "12.2": "1", "12.3": "1-6",
    "12.4": "1-2", "12.5": "1-2", "12.6": "1", "13.1": "1 3-5", "13.2": "1-3 5-6", "13.3": "1-2", "13.4": "1-2",
    "14.1": "1-4", "14.2": "1-6", "14.3": "2-3", "14.4": "1-7", "14.5": "1-4",
}  # fmt: skip
"""Sections with the numbers of their points that belong to level 1 or 2."""
STANDINGS = {"yes", "set-up", "part", "no", "n/a"}


def wanted() -> list[str]:
    return [f"{section}.{number}" for section, spans in POINTS.items() for number in _numbers(spans)]


def _numbers(spans: str) -> list[int]:
    ends = [span.split("-") for span in spans.split()]
    return [number for first, *last in ends for number in range(int(first), int((last or [first])[0]) + 1)]


def listed() -> list[tuple[str, str]]:
    """(point, how it stands), ranges spelt out."""
    text = (ROOT / "docs/security.md").read_text()
    found = re.findall(r"^\| (\d+\.\d+)\.(\d+)(?:–\d+\.\d+\.(\d+))? \| ([^|]+) \|", text, re.M)
    return [
        (f"{section}.{number}", standing)
        for section, first, last, standing in found
        for number in range(int(first), int(last or first) + 1)
    ]


def test_every_point_stands_in_the_list_once() -> None:
    assert [point for point, _ in listed()] == wanted()


def test_the_sum_on_top_is_right() -> None:
    text = (ROOT / "docs/security.md").read_text()
    standings = [standing for _, standing in listed()]
    assert set(standings) <= STANDINGS
    assert f"Of {len(standings)} points" in text
    for one in STANDINGS:
        assert re.search(rf"\b{standings.count(one)} {one}[,.]", text), one


def test_every_file_that_it_names_exists() -> None:
    text = (ROOT / "docs/security.md").read_text()
    named = re.findall(r"`((?:inbox|bots|tests|models|classifier|connectors|docs)/[\w/.*-]+)`", text)
    assert len(named) > 100
    assert [name for name in named if not list(ROOT.glob(name))] == []
