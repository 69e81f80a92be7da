"""How many wrong passwords and codes are too many. Pure; the tries are passed in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

PERIOD = timedelta(minutes=15)
MOST_PER_LOGIN = 8
MOST_PER_ADDRESS = 40
"""An office stands behind one address: more than for a login."""


def wait(*, of_login: Sequence[datetime], of_address: Sequence[datetime], now: datetime) -> timedelta | None:
    """How long the next try must wait after these; None where it may be made now."""
    waits = [
        _wait(of_login, most=MOST_PER_LOGIN, now=now),
        _wait(of_address, most=MOST_PER_ADDRESS, now=now),
    ]
    return max((one for one in waits if one), default=None)


def _wait(times: Sequence[datetime], *, most: int, now: datetime) -> timedelta | None:
    counted = sorted(time for time in times if time > now - PERIOD)
    return counted[-most] + PERIOD - now if len(counted) >= most else None
