"""Ways in which people write the same text: without diacritics, in capitals. For measuring alone."""

from collections.abc import Callable, Mapping
from typing import Any

_PLAIN = str.maketrans("ışğçöüâîûİŞĞÇÖÜÂÎÛ", "isgcouaiuISGCOUAIU")
_CAPITALS = str.maketrans("iı", "İI")


def without_diacritics(text: str) -> str:
    """`Karşıyaka'da ŞİŞE` becomes `Karsiyaka'da SISE`."""
    return text.translate(_PLAIN)


def in_capitals(text: str) -> str:
    """By Turkish rules: `ışık iyi` becomes `IŞIK İYİ`."""
    return text.translate(_CAPITALS).upper()


STYLES: Mapping[str, Callable[[str], str]] = {
    "without_diacritics": without_diacritics,
    "in_capitals": in_capitals,
}


def restyled(row: Mapping[str, Any], style: Callable[[str], str]) -> dict[str, Any]:
    """The labelled message, written in another style."""
    return {**row, "text": style(row["text"])}
