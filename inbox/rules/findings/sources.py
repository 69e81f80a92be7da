"""Whether what a reply claims stands in a source that is still valid (directive 004, 6a6, 8a10: right information)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from inbox.rules.findings.dates import claims
from inbox.rules.findings.finding import Finding, FindingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An article of Akıl Kutusu or a unit's answer. `valid_until` is its last good day; None: it has no end."""

    id: str
    title: str
    text: str
    valid_until: date | None = None
    is_public: bool = False
    """It may be sent to anybody: numbers and addresses in it are the organisation's own."""


def source_findings(text: str, *, sources: Sequence[Source], own_words: str, today: date) -> Iterator[Finding]:
    """`own_words`: what the citizen herself wrote; a figure repeated from there needs no source."""
    for source in sources:
        if source.valid_until is not None and source.valid_until < today:
            yield _finding(f"Dayanak metnin geçerliliği {source.valid_until:%d.%m.%Y} tarihinde bitti: {source.title}")
    said = [claim for source in (*(source.text for source in sources), own_words) for claim, _, _ in claims(source)]
    for claim, start, end in claims(text):
        if not _is_borne_out(claim, said):
            message = "Dayanak metinde bulunmayan bir bilgi." if sources else "Dayanağı olmayan bir bilgi."
            yield _finding(message, start, end)


def _is_borne_out(claim: str, said: Sequence[str]) -> bool:
    """A date without its year stands for the same day with one, and the other way round."""
    return any(claim == other or (claim.startswith("date:") and _same_day(claim, other)) for other in said)


def _same_day(one: str, other: str) -> bool:
    return one.startswith(f"{other}.") or other.startswith(f"{one}.")


def _finding(message: str, start: int = 0, end: int = 0) -> Finding:
    return Finding(kind=FindingKind.SOURCE, message=message, start=start, end=end)
