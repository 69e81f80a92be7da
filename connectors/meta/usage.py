"""Reads Graph's usage headers: how much of the allowance is gone and when access comes back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

SLOW_AT = 75
STOP_AT = 95
PERCENTAGES = ("call_count", "total_time", "total_cputime")


@dataclass(frozen=True, slots=True)
class Usage:
    """`percent`: the highest of all counters; `regain`: Meta's own guess until access comes back, zero where none."""

    percent: float = 0
    regain: timedelta = timedelta(0)

    @property
    def is_high(self) -> bool:
        return self.percent >= SLOW_AT

    @property
    def is_exhausted(self) -> bool:
        return self.percent >= STOP_AT


def read_usage(headers: Mapping[str, str]) -> Usage:
    """Usage from `X-App-Usage` and `X-Business-Use-Case-Usage`; header names in any case, broken values are skipped."""
    entries = list(_entries(headers))
    return Usage(
        max((_number(entry.get(name)) for entry in entries for name in PERCENTAGES), default=0),
        timedelta(minutes=max((_number(entry.get("estimated_time_to_regain_access")) for entry in entries), default=0)),
    )


def regain_time(headers: Mapping[str, str], *, now: datetime) -> datetime | None:
    """When a throttled caller may come again, or None where Meta does not say."""
    regain = read_usage(headers).regain or _retry_after(headers)
    return now + regain if regain else None


def _entries(headers: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    lowered = {name.lower(): value for name, value in headers.items()}
    app = _decode(lowered.get("x-app-usage", ""))
    if isinstance(app, dict):
        yield app
    cases = _decode(lowered.get("x-business-use-case-usage", ""))
    for entries in cases.values() if isinstance(cases, dict) else ():
        yield from (entry for entry in entries if isinstance(entry, dict)) if isinstance(entries, list) else ()


def _retry_after(headers: Mapping[str, str]) -> timedelta:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 8 else timedelta(0)


def _decode(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _number(value: Any) -> float:
    is_sane = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1_000_000
    return float(value) if is_sane else 0.0
