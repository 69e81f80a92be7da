"""A report as a table for spreadsheets: its sections below each other, with semicolons and decimal commas."""

from collections.abc import Iterator, Sequence

from inbox.reports.document import Report, Section
from inbox.rules.sheets import BOM, line


def csv_of(report: Report) -> str:
    """As spreadsheets in Turkish open it."""
    head = line(("Rapor", f"{report.title}, {report.when}"))
    return BOM + head + "".join(line(cells) for section in report.sections for cells in _lines(section))


def _lines(section: Section) -> Iterator[Sequence[str]]:
    units = section.units or ("",) * len(section.columns)
    columns = [_in_unit(name, unit) for name, unit in zip(section.columns, units, strict=True)]
    yield ("Bölüm", section.first, *columns)
    for row in section.rows:
        label = row.label if section.units else _in_unit(row.label, row.unit)
        yield (section.title, label, *(cell.plain for cell in row.cells))


def _in_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
