"""Who is asked about her satisfaction, when, and how often it is tried (directive 004, 6a12, 7d2). Pure."""

import hashlib
from datetime import datetime, timedelta

from models.enums import Kind, Outcome

SHARE = 0.2
"""Of the closed applications, where the desk has set nothing else."""
PAUSE = timedelta(days=1)
"""After the answer before the first try, and between two tries."""
MOST_TRIES = 3
SCORES = range(1, 6)
"""1 (not at all) to 5 (very satisfied)."""


def is_asked(*, number: str, kind: Kind, outcome: Outcome | None, confidential: bool, share: float) -> bool:
    """Chosen by the application's number, so that every look chooses the same.

    Never for what is confidential (violence, health, shelter), for thanks, nothing, or a duplicate of another one.
    """
    if confidential or kind in (Kind.THANKS, Kind.INVALID) or outcome is Outcome.DUPLICATE:
        return False
    drawn = int.from_bytes(hashlib.sha256(number.encode()).digest()[:4], "big") / 2**32
    return drawn < share


def first_try(closed_at: datetime) -> datetime:
    return closed_at + PAUSE


def is_given_up(tries: int) -> bool:
    """Whether nobody could be reached often enough."""
    return tries >= MOST_TRIES
