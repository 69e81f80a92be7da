"""Which topics and places are written about far more than usual: what a crisis report is made of (004, 9b3). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 10
"""Applications in a day before anything is a surge."""
TIMES = 3
"""So many times the usual day."""
LEAST_DAYS = 7
"""With less of a past nothing is called unusual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """A topic or place with its last day and its usual one."""

    key: str
    number: int
    usual: float


def surges(last_day: Mapping[str, int], days: Sequence[Mapping[str, int]]) -> list[Surge]:
    """Those of the last day against the days before, the steepest first."""
    if len(days) < LEAST_DAYS:
        return []
    found = [
        Surge(key=key, number=number, usual=sum(day.get(key, 0) for day in days) / len(days))
        for key, number in last_day.items()
        if key and number >= LEAST
    ]
    steep = [surge for surge in found if surge.number >= TIMES * surge.usual]
    return sorted(steep, key=lambda surge: (surge.usual - surge.number, surge.key))
