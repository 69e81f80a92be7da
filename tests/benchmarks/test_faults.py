"""The fault run's own counting: what it takes for a text sent twice, and that every figure stands in its table."""

from datetime import UTC, datetime

from benchmarks.faults import PROMISES, sent_twice, table, written_items
from connectors.simulation import LedgerEntry

AT = datetime(2026, 11, 23, tzinfo=UTC)
HURTS = "pushed twice late largest pages throttled throttled_silently html transient hang_up_before hang_up_after"
REST = "expired_token kills written acknowledged sent unresolved duplicates_refused at_rest_after"


def entry(what: str, item: str, text: str = "") -> LedgerEntry:
    return LedgerEntry(AT, "telegram", what, item, text=text)


def test_the_same_words_twice_are_a_text_sent_twice() -> None:
    entries = [
        entry("written", "1"),
        entry("sent", "2", "HİM-1"),
        entry("sent", "3", "HİM-1"),
        entry("sent", "4", "HİM-2"),
    ]
    assert sent_twice(entries) == 1
    assert written_items(entries) == {("telegram", "1")}


def test_every_figure_has_its_line() -> None:
    names = [*HURTS.split(), *REST.split(), *PROMISES, "pages again"]
    found = {name: 1000 + place for place, name in enumerate(names)}
    lines = table(found)
    assert [name for name, value in found.items() if str(value) not in lines] == []
