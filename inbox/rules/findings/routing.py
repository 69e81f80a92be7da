"""Routing that disagrees with the topic's units, with the classifier or with the place (directive 004, 7ç2, 8b2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inbox.rules.findings.finding import Finding, FindingKind
from inbox.rules.topic_units import TopicUnits
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
    units: TopicUnits | None = None
    """The units of the topic; None for a topic that nobody knows."""


def routing_findings(routing: Routing) -> Iterator[Finding]:
    if routing.unit is None:
        yield _finding("Birim seçilmedi.")
        return
    if routing.units and routing.unit not in routing.units.allowed:
        yield _finding("Seçilen birim bu konunun birimleri arasında değil.", routing.units.unit)
    yield from _against_classifier(routing)
    yield from _against_place(routing)


def _against_classifier(routing: Routing) -> Iterator[Finding]:
    guess = routing.guess
    if guess and guess.unit and guess.unit != routing.unit and guess.confidence >= SURE:
        yield _finding("Sınıflandırma başka bir birimi gösteriyor.", guess.unit)


def _against_place(routing: Routing) -> Iterator[Finding]:
    if routing.unit == DISTRICT and not routing.district:
        yield _finding("İlçe belediyesine gidiyor, ancak ilçe belli değil.")
    named = routing.guess.district if routing.guess else None
    if named and routing.district and named != routing.district:
        yield _finding("Metinde başka bir ilçe geçiyor.", named)
    if routing.topic not in STREET_TOPICS:
        return
    text = skeleton(routing.citizen_text)
    side, main = bool(_SIDE_STREET.search(text)), bool(_MAIN_STREET.search(text))
    usual = routing.units.unit if routing.units else None
    if side and not main and routing.unit == usual != DISTRICT:
        yield _finding("Metinde sokak geçiyor; sokaklar ilçe belediyesinin sorumluluğunda.", DISTRICT)
    if main and not side and routing.unit == DISTRICT != usual:
        yield _finding("Metinde cadde, bulvar veya meydan geçiyor; bunlar Büyükşehir'in sorumluluğunda.", usual or "")


def _finding(message: str, unit: str = "") -> Finding:
    return Finding(kind=FindingKind.ROUTING, message=message, suggestion=unit)
