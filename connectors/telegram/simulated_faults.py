"""How calls of the simulated Bot API go wrong: its errors, and faults that happen once on request."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

HTML_FAULT = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"


class FaultKind(StrEnum):
    """What goes wrong once."""

    THROTTLED = "throttled"
    """429 with `retry_after`."""
    THROTTLED_SILENTLY = "throttled_silently"
    """429 without parameters."""
    HTML = "html"
    """502 with a page of the web server; nothing was done."""
    TRANSIENT = "transient"
    """500 with the Bot API's own error object."""
    HANG_UP_BEFORE = "hang_up_before"
    """The connection breaks before anything was done."""
    HANG_UP_AFTER = "hang_up_after"
    """Accepted and recorded, then the connection breaks."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105
    """401, as after /revoke."""


@dataclass(slots=True)
class Fault:
    kind: FaultKind
    path: str
    after: int
    """So many fitting calls go well before."""
    seconds: int

    @property
    def hangs_up(self) -> bool:
        return self.kind in (FaultKind.HANG_UP_AFTER, FaultKind.HANG_UP_BEFORE)


@dataclass(slots=True)
class Faults:
    """What goes wrong next, in order."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault, *, times: int) -> None:
        self.waiting.extend(replace(fault) for _ in range(times))

    def take(self, path: str) -> Fault | None:
        """The next fault for this address; it will not happen again."""
        fault = next((fault for fault in self.waiting if fault.path.lower() in path.lower()), None)
        if fault and fault.after:
            fault.after -= 1
            return None
        if fault:
            self.waiting.remove(fault)
        return fault


class BotApiError(Exception):
    """Leaves a method as the Bot API's error object."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


def raise_fault(fault: Fault | None) -> None:
    """Refuse the call where the fault is one of refusal."""
    match fault.kind if fault else None:
        case FaultKind.THROTTLED if fault:
            raise BotApiError(429, f"Too Many Requests: retry after {fault.seconds}", retry_after=fault.seconds)
        case FaultKind.THROTTLED_SILENTLY:
            raise BotApiError(429, "Too Many Requests")
        case FaultKind.EXPIRED_TOKEN:
            raise BotApiError(401, "Unauthorized")
        case FaultKind.TRANSIENT:
            raise BotApiError(500, "Internal Server Error")
        case FaultKind.HTML | FaultKind.HANG_UP_BEFORE:
            raise BotApiError(502, "Bad Gateway")
