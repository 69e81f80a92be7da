"""What periods are called in Turkish."""

from inbox.reports.daybook import Compared
from inbox.reports.periods import Period, Span
from models.turkish import MONTHS

KINDS_OF_SPAN = {
    Span.DAY: "Günlük",
    Span.WEEK: "Haftalık",
    Span.MONTH: "Aylık",
    Span.QUARTER: "Üç aylık",
    Span.HALF: "Altı aylık",
    Span.YEAR: "Yıllık",
}
_SPAN = {
    Span.DAY: ("gün", "günden", "günün"),
    Span.WEEK: ("hafta", "haftadan", "haftanın"),
    Span.MONTH: ("ay", "aydan", "ayın"),
    Span.QUARTER: ("üç ay", "üç aydan", "üç ayın"),
    Span.HALF: ("altı ay", "altı aydan", "altı ayın"),
    Span.YEAR: ("yıl", "yıldan", "yılın"),
}


def columns_of(compared: Compared) -> tuple[str, str]:
    """Over this period's figures and those of the one before."""
    word = _SPAN[compared.period.span][0]
    return f"Bu {word}", f"Önceki {word}"


def than_before(compared: Compared) -> str:
    """`önceki haftadan`; of a running one `önceki haftanın aynı günlerinden`."""
    _, than, of = _SPAN[compared.period.span]
    if compared.is_over or compared.period.span is Span.DAY:
        return f"önceki {than}"
    return f"önceki {of} aynı günlerinden"


def when(period: Period) -> str:
    """`22 Kasım 2026`, `16–22 Kasım 2026`, `30 Kasım – 6 Aralık 2026`, `Kasım 2026`, `Temmuz–Eylül 2026`, `2026`."""
    first, last = period.first, period.last
    month, end = MONTHS[first.month - 1], f"{MONTHS[last.month - 1]} {last.year}"
    match period.span:
        case Span.DAY:
            return f"{last.day} {end}"
        case Span.WEEK if first.month == last.month:
            return f"{first.day}–{last.day} {end}"
        case Span.WEEK:
            year = f" {first.year}" if first.year != last.year else ""
            return f"{first.day} {month}{year} – {last.day} {end}"
        case Span.MONTH:
            return end
        case Span.YEAR:
            return str(last.year)
    return f"{month}–{end}"
