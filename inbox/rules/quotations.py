"""Cuts words that somebody took back out of texts that quote them: the whole text, or any sentence of it. Pure."""

import re
from collections.abc import Iterable

TAKEN_BACK = "[geri alındı]"
SHORTEST = 12
"""Letters of a sentence that is still recognisably hers; a shorter one is cut only where it was her whole text."""
_EDGES = " \t\n.,;:!?…\"'«»“”"
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")


def without_quotations(text: str, taken_back: Iterable[str]) -> str:
    """The text with a mark in place of what was taken back, whatever the blanks and capitals of the quotation."""
    for quoted in sorted(set(_pieces(taken_back)), key=len, reverse=True):
        pattern = r"\s+".join(re.escape(word) for word in quoted.split())
        text = re.sub(rf"(?<!\w){pattern}(?!\w)", TAKEN_BACK, text, flags=re.IGNORECASE)
    return text


def _pieces(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        whole = text.strip(_EDGES)
        if len(whole) >= 3:
            yield whole
        sentences = (part.strip(_EDGES) for part in _SENTENCES.split(whole))
        yield from (one for one in sentences if len(one) >= SHORTEST)
