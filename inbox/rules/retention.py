"""How long applications keep their words and people (law 6698, 7; the organisation's archive plan). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.enums import Kind, Outcome
from models.profile import Profile

HALF_A_YEAR = timedelta(days=180)
"""Destruction is at least this often (law 6698, by-law on destruction, 11)."""
TOMBSTONE = timedelta(days=30)
"""What was taken back keeps its platform's id so long, so that a late copy of it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """Years from the end of an application; an outcome's goes before a kind's."""

    years: int
    kind_years: Mapping[Kind, int] = field(default_factory=dict)
    outcome_years: Mapping[Outcome, int] = field(default_factory=dict)
    message_days: int
    """For messages that became no application."""
    raw_days: int
    """For what the platforms sent us, as received."""
    every: timedelta
    """How often destruction runs."""

    def years_of(self, kind: Kind, outcome: Outcome | None) -> int:
        by_kind = self.kind_years.get(kind, self.years)
        return self.outcome_years.get(outcome, by_kind) if outcome else by_kind

    def keeps_until(self, ended_at: datetime, *, kind: Kind, outcome: Outcome | None) -> datetime:
        """When an application that ended then may be anonymised."""
        return _later(ended_at, self.years_of(kind, outcome))

    def ended_before(self, now: datetime, *, years: int) -> datetime:
        """What ended before this has been kept for so many years."""
        return _later(now, -years)

    def is_due(self, last: datetime | None, *, now: datetime) -> bool:
        """Whether destruction must run again."""
        return last is None or now - last >= min(self.every, HALF_A_YEAR)


def retention_policy(profile: Profile) -> RetentionPolicy:
    """The periods as the profile sets them."""
    found = profile.retention
    return RetentionPolicy(
        years=found["years"],
        kind_years={Kind(name): years for name, years in found.get("kind_years", {}).items()},
        outcome_years={Outcome(name): years for name, years in found.get("outcome_years", {}).items()},
        message_days=found["message_days"],
        raw_days=found["raw_days"],
        every=timedelta(days=found["every_days"]),
    )


def _later(moment: datetime, years: int) -> datetime:
    """The same day so many years later; the 29th of February becomes the 28th."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)
