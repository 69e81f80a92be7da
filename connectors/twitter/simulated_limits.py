"""Counts calls of the simulated X on its clock and says what is left, as https://docs.x.com/x-api/fundamentals/rate-limits.

Never switched off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.twitter.simulated_problems import too_many
from models.ports import Clock

QUARTER = timedelta(minutes=15)
DAY = timedelta(hours=24)
QUARTER_LIMITS = {
    "GET /2/users/me": 75,
    "GET /2/users/{id}/mentions": 300,
    "GET /2/users/{id}/tweets": 900,
    "GET /2/tweets/search/recent": 300,
    "GET /2/tweets/{id}": 900,
    "GET /2/dm_events": 15,
    "GET /2/dm_conversations/with/{id}/dm_events": 15,
    "POST /2/tweets": 100,
    "DELETE /2/tweets/{id}": 50,
    "POST /2/dm_conversations/with/{id}/messages": 15,
}
DAY_LIMITS = {
    "POST /2/tweets": ("x-app-limit-24hour", 10_000),
    "POST /2/dm_conversations/with/{id}/messages": ("x-user-limit-24hour", 1_440),
}
UNLISTED = 100


@dataclass(slots=True)
class Window:
    """A number of calls until `reset`."""

    name: str
    limit: int
    remaining: int
    reset: datetime

    @property
    def headers(self) -> dict[str, str]:
        return {
            f"{self.name}-limit": str(self.limit),
            f"{self.name}-remaining": str(self.remaining),
            f"{self.name}-reset": str(int(self.reset.timestamp())),
        }


class CallCounter:
    """The windows of each endpoint; they begin with its first call."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[tuple[str, str], Window] = {}

    def take(self, endpoint: str) -> dict[str, str]:
        """Count a call; the headers of its answer. Raises ProblemError (429) where nothing is left."""
        windows = self._open(endpoint)
        headers = {name: value for window in windows for name, value in window.headers.items()}
        if any(not window.remaining for window in windows):
            raise too_many(headers)
        for window in windows:
            window.remaining -= 1
            headers |= window.headers
        return headers

    def _open(self, endpoint: str) -> list[Window]:
        windows = [self._window(endpoint, "x-rate-limit", QUARTER_LIMITS.get(endpoint, UNLISTED), QUARTER)]
        if endpoint in DAY_LIMITS:
            name, limit = DAY_LIMITS[endpoint]
            windows.append(self._window(endpoint, name, limit, DAY))
        return windows

    def _window(self, endpoint: str, name: str, limit: int, length: timedelta) -> Window:
        now, key = self._clock.now(), (endpoint, name)
        window = self._windows.get(key)
        if window is None or window.reset <= now:
            window = self._windows[key] = Window(name, limit, limit, now + length)
        return window
