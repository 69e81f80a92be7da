"""A report as a table for spreadsheets: its sections below each other, with semicolons and decimal commas."""

from collections.abc import Iterator, Sequence

from inbox.reports.document import Report, Section
from inbox.rules.sheets import BOM, line


def csv_of(report: Report) -> str:
    """As spreadsheets in Turkish open it."""
    head = [("Rapor", f"{report.title}, {report.when}"), *(("Not", remark) for remark in report.remarks)]
    return BOM + "".join(line(cells) for cells in (*head, *(one for part in report.sections for one in _lines(part))))


def _lines(section: Section) -> Iterator[Sequence[str]]:
    units = section.units or ("",) * len(section.columns)
    columns = [_in_unit(name, unit) for name, unit in zip(section.columns, units, strict=True)]
    yield ("Bölüm", section.first, *columns)
    for row in section.rows:
        label = row.label if section.units else _in_unit(row.label, row.unit)
        yield (section.title, label, *(cell.plain for cell in row.cells))
    if section.note:
        yield ("Not", section.note)


def _in_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
