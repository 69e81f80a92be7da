"""How calls of the simulated Bot API go wrong: its errors, and what a fault of each kind looks like."""

from typing import Any

from connectors.simulated_faults import Fault, FaultKind

HTML_FAULT = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"


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
