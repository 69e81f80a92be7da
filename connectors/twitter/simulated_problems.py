"""How calls of the simulated X go wrong: its error bodies, and what a fault of each kind looks like."""

from collections.abc import Mapping
from typing import Any

from connectors.simulated_faults import Fault, FaultKind

HTML_FAULT = "<!DOCTYPE html><html><head><title>Twitter / Over capacity</title></head><body>Over capacity</body></html>"
PROBLEMS = "https://api.twitter.com/2/problems/"


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
                429,
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
