"""WhatsApp's own error codes, beside those that all of Graph shares, and what they mean for the next try."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from connectors.meta.errors import ErrorClass
from models.errors import (
    AccountPausedError,
    ContactGoneError,
    PersonLimitedError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)

PAIR_LIMIT = "131056"
"""Too many texts to one citizen in a short time."""
SPAM_LIMIT = "131048"
"""Too many citizens complained: lasts long."""
SPAM_PAUSE = timedelta(hours=1)

CODES: Mapping[int, ErrorClass] = {
    **dict.fromkeys((0, 131005), ReauthoriseError),
    **dict.fromkeys((80007, 130429, int(SPAM_LIMIT), 131064, 133016), RateLimitedError),
    int(PAIR_LIMIT): PersonLimitedError,
    **dict.fromkeys((131000, 131016, 131053, 131057, 133004), TransientError),
    **dict.fromkeys((131047, 131049, 131050, 130472), WindowClosedError),
    131026: ContactGoneError,
    **dict.fromkeys((368, 130497, 131031, 131037, 131042, 131045), AccountPausedError),
    **dict.fromkeys((130501, 131008, 131009, 131021, 131030, 131051, 131052, 131062), RequestRefusedError),
    **dict.fromkeys((*range(132000, 132017), 135000, 137000), RequestRefusedError),
}


def retry_time(error: RateLimitedError, *, refusals: int, base: int, now: datetime) -> datetime | None:
    """When to try again: what the platform said, else what it documents; None where it documents nothing.

    `refusals`: how often in a row texts to this citizen were refused, this one included.
    """
    if error.retry_at:
        return error.retry_at
    if error.code == PAIR_LIMIT:
        return now + timedelta(seconds=base ** min(refusals, 6))
    return now + SPAM_PAUSE if error.code == SPAM_LIMIT else None
