"""Whether the classifier drifts: a week beside the weeks before it. Pure: only counted figures come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from statistics import fmean, pstdev

WEEKS = 8
"""So many weeks before are looked at."""
LEAST_WEEKS = 3
LEAST_TURNS = 100
LEAST_JUDGED = 30
"""With less, a week says nothing and is compared with nothing."""
SPREADS = 3.0
"""So many standard deviations of the weeks before are ordinary."""


class DriftSign(StrEnum):
    """A figure by which drift shows."""

    CONFIDENCE = "confidence"
    AUTO = "auto"
    UNKNOWN_WORDS = "unknown_words"
    TOPIC_CORRECTED = "topic_corrected"
    UNIT_CORRECTED = "unit_corrected"


MARGINS = {
    DriftSign.CONFIDENCE: 0.03,
    DriftSign.AUTO: 0.08,
    DriftSign.UNKNOWN_WORDS: 0.04,
    DriftSign.TOPIC_CORRECTED: 0.08,
    DriftSign.UNIT_CORRECTED: 0.08,
}
"""Changes smaller than this are never called drift."""
_BETTER_WHEN_HIGH = frozenset({DriftSign.CONFIDENCE, DriftSign.AUTO})
_OF_JUDGED = frozenset({DriftSign.TOPIC_CORRECTED, DriftSign.UNIT_CORRECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """One week. Shares are 0..1; `unknown_words` is None where nobody counted them."""

    turns: int
    confidence: float
    auto: float
    unknown_words: float | None
    judged: int
    topic_corrected: int
    unit_corrected: int

    def value(self, sign: DriftSign) -> float | None:
        """The share by which this sign is judged; None where the week is too small to say."""
        if sign in _OF_JUDGED:
            return getattr(self, sign) / self.judged if self.judged >= LEAST_JUDGED else None
        return getattr(self, sign) if self.turns >= LEAST_TURNS else None


def drift_signs(week: WeekFigures, before: Sequence[WeekFigures]) -> list[DriftSign]:
    """What is worse this week than in the weeks before it, beyond their own ups and downs."""
    return [sign for sign in DriftSign if _is_worse(sign, week, before[-WEEKS:])]


def _is_worse(sign: DriftSign, week: WeekFigures, before: Sequence[WeekFigures]) -> bool:
    value = week.value(sign)
    past = [found for one in before if (found := one.value(sign)) is not None]
    if value is None or len(past) < LEAST_WEEKS:
        return False
    fall = fmean(past) - value if sign in _BETTER_WHEN_HIGH else value - fmean(past)
    return fall > max(MARGINS[sign], SPREADS * pstdev(past))


def week_start(moment: datetime, zone: tzinfo) -> datetime:
    """Monday, midnight in the zone."""
    local = moment.astimezone(zone)
    monday = local - timedelta(days=local.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)
