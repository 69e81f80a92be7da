"""Bars of a chart: one message each, labelled directly, readable in black and white. The template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """`length` and `outline` (last period's value) are percents of the longest in the chart."""

    label: str
    value: int
    before: int
    length: float
    outline: float


def bars_of(rows: Sequence[tuple[str, int, int]]) -> list[Bar]:
    """Of (label, value, value before)."""
    top = max((max(value, before) for _, value, before in rows), default=0) or 1
    return [
        Bar(label, value, before, length=round(100 * value / top, 1), outline=round(100 * before / top, 1))
        for label, value, before in rows
    ]
