"""How many wrong passwords are too many. Pure but for its own memory; times are passed in."""

from collections import deque
from datetime import datetime, timedelta

PERIOD = timedelta(minutes=15)
MOST_PER_LOGIN = 8
MOST_PER_ADDRESS = 40
"""An office stands behind one address: more than for a login."""
MOST_KEYS = 10_000


class LoginThrottle:
    """Counts failures per login and per address over a sliding period."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], deque[datetime]] = {}

    def wait(self, *, login: str, address: str, now: datetime) -> timedelta | None:
        """How long this pair must wait before its next try; None where it may try now."""
        waits = [
            self._wait(("login", login), most=MOST_PER_LOGIN, now=now),
            self._wait(("address", address), most=MOST_PER_ADDRESS, now=now),
        ]
        return max((wait for wait in waits if wait), default=None)

    def note_failure(self, *, login: str, address: str, now: datetime) -> None:
        for key in (("login", login), ("address", address)):
            if key not in self._failures and len(self._failures) >= MOST_KEYS:
                self._failures.pop(next(iter(self._failures)))
            self._failures.setdefault(key, deque(maxlen=MOST_PER_ADDRESS)).append(now)

    def note_success(self, *, login: str) -> None:
        """A right password clears the login; the address keeps its count."""
        self._failures.pop(("login", login), None)

    def _wait(self, key: tuple[str, str], *, most: int, now: datetime) -> timedelta | None:
        times = self._failures.get(key)
        while times and times[0] <= now - PERIOD:
            times.popleft()
        if not times or len(times) < most:
            return None
        return times[-most] + PERIOD - now
