"""Routing that disagrees with the topic's units, with the classifier or with the place (directive 004, 7ç2, 8b2)."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from inbox.rules.findings.finding import Finding, FindingKind
from models.messages import Classification
from models.profile import UNKNOWN_DISTRICT_UNIT
from models.turkish import skeleton

DISTRICT = UNKNOWN_DISTRICT_UNIT
SURE = 0.6
"""From this confidence on the classifier's other unit is worth a look."""
STREET_TOPICS = frozenset(
    {"yol_bozuk", "kaldirim", "yol_calismasi", "agac", "park_bakim", "isgal_seyyar", "sokak_temizligi"}
)
"""Topics where a side street is the district's and an avenue the metropolitan municipality's (law 5216, 7g)."""
_SIDE_STREET = re.compile(r"\bsokak(?!\s+(?:kope|hayvan|lamba))|\bsokag[ai]|\b\d+(?:/\d+)?\.?\s*(?:sk|sok)\b")
_MAIN_STREET = re.compile(r"\bcadde|\b(?:cd|cad)\b|\bbulvar|\bblv\b|\bmeydan|\bkordon\b|\bsahil\s*(?:seridi|bandi)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Where an application is to go, as a person chose, beside what the classifier says of the citizen's text."""

    citizen_text: str
    topic: str | None
    unit: str | None
    district: str | None
    guess: Classification | None


def routing_findings(
    routing: Routing, *, units_of_topic: Mapping[str, Collection[str]], main_unit: Mapping[str, str]
) -> Iterator[Finding]:
    """`units_of_topic`: every unit that a topic may go to; `main_unit`: the usual one."""
    if routing.unit is None:
        yield _finding("Birim seçilmedi.")
        return
    allowed = units_of_topic.get(routing.topic or "")
    if allowed is not None and routing.unit not in allowed:
        yield _finding("Seçilen birim bu konunun birimleri arasında değil.", main_unit.get(routing.topic or "", ""))
    yield from _against_classifier(routing)
    yield from _against_place(routing, main_unit)


def _against_classifier(routing: Routing) -> Iterator[Finding]:
    guess = routing.guess
    if guess and guess.unit and guess.unit != routing.unit and guess.confidence >= SURE:
        yield _finding("Sınıflandırma başka bir birimi gösteriyor.", guess.unit)


def _against_place(routing: Routing, main_unit: Mapping[str, str]) -> Iterator[Finding]:
    if routing.unit == DISTRICT and not routing.district:
        yield _finding("İlçe belediyesine gidiyor, ancak ilçe belli değil.")
    named = routing.guess.district if routing.guess else None
    if named and routing.district and named != routing.district:
        yield _finding("Metinde başka bir ilçe geçiyor.", named)
    if routing.topic not in STREET_TOPICS:
        return
    text = skeleton(routing.citizen_text)
    side, main = bool(_SIDE_STREET.search(text)), bool(_MAIN_STREET.search(text))
    usual = main_unit.get(routing.topic or "")
    if side and not main and routing.unit == usual != DISTRICT:
        yield _finding("Metinde sokak geçiyor; sokaklar ilçe belediyesinin sorumluluğunda.", DISTRICT)
    if main and not side and routing.unit == DISTRICT != usual:
        yield _finding("Metinde cadde, bulvar veya meydan geçiyor; bunlar Büyükşehir'in sorumluluğunda.", usual or "")


def _finding(message: str, unit: str = "") -> Finding:
    return Finding(kind=FindingKind.ROUTING, message=message, suggestion=unit)
