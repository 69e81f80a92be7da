"""Counts that can be added: what a day holds, and a period as the sum of its days.

A length of time is a count too: of so many hours, to two digits. So medians of a year come from its days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

Counts = dict[str, dict[str, int]]
_BETWEEN = "|"


class What(StrEnum):
    """The sections of a day. Those that begin with `unit_` or `agent_` count by unit and by user."""

    MESSAGES = "messages"
    ACCOUNT_MESSAGES = "account_messages"
    CHANNEL = "channel"
    ACCOUNT = "account"
    KIND = "kind"
    TOPIC = "topic"
    UNIT = "unit"
    DISTRICT = "district"
    PLACE = "place"
    URGENCY = "urgency"
    TONE = "tone"
    FIRST_ANSWER = "first_answer"
    RESOLUTION = "resolution"
    OUTCOME = "outcome"
    LIMIT = "limit"
    SCORE = "score"
    SOLVED = "solved"
    UNIT_ROUTED = "unit_routed"
    UNIT_SENT = "unit_sent"
    UNIT_SENT_BACK = "unit_sent_back"
    UNIT_LIMIT = "unit_limit"
    UNIT_HOURS = "unit_hours"
    UNIT_SCORE = "unit_score"
    AGENT_REGISTERED = "agent_registered"
    AGENT_TEXTS = "agent_texts"
    AGENT_FIRST_ANSWER = "agent_first_answer"
    AGENT_CLOSED = "agent_closed"


KEPT, MISSED = "kept", "missed"
"""Keys of `LIMIT` and `UNIT_LIMIT`."""


class Tally:
    """Counts that grow."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, what: What, *keys: object, number: int = 1) -> None:
        """Several keys make one: an owner and what is counted for it."""
        self._counts[what][_BETWEEN.join("" if key is None else str(key) for key in keys)] += number

    def add_all(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        for what, numbers in counts.items():
            self._counts[what].update(numbers)

    def cut(self, what: What, *, most: int) -> None:
        """Keep the most frequent keys."""
        self._counts[what] = Counter(dict(self._counts[what].most_common(most)))

    @property
    def counts(self) -> Counts:
        return {what: dict(counter) for what, counter in self._counts.items()}


def sum_of(days: Iterable[Mapping[str, Mapping[str, int]]]) -> Counts:
    tally = Tally()
    for day in days:
        tally.add_all(day)
    return tally.counts


def by_owner(numbers: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Counts with two keys, by the first."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for keys, number in numbers.items():
        owner, _, key = keys.rpartition(_BETWEEN)
        found[owner][key] = number
    return found


def hours_of(start: datetime, end: datetime) -> str:
    """A length of time as a key."""
    return str(float(f"{max(end - start, timedelta(0)) / timedelta(hours=1):.2g}"))


def median(numbers: Mapping[str, int]) -> float | None:
    """Of values that are keys, each so often."""
    total = sum(numbers.values())
    return (_at(numbers, (total - 1) // 2) + _at(numbers, total // 2)) / 2 if total else None


def nine_of_ten(numbers: Mapping[str, int]) -> float | None:
    """The value that nine of ten do not exceed."""
    total = sum(numbers.values())
    return _at(numbers, -(-9 * total // 10) - 1) if total else None


def mean(numbers: Mapping[str, int]) -> float | None:
    total = sum(numbers.values())
    return sum(float(value) * number for value, number in numbers.items()) / total if total else None


def share(part: int, rest: int) -> float | None:
    """0 to 1; None of nothing."""
    return part / (part + rest) if part + rest else None


def _at(numbers: Mapping[str, int], place: int) -> float:
    for value in sorted(numbers, key=float):
        place -= numbers[value]
        if place < 0:
            return float(value)
    raise IndexError("place")
