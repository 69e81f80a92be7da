"""Unit scorecards: what each unit got, returned and answered in a period (directive 004, 9b3)."""

from inbox.reports.counts import KEPT, MISSED, What, by_owner, mean, median, share
from inbox.reports.daybook import Compared, Days
from inbox.reports.document import Cell, Row, Section, count, hours, percent, score
from inbox.reports.names import Names
from inbox.reports.naming import columns_of
from models.enums import ResponseKind

UNITS = ("", "", "", "%", "saat", "", "")
COLUMNS = ("Gelen", "İade", "Cevap", "Süresinde", "Cevap süresi", "Geri gönderilen", "Memnuniyet")
LINES = (
    "Birime gelen başvuru",
    "Birimin iade ettiği",
    "Birimin cevapladığı",
    "Süresinde cevaplanan",
    "Cevap süresi, ortanca",
    "Kontrolden geri gönderilen cevap",
    "Memnuniyet, 5 üzerinden",
)


def headline(compared: Compared, *, names: Names, unit: str = "") -> str:
    """All units, or one, in a sentence."""
    routed = compared.now[What.UNIT_ROUTED]
    if unit:
        answered = _sent(compared.now, unit, ResponseKind.ANSWER)
        came = count(routed.get(unit, 0)).shown
        return f"{names.of(What.UNIT, unit)}: {came} başvuru geldi, {count(answered).shown} cevap verildi."
    if not routed:
        return "Bu dönemde birimlere başvuru yönlendirilmedi."
    return f"{count(len(routed)).shown} birime {count(sum(routed.values())).shown} başvuru yönlendirildi."


def sections(compared: Compared, *, names: Names, unit: str = "") -> list[Section]:
    """A line for each unit; for one unit its own scorecard beside the period before."""
    if unit:
        return [Section(title="Birim karnesi", columns=columns_of(compared), rows=_card(compared, unit))]
    rows = [
        Row(label=names.of(What.UNIT, one), cells=_cells(compared.now, one), key=one)
        for one in sorted(units_of(compared.now), key=lambda one: (-compared.now[What.UNIT_ROUTED].get(one, 0), one))
    ]
    note = (
        "Cevap süresi, başvurunun birime yönlendirilmesinden cevabın gelmesine dek geçen sürenin ortancasıdır. "
        "Süresinde: cevabı son gününden önce gelenlerin, süresi birimdeyken dolanlarla birlikte içindeki payı."
    )
    return (
        [Section(title="Birimler", first="Birim", columns=COLUMNS, units=UNITS, rows=rows, note=note)] if rows else []
    )


def units_of(days: Days) -> set[str]:
    """Every unit that got or sent something."""
    owners = {owner for what in (What.UNIT_SENT, What.UNIT_LIMIT, What.UNIT_SCORE) for owner in by_owner(days[what])}
    return {*days[What.UNIT_ROUTED], *days[What.UNIT_SENT_BACK], *owners} - {""}


def _card(compared: Compared, unit: str) -> list[Row]:
    now, before = _cells(compared.now, unit), _cells(compared.before, unit)
    return [
        Row(label=label, cells=cells, unit=measure)
        for label, measure, *cells in zip(LINES, UNITS, now, before, strict=True)
    ]


def _cells(days: Days, unit: str) -> list[Cell]:
    limits = by_owner(days[What.UNIT_LIMIT])[unit]
    return [
        count(days[What.UNIT_ROUTED].get(unit, 0)),
        count(_sent(days, unit, ResponseKind.RETURN)),
        count(_sent(days, unit, ResponseKind.ANSWER)),
        percent(share(limits.get(KEPT, 0), limits.get(MISSED, 0))),
        hours(median(by_owner(days[What.UNIT_HOURS])[unit])),
        count(days[What.UNIT_SENT_BACK].get(unit, 0)),
        score(mean(by_owner(days[What.UNIT_SCORE])[unit])),
    ]


def _sent(days: Days, unit: str, kind: ResponseKind) -> int:
    return by_owner(days[What.UNIT_SENT])[unit].get(kind, 0)
