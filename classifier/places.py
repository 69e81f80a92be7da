"""Finds district and neighbourhood in a reading. What stays ambiguous stays open; a guess is worse than a question."""

from collections.abc import Iterator
from dataclasses import dataclass

from classifier.gazetteer import Gazetteer, Place, key
from classifier.text import Reading
from classifier.words import COMMON_NAMES, LINE_CUES, NEIGHBOURHOOD_CUES, PLACE_SUFFIXES, STREET_CUES

_LONGEST_NAME = 4
"""Words of the longest name that is tried."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found at tokens `first`..`last`; `has_cue`: followed by «mahallesi» or the like."""

    first: int
    last: int
    place: Place
    has_cue: bool
    is_bare: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The place of the problem, and the tokens that said so."""

    district: str | None = None
    neighbourhood: str | None = None
    spans: tuple[tuple[int, int], ...] = ()


class PlaceFinder:
    """Looks names up with suffixes, with or without apostrophes, blanks and diacritics."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._places = gazetteer.places
        self._prefixes = gazetteer.prefixes

    def find(self, reading: Reading) -> Found:
        mentions = [mention for mention in self.mentions(reading) if not _is_no_place(reading, mention)]
        return _resolve(mentions)

    def mentions(self, reading: Reading) -> Iterator[Mention]:
        """Every name in the text, the longest at each position, from left to right."""
        words = [token.norm for token in reading.tokens]
        position = 0
        while position < len(words):
            mention = self._mention_at(words, position)
            if mention:
                yield mention
                position = mention.last
            position += 1

    def _mention_at(self, words: list[str], first: int) -> Mention | None:
        start = words[first].lstrip("#")
        if len(start) < 3 or start[:3] not in self._prefixes:
            return None
        for last in range(min(first + _LONGEST_NAME, len(words)) - 1, first - 1, -1):
            joined = start + "".join(words[first + 1 : last + 1])
            if not joined.isalnum():
                continue
            name = self._name_in(joined)
            if name:
                cue = any(word in NEIGHBOURHOOD_CUES for word in words[last + 1 : last + 3])
                return Mention(first, last, self._places[name], cue, name == joined)
        return None

    def _name_in(self, joined: str) -> str | None:
        for end in range(len(joined), max(2, len(joined) - 9), -1):
            if joined[:end] in self._places and (end == len(joined) or joined[end:] in PLACE_SUFFIXES):
                return joined[:end]
        return None


def _is_no_place(reading: Reading, mention: Mention) -> bool:
    after = [token.norm for token in reading.tokens[mention.last + 1 : mention.last + 4] if not token.is_suffix]
    if any(word.startswith(STREET_CUES) for word in after[:1]) or after[:1] in (["sk"], ["cd"], ["cad"], ["sok"]):
        return True
    return bool(after) and after[0].startswith(LINE_CUES)


def _resolve(mentions: list[Mention]) -> Found:
    districts = [m for m in mentions if m.place.district and not m.has_cue]
    named = {m.place.district for m in districts}
    for mention in mentions:
        owners = _owners(mention, named)
        if owners is None:
            continue
        name, candidates = owners
        inside = candidates & named if named else candidates
        district = next(iter(inside)) if len(inside) == 1 else None
        if named and not inside:
            continue
        spans = ((mention.first, mention.last), *((m.first, m.last) for m in districts))
        return Found(district or (districts[0].place.district if districts else None), name, spans)
    if districts:
        return Found(districts[0].place.district, None, ((districts[0].first, districts[0].last),))
    hints = set().union(*(m.place.landmark_districts for m in mentions))
    return Found(hints.pop(), None, tuple((m.first, m.last) for m in mentions)) if len(hints) == 1 else Found()


def _owners(mention: Mention, named: set[str | None]) -> tuple[str, set[str]] | None:
    """The neighbourhood that the mention means with its possible districts, or None where it means none."""
    place = mention.place
    if not place.neighbourhoods or (place.district and not mention.has_cue):
        return None
    name = place.neighbourhoods[0][0]
    owners = {district for _, district in place.neighbourhoods}
    if key(name) in COMMON_NAMES and not mention.has_cue and not (owners & named):
        return None
    return name, owners
