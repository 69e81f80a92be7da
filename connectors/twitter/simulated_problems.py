"""How calls of the simulated X go wrong: its error bodies, and faults that happen once on request."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

HTML_FAULT = "<!DOCTYPE html><html><head><title>Twitter / Over capacity</title></head><body>Over capacity</body></html>"
PROBLEMS = "https://api.twitter.com/2/problems/"


class FaultKind(StrEnum):
    """What goes wrong once."""

    THROTTLED = "throttled"
    """429 whose headers say when it ends."""
    THROTTLED_SILENTLY = "throttled_silently"
    """429 without headers, in the older form."""
    HTML = "html"
    """503 with a page of the web server; nothing was done."""
    TRANSIENT = "transient"
    """500 with a problem body."""
    HANG_UP_BEFORE = "hang_up_before"
    """The connection breaks before anything was done."""
    HANG_UP_AFTER = "hang_up_after"
    """Accepted and recorded, then the connection breaks."""
    EXPIRED_TOKEN = "expired_token"  # noqa: S105
    """401, as after the app's access was withdrawn."""
    NO_CREDITS = "no_credits"
    """402: the account's money is used up."""
    USAGE_CAPPED = "usage_capped"
    """403 with the problem type of a used-up plan."""


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

    def take(self, call: str) -> Fault | None:
        """The next fault for this call (method and path); it will not happen again."""
        fault = next((fault for fault in self.waiting if fault.path in call), None)
        if fault and fault.after:
            fault.after -= 1
            return None
        if fault:
            self.waiting.remove(fault)
        return fault


class ProblemError(Exception):
    """Leaves a call as X's problem object, with further headers where given."""

    def __init__(self, status: int, body: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(status))
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


def generic(status: int, title: str, detail: str = "") -> ProblemError:
    return ProblemError(status, {"title": title, "type": "about:blank", "status": status, "detail": detail or title})


def invalid(parameter: str, value: str, message: str) -> ProblemError:
    return ProblemError(
        400,
        {
            "errors": [{"parameters": {parameter: [value]}, "message": message}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{PROBLEMS}invalid-request",
        },
    )


def not_found(parameter: str, value: str, kind: str) -> dict[str, Any]:
    """The object that stands in `errors`, also of an otherwise good answer."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{PROBLEMS}resource-not-found",
    }


def forbidden(detail: str) -> ProblemError:
    return generic(403, "Forbidden", detail)


def duplicate() -> ProblemError:
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def too_many(headers: Mapping[str, str]) -> ProblemError:
    problem = generic(429, "Too Many Requests")
    problem.headers = dict(headers)
    return problem


def raise_fault(fault: Fault | None, *, now: float) -> None:
    """Refuse the call where the fault is one of refusal."""
    if fault is None:
        return
    match fault.kind:
        case FaultKind.THROTTLED:
            reset = str(int(now) + fault.seconds)
            raise too_many({"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset})
        case FaultKind.THROTTLED_SILENTLY:
            raise ProblemError(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]})
        case FaultKind.EXPIRED_TOKEN:
            raise generic(401, "Unauthorized")
        case FaultKind.NO_CREDITS:
            raise generic(402, "CreditsDepleted", "Your enrolled account does not have any credits.")
        case FaultKind.USAGE_CAPPED:
            raise ProblemError(
                403,
                {
                    "title": "UsageCapExceeded",
                    "detail": "Usage cap exceeded: Monthly product cap",
                    "type": f"{PROBLEMS}usage-capped",
                    "period": "Monthly",
                    "scope": "Product",
                },
            )
        case FaultKind.TRANSIENT:
            raise generic(500, "Internal Server Error")
        case FaultKind.HTML | FaultKind.HANG_UP_BEFORE:
            raise generic(503, "Service Unavailable")
