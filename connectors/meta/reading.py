"""Tolerant reading of single JSON values as Meta writes them. Knows no platform and no event."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What reading a broken item may raise."""
MILLISECONDS_FROM = 1e11
MICROSECONDS_FROM = 1e14


def record(value: Any) -> Json:
    """An object; empty where it is missing. Raises TypeError for anything else."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise TypeError(f"an object is expected, not {type(value).__name__}")
    return value


def sequence(value: Any) -> Sequence[Any]:
    """A list; empty where it is missing. Raises TypeError for anything else."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise TypeError(f"a list is expected, not {type(value).__name__}")
    return value


def edge(value: Any) -> Sequence[Any]:
    """Items of an expanded edge `{"data": […]}`, or of a bare list."""
    return sequence(value) if isinstance(value, list) else sequence(record(value).get("data"))


def text_of(value: Any) -> str:
    """Text that every store takes: no NUL, no half surrogates. Raises TypeError where it is no text."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"a text is expected, not {type(value).__name__}")
    return str(value).replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def id_of(value: Any) -> str:
    """An id given as text or number; empty where it is missing. Raises TypeError for anything else."""
    if isinstance(value, float):
        raise TypeError("an id is expected, not float")
    return text_of(value).strip()


def count_of(value: Any) -> int | None:
    """How many; None where it is missing or no number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def required_id(value: Any, name: str) -> str:
    """An id that must be there. Raises KeyError."""
    found = id_of(value)
    if not found:
        raise KeyError(name)
    return found


def required_text(value: Any, name: str) -> str:
    """A text that must be there: an edit without words would swallow those that we have. Raises KeyError."""
    found = text_of(value)
    if not found:
        raise KeyError(name)
    return found


def moment(value: Any) -> datetime | None:
    """A time given in seconds, milliseconds or ISO 8601, as number or text; None where it cannot be read."""
    try:
        return _from_number(float(value))
    except (TypeError, ValueError, OverflowError, OSError):
        pass
    try:
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def fingerprint(value: Any) -> str:
    """A short digest of a JSON value, the same for equal values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:20]


def facts(**values: str) -> dict[str, str]:
    """Only those that are not empty."""
    return {name: value for name, value in values.items() if value}


def _from_number(number: float) -> datetime | None:
    if not math.isfinite(number) or number <= 0:
        return None
    if number >= MICROSECONDS_FROM:
        number /= 1e6
    elif number >= MILLISECONDS_FROM:
        number /= 1e3
    return datetime.fromtimestamp(number, UTC)
