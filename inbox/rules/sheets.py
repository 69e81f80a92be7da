"""Lines of files for spreadsheets, which take some words for formulas. Pure."""

import csv
import io
from collections.abc import Sequence

BOM = "\ufeff"
"""So that spreadsheet programs read the letters right."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(cells: Sequence[str]) -> str:
    """One CSV line. No word becomes a formula; numbers stay numbers."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([f"'{cell}" if _is_formula(cell) else cell for cell in cells])
    return out.getvalue()


def _is_formula(cell: str) -> bool:
    return cell.startswith(_FORMULA) and not cell.removeprefix("-").replace(",", "").isdecimal()
