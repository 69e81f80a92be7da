"""Bar charts as inline SVG: one message each, labelled directly, readable in black and white."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

ROW, LABEL_WIDTH, BAR_WIDTH, VALUE_WIDTH = 30, 330, 320, 100


@dataclass(frozen=True, slots=True)
class Bar:
    """`before` is drawn as a thin outline under the bar."""

    label: str
    value: int
    before: int


def bar_chart(bars: Sequence[Bar], *, title: str) -> str:
    """An SVG of horizontal bars with last period's values as outlines. Screen readers read title and values.

    Looks stand in attributes: printers to PDF do not carry a page's styles into a drawing.
    """
    top = max((max(bar.value, bar.before) for bar in bars), default=0) or 1
    height = ROW * len(bars) + 4
    width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH
    rows = "".join(_row(bar, y=ROW * index, top=top) for index, bar in enumerate(bars))
    return (
        f'<svg role="img" viewBox="0 0 {width} {height}" class="chart" '
        'xmlns="http://www.w3.org/2000/svg" font-size="13" font-family="system-ui, DejaVu Sans, sans-serif">'
        f"<title>{escape(title)}</title><desc>{escape(_words(bars))}</desc>{rows}</svg>"
    )


def _words(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.value}, önceki dönem {bar.before}" for bar in bars)


def _row(bar: Bar, *, y: int, top: int) -> str:
    length, outline = (round(BAR_WIDTH * value / top, 1) for value in (bar.value, bar.before))
    return (
        f'<text x="{LABEL_WIDTH - 10}" y="{y + 19}" text-anchor="end">{escape(bar.label)}</text>'
        f'<rect x="{LABEL_WIDTH}" y="{y + 6}" width="{length}" height="17" class="bar" fill="#0b6987"/>'
        f'<rect x="{LABEL_WIDTH}" y="{y + 4}" width="{outline}" height="21" class="before" '
        'fill="none" stroke="#16202c" stroke-dasharray="3 2"/>'
        f'<text x="{LABEL_WIDTH + max(length, outline) + 8}" y="{y + 19}">'
        f"{bar.value} ({bar.value - bar.before:+d})</text>"
    )
