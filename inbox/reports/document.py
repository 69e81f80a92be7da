"""A report before it is a page or a table: sections of rows, each figure in words and as a plain number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inbox.reports.charts import Bar, bars_of

LONG_HOURS = 48
"""From here on people count in days."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`plain` is for spreadsheets: a number with a decimal comma, empty where there is none."""

    shown: str
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`unit` is what plain numbers are in."""

    label: str
    cells: Sequence[Cell]
    unit: str = ""
    bar: Bar | None = None
    key: str = ""
    """Leads to a report of this row alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`first` heads the labels; `units` are what plain numbers of the columns are in, where they differ."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    first: str = "Gösterge"
    units: Sequence[str] = ()
    note: str = ""

    @property
    def is_drawn(self) -> bool:
        return any(row.bar for row in self.rows)

    @property
    def is_compared(self) -> bool:
        """Drawn, with the period before as an outline."""
        return self.is_drawn and len(self.columns) > 1

    @property
    def is_wide(self) -> bool:
        """More than a telephone shows at once."""
        return len(self.columns) > 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a citizen wrote in public, without personal data, with her picture. `picture` is the small copy's name."""

    attachment_id: int
    picture: str
    text: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`name` begins the names of its files."""

    name: str
    organisation: str
    title: str
    when: str
    headline: str
    sections: Sequence[Section]
    remarks: Sequence[str] = ()
    examples: Sequence[Example] = ()


Measure = Callable[[Mapping[str, int]], float | None]
NOTHING = Cell("–", "")


def count(value: int | None) -> Cell:
    return NOTHING if value is None else Cell(_grouped(f"{value:,}"), str(value))


def hours(value: float | None) -> Cell:
    """Shown as minutes, hours or days, as people would say it; plain always hours."""
    if value is None:
        return NOTHING
    shown = f"{_decimal(value)} saat"
    if value < 1:
        shown = f"{round(value * 60)} dk"
    elif value >= LONG_HOURS:
        shown = f"{_decimal(value / 24)} gün"
    return Cell(shown, _plain(value))


def days(value: int | None) -> Cell:
    return NOTHING if value is None else Cell(f"{value} gün", str(value))


def percent(value: float | None) -> Cell:
    """Of a share from 0 to 1."""
    return NOTHING if value is None else Cell(f"%{_decimal(value * 100)}", _plain(value * 100))


def score(value: float | None) -> Cell:
    return NOTHING if value is None else Cell(_decimal(value), _plain(value))


def words(text: str) -> Cell:
    return Cell(text, text)


def drawn(rows: Sequence[tuple[str, int, int]]) -> list[Row]:
    """Of (label, value, value before), each with its bar."""
    return [Row(label=bar.label, cells=(count(bar.value), count(bar.before)), bar=bar) for bar in bars_of(rows)]


def pair(
    label: str, make: Callable[[float | None], Cell], now: float | None, before: float | None, *, unit: str = ""
) -> Row:
    return Row(label=label, cells=(make(now), make(before)), unit=unit)


def _decimal(value: float) -> str:
    return _grouped(f"{value:,.1f}")


def _grouped(number: str) -> str:
    """With the separators of Turkish."""
    return number.translate(str.maketrans(",.", ".,"))


def _plain(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
