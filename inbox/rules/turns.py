"""When a turn of a conversation is complete: in direct messages after 2 s of quiet, 10 s at most."""

from datetime import datetime, timedelta

from models.enums import Surface

QUIET = timedelta(seconds=2)
LONGEST = timedelta(seconds=10)


def turn_times(surface: Surface, arrived_at: datetime) -> tuple[datetime, datetime]:
    """(quiet_at, latest_at) of a message: its turn is due when the newest is quiet or the oldest is overdue."""
    if surface.is_public:
        return arrived_at, arrived_at
    return arrived_at + QUIET, arrived_at + LONGEST
