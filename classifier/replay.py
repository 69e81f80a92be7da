"""Two models beside each other on messages that the desk has settled, and the rule by which one is better. Only counts.

A message is right where topic and unit both are. The challenger is better where, of the messages that only one of the
two has right, it has significantly more (exact one-sided McNemar test), misses no more emergencies than the champion,
and what it sends through by itself is as precise as promised, or as the champion's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

from models.enums import Decision, Kind, Urgency
from models.learning import ReplayVerdict
from models.messages import Classification, TextToClassify
from models.ports import Classifier

LEAST = 100
"""Settled messages; fewer prove nothing."""
SIGNIFICANCE = 0.05
PROMISED_PRECISION = 0.97
"""Of automatic decisions."""
_LISTED = 200
"""Disagreements that are listed; all are counted."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """One settled message with both answers."""

    row: Row
    champion: Classification
    challenger: Classification


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the verdict rests on. `gained`: only the challenger is right; `lost`: only the champion."""

    n: int
    gained: int
    lost: int
    missed_before: int
    missed_now: int
    auto_precision_before: float | None
    auto_precision_now: float | None

    @property
    def chance(self) -> float:
        """Of gaining so much over the champion by luck alone."""
        n = self.gained + self.lost
        return sum(comb(n, k) for k in range(self.gained, n + 1)) / 2**n


def verdict(evidence: Evidence) -> ReplayVerdict:
    """The stated rule."""
    if evidence.n < LEAST:
        return ReplayVerdict.TOO_FEW
    if evidence.missed_now > evidence.missed_before:
        return ReplayVerdict.MISSES_EMERGENCIES
    if _is_less_precise(evidence):
        return ReplayVerdict.AUTO_LESS_PRECISE
    return ReplayVerdict.BETTER if evidence.chance <= SIGNIFICANCE else ReplayVerdict.NOT_BETTER


def _is_less_precise(evidence: Evidence) -> bool:
    before, now = evidence.auto_precision_before, evidence.auto_precision_now
    return now is not None and now < min(PROMISED_PRECISION, 1.0 if before is None else before)


def replay(champion: Classifier, challenger: Classifier, rows: Sequence[Row]) -> dict[str, Any]:
    """Figures of both, in total and by the rows' `week`; `key` names a message in the list of disagreements."""
    texts = [TextToClassify(id=str(row["key"]), text=row["text"], channel=row.get("channel") or "") for row in rows]
    answers = zip(rows, champion.classify(texts), challenger.classify(texts), strict=True)
    pairs = [Pair(*answer) for answer in answers]
    evidence = evidence_of(pairs)
    return {
        **_side_by_side(pairs),
        "gained": evidence.gained,
        "lost": evidence.lost,
        "chance": round(evidence.chance, 6),
        "verdict": verdict(evidence).value,
        "weeks": [{"week": week, **_side_by_side(found)} for week, found in sorted(_by_week(pairs).items())],
        "disagreements": _disagreements(pairs),
    }


def evidence_of(pairs: Sequence[Pair]) -> Evidence:
    """Counted over all pairs."""
    gained = sum(_is_right(one.row, one.challenger) and not _is_right(one.row, one.champion) for one in pairs)
    lost = sum(_is_right(one.row, one.champion) and not _is_right(one.row, one.challenger) for one in pairs)
    before = [(one.row, one.champion) for one in pairs]
    now = [(one.row, one.challenger) for one in pairs]
    return Evidence(
        n=len(pairs),
        gained=gained,
        lost=lost,
        missed_before=sum(_misses(*one) for one in before),
        missed_now=sum(_misses(*one) for one in now),
        auto_precision_before=_auto_precision(before),
        auto_precision_now=_auto_precision(now),
    )


def _side_by_side(pairs: Sequence[Pair]) -> dict[str, Any]:
    return {
        "n": len(pairs),
        "emergencies": sum(_is_emergency(one.row) for one in pairs),
        "champion": _figures([(one.row, one.champion) for one in pairs]),
        "challenger": _figures([(one.row, one.challenger) for one in pairs]),
    }


Answer = tuple[Row, Classification]


def _figures(answers: Sequence[Answer]) -> dict[str, float | None]:
    emergencies = [(row, found) for row, found in answers if _is_emergency(row)]
    return {
        "topic_accuracy": _share([_topic(row) == _found_topic(found) for row, found in answers]),
        "unit_accuracy": _share([_unit(row) == found.unit for row, found in answers]),
        "both_accuracy": _share([_is_right(row, found) for row, found in answers]),
        "auto_coverage": _share([found.decision is Decision.AUTO for _, found in answers]),
        "auto_precision": _auto_precision(answers),
        "acil_recall": _share([not _misses(row, found) for row, found in emergencies]),
    }


def _auto_precision(answers: Sequence[Answer]) -> float | None:
    return _share([_is_right(row, found) for row, found in answers if found.decision is Decision.AUTO])


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _topic(row: Row) -> str:
    return row["topic"] or Kind.INVALID.value


def _found_topic(found: Classification) -> str:
    return found.topic or Kind.INVALID.value


def _unit(row: Row) -> str | None:
    return row["unit"]


def _is_right(row: Row, found: Classification) -> bool:
    return _topic(row) == _found_topic(found) and _unit(row) == found.unit


def _is_emergency(row: Row) -> bool:
    return row["urgency"] == Urgency.EMERGENCY


def _misses(row: Row, found: Classification) -> bool:
    return _is_emergency(row) and found.urgency is not Urgency.EMERGENCY


def _by_week(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    weeks: dict[str, list[Pair]] = {}
    for pair in pairs:
        weeks.setdefault(pair.row["week"], []).append(pair)
    return weeks


def _disagreements(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """Labels alone: words of citizens stay where they are."""
    differing = [
        one
        for one in pairs
        if (one.champion.topic, one.champion.unit, one.champion.urgency)
        != (one.challenger.topic, one.challenger.unit, one.challenger.urgency)
    ]
    return [
        {
            "key": one.row["key"],
            "desk": [one.row["topic"], one.row["unit"], one.row["urgency"]],
            "champion": _said(one.champion),
            "challenger": _said(one.challenger),
        }
        for one in differing[:_LISTED]
    ]


def _said(found: Classification) -> list[str | None]:
    return [found.topic, found.unit, found.urgency.value]
