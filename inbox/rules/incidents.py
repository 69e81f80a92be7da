"""Proposes which applications of many citizens are about one incident: same topic, near in place and time. Pure.

Proposes only: an agent confirms, then all are answered at once, each citizen in her own channel. The regulations leave
the grouping to us; what rests on them is the crisis report (directive 004, 9b3).
"""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from models.enums import Urgency
from models.turkish import skeleton

LEAST_CITIZENS = 3
LEAST_CITIZENS_URGENT = 2
NEAR_METRES = 500.0
GAP: dict[Urgency, timedelta] = {
    Urgency.EMERGENCY: timedelta(hours=2),
    Urgency.HIGH: timedelta(hours=6),
    Urgency.NORMAL: timedelta(hours=24),
}
"""So far apart two reports of one incident may come; the more pressing of the two decides."""
EARTH_RADIUS = 6_371_000.0
_STREET = re.compile(r"\b(\d{2,5}(?:/\d{1,3})?)\.?\s*(?:sokak|sokag|sk\b|sok\b)|\b(\w{3,})\s+(?:cadde|bulvar|meydan)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One application as a report of something. `citizen_id` tells two citizens from one who writes twice."""

    id: int
    citizen_id: int
    topic: str
    at: datetime
    text: str = ""
    urgency: Urgency = Urgency.NORMAL
    district: str | None = None
    neighbourhood: str | None = None
    point: tuple[float, float] | None = None
    """Latitude and longitude."""
    line: str | None = None
    """A line or route: on it, reports are near each other wherever they stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Applications that may be one incident, oldest first."""

    topic: str
    ids: tuple[int, ...]
    citizens: int
    began_at: datetime
    place: str


def propose_incidents(
    sightings: Iterable[Sighting], *, apart: Collection[frozenset[int]] = frozenset()
) -> list[Proposal]:
    """Groups of enough citizens, the largest first. `apart`: pairs that an agent has declared different."""
    by_topic: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_topic[sighting.topic].append(sighting)
    groups = [group for reports in by_topic.values() for group in _groups(reports, apart)]
    proposals = [_proposal(group) for group in groups if _is_enough(group)]
    return sorted(proposals, key=lambda proposal: (-proposal.citizens, proposal.began_at, proposal.ids))


def belongs_to(sighting: Sighting, members: Sequence[Sighting], *, apart: Collection[frozenset[int]] = ()) -> bool:
    """Whether a new report fits an incident that is known: near one of its reports and apart from none."""
    if apart and any(frozenset({sighting.id, member.id}) in apart for member in members):
        return False
    return any(is_near(sighting, member) for member in members)


def is_near(one: Sighting, other: Sighting) -> bool:
    """Same topic, close in time, and the same place as far as both say one."""
    if one.topic != other.topic or abs(one.at - other.at) > min(GAP[one.urgency], GAP[other.urgency]):
        return False
    if one.line and other.line:
        return one.line == other.line
    if one.point and other.point:
        return metres_between(one.point, other.point) <= NEAR_METRES
    return _same_place(one, other)


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two points (latitude, longitude)."""
    lat_1, lon_1, lat_2, lon_2 = map(math.radians, (*one, *other))
    half = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))


@lru_cache(maxsize=8192)
def streets(text: str) -> frozenset[str]:
    """Streets, avenues and squares named in a text, folded. Every report is compared with many others."""
    return frozenset(number or name for number, name in _STREET.findall(skeleton(text)))


def _same_place(one: Sighting, other: Sighting) -> bool:
    """By name: two districts are two places; without a neighbourhood a street must agree."""
    if one.district and other.district and one.district != other.district:
        return False
    if one.neighbourhood and other.neighbourhood:
        return one.neighbourhood == other.neighbourhood
    shared = streets(one.text) & streets(other.text)
    return bool(shared) and bool(one.district or other.district)


def _groups(reports: list[Sighting], apart: Collection[frozenset[int]]) -> list[list[Sighting]]:
    """Grown in order of time; a report joins the first group that it fits."""
    groups: list[list[Sighting]] = []
    for report in sorted(reports, key=lambda sighting: (sighting.at, sighting.id)):
        fitting = next((group for group in groups if belongs_to(report, group, apart=apart)), None)
        if fitting is None:
            groups.append([report])
        else:
            fitting.append(report)
    return groups


def _is_enough(group: Sequence[Sighting]) -> bool:
    urgent = any(sighting.urgency is not Urgency.NORMAL for sighting in group)
    citizens = len({sighting.citizen_id for sighting in group})
    return citizens >= (LEAST_CITIZENS_URGENT if urgent else LEAST_CITIZENS)


def _proposal(group: Sequence[Sighting]) -> Proposal:
    first = group[0]
    named = [sighting for sighting in group if sighting.neighbourhood] or [s for s in group if s.district] or [first]
    words = [named[0].neighbourhood, named[0].district] if not first.line else [first.line]
    return Proposal(
        topic=first.topic,
        ids=tuple(sighting.id for sighting in group),
        citizens=len({sighting.citizen_id for sighting in group}),
        began_at=first.at,
        place=", ".join(word for word in words if word),
    )
