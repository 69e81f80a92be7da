"""What a check says of a text. Pure values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    SPELLING = "yazim"
    ROUTING = "yonlendirme"
    PERSONAL_DATA = "kisisel_veri"
    PROMISE = "tarihsiz_soz"
    SOURCE = "kaynak"
    TONE = "uslup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`text[start:end]` is what is meant; both are 0 where the finding is of the whole. `message` is shown, Turkish."""

    kind: FindingKind
    message: str
    start: int = 0
    end: int = 0
    suggestion: str = ""
    """What could stand there instead; empty where only a person knows."""


_ABBREVIATION = re.compile(r"\b(?:No|Mah|Cad|Sok|Sk|Cd|Blv|Apt|vb|vs|Dr|Av|T\.C|A\.Ş|Tel|\d+)\.$", re.IGNORECASE)
_STOP = re.compile(r"[.!?…](?=\s|$)|\n+")


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(place, sentence); abbreviations and ordinal numbers end none."""
    start = 0
    for stop in _STOP.finditer(text):
        sentence = text[start : stop.end()]
        if _ABBREVIATION.search(sentence) and stop.end() < len(text) and not _is_capital(text, stop.end()):
            continue
        if sentence.strip():
            yield start, sentence
        start = stop.end()
    if text[start:].strip():
        yield start, text[start:]


def _is_capital(text: str, place: int) -> bool:
    return text[place:].lstrip()[:1].isupper()
