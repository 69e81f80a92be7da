"""Whose an application becomes: by turn, by skill and load, or taken over (directive 004, 8a2, 17ç-d, 18b).

Pure; proposes, never assigns. A person's own choice always stands above these rules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.enums import ChannelName, Urgency

EVERY_DAY = frozenset(range(7))
USUAL_LOAD = 20
"""Open applications that count as full where no limit is set; only for comparing."""


class Method(StrEnum):
    """How the desk distributes. With `by_hand` nothing is proposed but emergencies and take-overs."""

    BY_HAND = "by_hand"
    BY_TURN = "by_turn"
    BY_SKILL = "by_skill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Hours of work in local time; `end` before `start` goes over midnight. Weekdays are of the day it begins."""

    start: time
    end: time
    weekdays: frozenset[int] = EVERY_DAY
    """0 is Monday."""

    def covers(self, moment: datetime, *, zone: ZoneInfo) -> bool:
        local = moment.astimezone(zone)
        clock, today = local.time(), local.weekday()
        if self.start < self.end:
            return today in self.weekdays and self.start <= clock < self.end
        yesterday = (today - 1) % 7
        return (today in self.weekdays and clock >= self.start) or (yesterday in self.weekdays and clock < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Leave, sick leave or a break. Without an end it lasts until somebody ends it."""

    start: datetime
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who can be given work. Empty skills mean all: no channel and no topic is closed to her."""

    id: int
    shifts: tuple[Shift, ...] = ()
    """None: she works by no roster and is there while she is signed in."""
    absences: tuple[Absence, ...] = ()
    signed_in: bool = True
    channels: frozenset[ChannelName] = frozenset()
    topics: frozenset[str] = frozenset()
    load: int = 0
    """Open applications that are hers."""
    most: int | None = None
    last_given_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What of an application its assignment depends on."""

    channel: ChannelName
    topic: str | None
    urgency: Urgency = Urgency.NORMAL


AWAY_LIMIT: dict[Urgency, timedelta] = {
    Urgency.EMERGENCY: timedelta(),
    Urgency.HIGH: timedelta(hours=1),
    Urgency.NORMAL: timedelta(hours=8),
}
"""So long an application may wait for an owner who is away before somebody else takes it over."""


def is_there(worker: Worker, *, now: datetime, zone: ZoneInfo) -> bool:
    """On shift, signed in and not away."""
    if not worker.signed_in or any(absence.covers(now) for absence in worker.absences):
        return False
    return not worker.shifts or any(shift.covers(now, zone=zone) for shift in worker.shifts)


def propose(workers: Iterable[Worker], work: Work, *, method: Method, now: datetime, zone: ZoneInfo) -> Worker | None:
    """Who should have it; None where nobody can, or where the desk distributes by hand.

    An emergency is proposed under every method, to whoever has least, full or not.
    """
    there = [worker for worker in workers if is_there(worker, now=now, zone=zone)]
    if work.urgency is Urgency.EMERGENCY:
        return min(_able(there, work) or there, key=_by_load, default=None)
    free = [worker for worker in there if worker.most is None or worker.load < worker.most]
    if method is Method.BY_TURN:
        return min(_by_channel(free, work), key=_by_turn, default=None)
    if method is Method.BY_SKILL:
        return min(_able(free, work), key=lambda worker: (-_fit(worker, work), *_by_load(worker)), default=None)
    return None


def is_orphaned(owner: Worker, *, urgency: Urgency, waiting_since: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the application waits for an owner who is away, and has waited too long.

    `waiting_since`: since when the next step lies with the owner.
    """
    if is_there(owner, now=now, zone=zone):
        return False
    away_since = max(waiting_since, _away_since(owner, now=now, zone=zone, earliest=waiting_since))
    return now - away_since >= AWAY_LIMIT[urgency]


def take_over(
    owner: Worker, others: Iterable[Worker], work: Work, *, waiting_since: datetime, now: datetime, zone: ZoneInfo
) -> Worker | None:
    """Who takes it over from an owner who is away; None where the owner is there, back soon, or nobody else is."""
    if not is_orphaned(owner, urgency=work.urgency, waiting_since=waiting_since, now=now, zone=zone):
        return None
    rest = [worker for worker in others if worker.id != owner.id]
    return propose(rest, work, method=Method.BY_SKILL, now=now, zone=zone)


def _able(workers: Sequence[Worker], work: Work) -> list[Worker]:
    return [w for w in _by_channel(workers, work) if not w.topics or work.topic is None or work.topic in w.topics]


def _by_channel(workers: Sequence[Worker], work: Work) -> list[Worker]:
    return [worker for worker in workers if not worker.channels or work.channel in worker.channels]


def _fit(worker: Worker, work: Work) -> int:
    """Who is named for the topic or channel goes before who may do everything."""
    return 2 * (work.topic in worker.topics) + (work.channel in worker.channels)


def _by_turn(worker: Worker) -> tuple[float, int]:
    """Who was given something longest ago; who never was, first."""
    return (worker.last_given_at.timestamp() if worker.last_given_at else float("-inf"), worker.id)


def _by_load(worker: Worker) -> tuple[float, float, int]:
    """By how full she is, then by turn."""
    return (worker.load / (worker.most or USUAL_LOAD), *_by_turn(worker))


def _away_since(worker: Worker, *, now: datetime, zone: ZoneInfo, earliest: datetime) -> datetime:
    """When she was there last, in steps of a quarter of an hour; who is expected and not there, since `earliest`."""
    step, moment = timedelta(minutes=15), now
    as_rostered = Worker(id=worker.id, shifts=worker.shifts, absences=worker.absences)
    if is_there(as_rostered, now=now, zone=zone):
        return earliest
    while moment > earliest and not is_there(as_rostered, now=moment - step, zone=zone):
        moment -= step
    return max(moment, earliest)
