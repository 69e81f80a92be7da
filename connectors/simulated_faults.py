"""How calls of a simulated platform go wrong: faults that happen once on request, counted as they hit.

What a fault looks like is each platform's own. Imported by simulators alone.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong once, in the platform's own words."""

    THROTTLED = "throttled"
    """Refused as too many, and told when access comes back."""
    THROTTLED_SILENTLY = "throttled_silently"
    """HTTP 429, and nobody says until when."""
    HTML = "html"
    """A 5xx page from something in front of the platform; nothing was done."""
    TRANSIENT = "transient"
    """A 5xx with the platform's own error object."""
    HANG_UP_BEFORE = "hang_up_before"
    """The connection breaks before anything was done."""
    HANG_UP_AFTER = "hang_up_after"
    """Accepted and recorded, then the connection breaks."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105
    """The credentials are accepted no more."""
    NO_CREDITS = "no_credits"
    """X: the account's money is used up (402)."""
    USAGE_CAPPED = "usage_capped"
    """X: the plan is used up (429 with a type of its own)."""


@dataclass(slots=True, kw_only=True)
class Fault:
    kind: FaultKind
    call: str = ""
    """Hits only calls whose method and path hold these letters."""
    method: str = ""
    after: int = 0
    """So many fitting calls go well before."""
    seconds: int = 60
    """Until access comes back, where it was too much."""

    @property
    def hangs_up(self) -> bool:
        return self.kind in (FaultKind.HANG_UP_AFTER, FaultKind.HANG_UP_BEFORE)

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("", method) and self.call.lower() in f"{method} {path}".lower()


@dataclass(slots=True)
class Faults:
    """What goes wrong next, in order."""

    waiting: list[Fault] = field(default_factory=list)
    calls: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    """How many of each kind have happened."""

    def add(self, fault: Fault, *, times: int = 1) -> None:
        self.waiting.extend(replace(fault) for _ in range(times))

    def take(self, method: str, path: str) -> Fault | None:
        """The next fault for this call; it will not happen again."""
        self.calls += 1
        fault = next((fault for fault in self.waiting if fault.fits(method, path)), None)
        if fault and fault.after:
            fault.after -= 1
            return None
        if fault:
            self.waiting.remove(fault)
            self.hit[fault.kind] += 1
        return fault
