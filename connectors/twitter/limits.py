"""Remembers what X said of its limits, so that no request is sent which it would refuse. Counts on the given clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.twitter.values import as_time
from models.errors import RateLimitedError
from models.ports import Clock

WINDOWS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_IDS = re.compile(r"(?<=/)\d+(?=/|$)")
_VERSION = "/2/"


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of one limit, and when it begins anew."""

    remaining: int
    reset: datetime


def endpoint_of(method: str, path: str) -> str:
    """The name under which X counts a request: its method and address without ids."""
    version, separator, rest = path.partition(_VERSION)
    return f"{method} {version}{separator}{_IDS.sub(':id', rest)}"


def windows_in(headers: Mapping[str, str]) -> list[Window]:
    """The limits that an answer's headers tell."""
    found = []
    for name in WINDOWS:
        remaining, reset = headers.get(f"{name}-remaining", ""), headers.get(f"{name}-reset", "")
        moment = as_time(reset)
        if remaining.isdecimal() and moment:
            found.append(Window(int(remaining), moment))
    return found


class Limits:
    """The last known windows of each endpoint of one account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, list[Window]] = {}

    def note(self, endpoint: str, headers: Mapping[str, str]) -> None:
        if windows := windows_in(headers):
            self._windows[endpoint] = windows

    def check(self, endpoint: str) -> None:
        """Raises RateLimitedError where nothing is left."""
        if until := self.closed_until(endpoint):
            raise RateLimitedError("X's limit for this request is used up", code="429", retry_at=until)

    def closed_until(self, endpoint: str) -> datetime | None:
        now = self._clock.now()
        closed = [one.reset for one in self._windows.get(endpoint, ()) if not one.remaining and one.reset > now]
        return max(closed, default=None)
