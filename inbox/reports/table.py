"""The report as a table for spreadsheets: a line for every figure, this period beside the one before."""

import csv
import io
from collections.abc import Iterator

from inbox.reports.figures import PeriodFigures, ReportFigures
from inbox.reports.names import Names

BOM = "\ufeff"
"""So that spreadsheet programs read the letters right."""
HEAD = ("Bölüm", "Gösterge", "Bu hafta", "Önceki hafta")
SUMMARY = {
    "messages": "Gelen mesaj",
    "applications": "Kaydedilen başvuru",
    "answered": "Cevaplanan",
    "closed": "Sonuçlanan",
    "first_answer_hours": "İlk cevap süresi, ortanca (saat)",
    "first_answer_hours_p90": "İlk cevap süresi, on başvurudan dokuzu (saat)",
    "resolution_hours": "Sonuçlanma süresi, ortanca (saat)",
    "in_time": "Süresinde cevaplanan (oran)",
    "open_at_end": "Dönem sonunda açık",
    "oldest_open_days": "En eski açık başvuru (gün)",
}
SECTIONS = {
    "channel": "Kanal",
    "topic": "Konu",
    "unit": "Birim",
    "kind": "Tür",
    "district": "İlçe",
}
Row = tuple[str, str, str, str]


def csv_of(figures: ReportFigures, *, names: Names) -> str:
    """With semicolons and decimal commas, as spreadsheets in Turkish open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEAD)
    writer.writerows(_rows(figures.now, figures.before, names))
    return BOM + out.getvalue()


def _rows(now: PeriodFigures, before: PeriodFigures, names: Names) -> Iterator[Row]:
    for field, words in SUMMARY.items():
        yield "Özet", words, _shown(getattr(now, field)), _shown(getattr(before, field))
    messages, earlier = now.messages_by_channel, before.messages_by_channel
    for channel in sorted({*messages, *earlier}):
        name = names.of("channel", channel)
        yield "Kanala gelen mesaj", name, _shown(messages.get(channel, 0)), _shown(earlier.get(channel, 0))
    for grouping, section in SECTIONS.items():
        counts, earlier = now.applications_by[grouping], before.applications_by[grouping]
        for code in sorted({*counts, *earlier}, key=lambda code: (-counts.get(code, 0), code)):
            yield section, names.of(grouping, code), _shown(counts.get(code, 0)), _shown(earlier.get(code, 0))


def _shown(value: float | None) -> str:
    return "" if value is None else str(value).replace(".", ",")
