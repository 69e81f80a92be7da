"""Unit scorecards: what each unit got, returned and answered in a period (directive 004, 9b3)."""

from inbox.reports.counts import KEPT, MISSED, What, by_owner, mean, median, share
from inbox.reports.daybook import Compared, Days
from inbox.reports.document import Cell, Row, Section, count, hours, percent, score
from inbox.reports.names import Names
from inbox.reports.naming import columns_of
from models.enums import ResponseKind

UNITS = ("", "", "", "%", "saat", "", "")
COLUMNS = ("Gelen", "İade", "Cevap", "Süresinde", "Cevap süresi", "Geri gönderilen", "Memnuniyet")
NOTE = (
    "Cevap süresi, başvurunun birime yönlendirilmesinden cevabın gelmesine dek geçen sürenin ortancasıdır. "
    "Süresinde: ilk cevabı süresi içinde gelenlerin, bunlarla süresi birimdeyken dolanların toplamındaki payı."
)
LINES = (
    "Birime gelen başvuru",
    "Birimin iade ettiği",
    "Birimin cevapladığı",
    "Süresinde cevaplanan",
    "Cevap süresi, ortanca",
    "Kontrolden geri gönderilen cevap",
    "Memnuniyet, 5 üzerinden",
)


class Scorecards:
    """What each unit did in some days."""

    def __init__(self, days: Days) -> None:
        self.routed, self.sent_back = days[What.UNIT_ROUTED], days[What.UNIT_SENT_BACK]
        self._sent, self._limits = by_owner(days[What.UNIT_SENT]), by_owner(days[What.UNIT_LIMIT])
        self._hours, self._scores = by_owner(days[What.UNIT_HOURS]), by_owner(days[What.UNIT_SCORE])

    @property
    def units(self) -> list[str]:
        """Every unit that got or sent something, those with the most first."""
        known = {*self.routed, *self.sent_back, *self._sent, *self._limits, *self._scores} - {""}
        return sorted(known, key=lambda unit: (-self.routed.get(unit, 0), unit))

    def sent(self, unit: str, kind: ResponseKind) -> int:
        return self._sent.get(unit, {}).get(kind, 0)

    def cells(self, unit: str) -> list[Cell]:
        limits = self._limits.get(unit, {})
        return [
            count(self.routed.get(unit, 0)),
            count(self.sent(unit, ResponseKind.RETURN)),
            count(self.sent(unit, ResponseKind.ANSWER)),
            percent(share(limits.get(KEPT, 0), limits.get(MISSED, 0))),
            hours(median(self._hours.get(unit, {}))),
            count(self.sent_back.get(unit, 0)),
            score(mean(self._scores.get(unit, {}))),
        ]


def headline(compared: Compared, *, names: Names, unit: str = "") -> str:
    """All units, or one, in a sentence."""
    cards = Scorecards(compared.now)
    if unit:
        came, answered = count(cards.routed.get(unit, 0)).shown, count(cards.sent(unit, ResponseKind.ANSWER)).shown
        return f"{names.of(What.UNIT, unit)}: {came} başvuru geldi, {answered} cevap verildi."
    if not cards.routed:
        return "Bu dönemde birimlere başvuru yönlendirilmedi."
    return f"{count(len(cards.routed)).shown} birime {count(sum(cards.routed.values())).shown} başvuru yönlendirildi."


def sections(compared: Compared, *, names: Names, unit: str = "") -> list[Section]:
    """A line for each unit; for one unit its own scorecard beside the period before."""
    now = Scorecards(compared.now)
    if unit:
        before = Scorecards(compared.before).cells(unit)
        rows = [
            Row(label=label, cells=cells, unit=measure)
            for label, measure, *cells in zip(LINES, UNITS, now.cells(unit), before, strict=True)
        ]
        return [Section(title="Birim karnesi", columns=columns_of(compared), rows=rows)]
    rows = [Row(label=names.of(What.UNIT, one), cells=now.cells(one), key=one) for one in now.units]
    return (
        [Section(title="Birimler", first="Birim", columns=COLUMNS, units=UNITS, rows=rows, note=NOTE)] if rows else []
    )
