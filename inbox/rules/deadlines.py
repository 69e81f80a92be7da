"""Deadline arithmetic: calendar days in the profile's time zone; a limit ends with its day (directive 004, 20a)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def answer_due(received_at: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """The last moment of the `days`-th calendar day after receipt, as UTC."""
    last_day = received_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last_day, time.max, tzinfo=zone).astimezone(UTC)
