"""Finds district and neighbourhood in a reading. What stays ambiguous stays open; a guess is worse than a question."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from classifier.gazetteer import Gazetteer, Place, key
from classifier.text import Reading, Token
from classifier.words import (
    BETWEEN_CUES,
    COMMON_NAMES,
    DISTRICT_CUES,
    DISTRICT_WORDS,
    LINE_CUES,
    LOCATIVES,
    LOOSE_LOCATIVES,
    NEIGHBOURHOOD_CUES,
    NEIGHBOURHOOD_SIGNS,
    NEVER_ALONE,
    OTHER_CITIES,
    PLACE_SUFFIXES,
    STOP_CUES,
    STREET_CUES,
    WATER_WORDS,
)

_LONGEST_NAME = 4
"""Words of the longest name that is tried."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found at tokens `first`..`last`, with the suffix that it bears and the words behind it."""

    first: int
    last: int
    name: str
    place: Place
    suffix: str
    after: tuple[str, ...]
    is_capital: bool
    is_proper: bool
    """Written as a name: a capital and an apostrophe."""

    @property
    def has_cue(self) -> bool:
        """Followed by «mahallesi» or the like."""
        if self.suffix or not self.after:
            return False
        return self.after[0].startswith(NEIGHBOURHOOD_CUES) or self.after[0] in NEIGHBOURHOOD_SIGNS

    @property
    def is_district(self) -> bool:
        return self.place.district is not None and not (self.has_cue and self.place.neighbourhoods)


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
        self._names = sorted(gazetteer.places)
        self._may_begin = lru_cache(maxsize=50_000)(self._look_up)

    def find(self, reading: Reading) -> Found:
        mentions = list(self.mentions(reading))
        kept = _without_ways([mention for mention in mentions if not _is_no_place(mention)])
        elsewhere = any(_is_other_city(token.norm) for token in reading.tokens)
        return _resolve([m for m in kept if m.is_district] if elsewhere else kept, reading)

    def mentions(self, reading: Reading) -> Iterator[Mention]:
        """Every name in the text, the longest at each position, from left to right."""
        position = -1
        for place, token in enumerate(reading.tokens):
            mention = self._mention_at(reading, place) if place > position and self._may_begin(token.norm) else None
            if mention:
                yield mention
                position = mention.last

    def _mention_at(self, reading: Reading, first: int) -> Mention | None:
        tokens = reading.tokens
        start = tokens[first].norm
        if start.startswith("@"):
            return self._in_handle(reading, first)
        start = start.removeprefix("#")
        if first and tokens[first].is_suffix:
            return None
        for last in range(min(first + _LONGEST_NAME, len(tokens)) - 1, first - 1, -1):
            joined = start + "".join(token.norm for token in tokens[first + 1 : last + 1])
            name = self._name_in(joined) if joined.isalnum() else None
            if name and not any(token.is_suffix for token in tokens[first + 1 : last + 1]):
                return self._mention(reading, first, last, name, joined.removeprefix(name))
        return None

    def _look_up(self, word: str) -> bool:
        """True where a name begins with the word, or the word with a name; a handle may hide one."""
        if word.startswith("@"):
            return True
        word = word.removeprefix("#")
        place = bisect_left(self._names, word)
        if place < len(self._names) and self._names[place].startswith(word):
            return len(word) > 0
        return any(word[:end] in self._places for end in range(3, len(word)))

    def _name_in(self, joined: str) -> str | None:
        for end in range(len(joined), max(2, len(joined) - 8), -1):
            if joined[:end] in self._places and (end == len(joined) or joined[end:] in PLACE_SUFFIXES):
                return joined[:end]
        return None

    def _mention(self, reading: Reading, first: int, last: int, name: str, suffix: str) -> Mention:
        rest, proper = reading.tokens[last + 1 : last + 5], False
        if rest and (rest[0].is_suffix or (not suffix and rest[0].norm in LOOSE_LOCATIVES)):
            proper, suffix, rest = rest[0].is_suffix, rest[0].norm, rest[1:]
        after = tuple(token.norm for token in rest[:3])
        capital = _is_capital(reading, first)
        return Mention(first, last, name, self._places[name], suffix, after, capital, capital and proper)

    def _in_handle(self, reading: Reading, first: int) -> Mention | None:
        """`@konakbelediye` names its district."""
        handle = reading.tokens[first].norm[1:]
        for end in range(len(handle), 2, -1):
            place = self._places.get(handle[:end])
            if place and place.district and handle[end:].startswith(("bel", "bld")):
                return Mention(first, first, handle[:end], place, "da", (), True, True)
        return None


def _is_capital(reading: Reading, position: int) -> bool:
    return reading.text[reading.tokens[position].start].isupper()


@lru_cache(maxsize=50_000)
def _is_other_city(norm: str) -> bool:
    return norm in OTHER_CITIES or any(
        norm[:end] in OTHER_CITIES and norm[end:] in PLACE_SUFFIXES for end in range(max(4, len(norm) - 6), len(norm))
    )


def _is_no_place(mention: Mention) -> bool:
    if not mention.suffix and mention.after and _is_line(mention.after):
        return True
    if mention.is_district:
        return mention.name in DISTRICT_WORDS and not _is_meant_as_district(mention)
    return bool(not mention.suffix and mention.after and mention.after[0].startswith(STREET_CUES))


def _is_line(after: tuple[str, ...]) -> bool:
    """The words behind a bare name make it a line's, and no stop of the line is meant."""
    if len(after) > 1 and after[1].startswith(STOP_CUES):
        return False
    return after[0].startswith(LINE_CUES) or (after[0] == "metro" and after[1:2] != () and after[1].startswith("hat"))


def _is_meant_as_district(mention: Mention) -> bool:
    if mention.name == "cesme" and mention.after[:1] and mention.after[0].startswith(WATER_WORDS):
        return False
    if mention.is_capital or mention.suffix.startswith(LOCATIVES):
        return True
    return bool(mention.after) and mention.after[0].startswith(DISTRICT_CUES)


def _without_ways(mentions: Sequence[Mention]) -> list[Mention]:
    """Leaves out «X'ten Y'ye» and «X Y arası»: a way between two districts is no place."""
    dropped: set[int] = set()
    for here, there in pairwise(mentions):
        if there.first - here.last > 3 or _districts(here) & _districts(there):
            continue
        from_to = here.suffix in ("dan", "den", "tan", "ten") and there.suffix in ("a", "e", "ya", "ye", "na", "ne")
        between = not here.suffix and there.after[:1] and there.after[0].startswith(BETWEEN_CUES)
        if from_to or between:
            dropped |= {here.first, there.first}
    return [mention for mention in mentions if mention.first not in dropped]


def _districts(mention: Mention) -> set[str]:
    if mention.is_district and mention.place.district:
        return {mention.place.district}
    return {district for _, district in mention.place.neighbourhoods} | mention.place.landmark_districts


def _resolve(mentions: Sequence[Mention], reading: Reading) -> Found:
    districts = [mention for mention in mentions if mention.is_district]
    named = [mention.place.district for mention in districts]
    for mention in mentions:
        owners = None if mention.is_district else _owners(mention, districts, reading)
        if owners is None or (named and not owners[1] & set(named)):
            continue
        name, candidates = owners
        inside = candidates & set(named) if named else candidates
        spans = ((mention.first, mention.last), *((m.first, m.last) for m in districts))
        return Found(next(iter(inside)) if len(inside) == 1 else None, name, spans)
    if named:
        return Found(named[0], None, ((districts[0].first, districts[0].last),))
    return _by_landmark(mentions)


def _by_landmark(mentions: Sequence[Mention]) -> Found:
    hints = set().union(*(mention.place.landmark_districts for mention in mentions))
    if len(hints) != 1:
        return Found()
    places = [mention for mention in mentions if mention.place.landmark_districts]
    return Found(hints.pop(), places[0].place.landmark_neighbourhood, ((places[0].first, places[0].last),))


def _owners(mention: Mention, districts: Sequence[Mention], reading: Reading) -> tuple[str, set[str]] | None:
    """The neighbourhood that the mention means with its possible districts, or None where it means none."""
    pairs = _as_spelled(mention, reading.tokens)
    if not pairs:
        return None
    owners = {district for _, district in pairs}
    if mention.name in COMMON_NAMES and not mention.has_cue:
        beside = any(d.last == mention.first - 1 and not d.suffix and d.place.district in owners for d in districts)
        located = mention.suffix.startswith(LOCATIVES)
        named = located and (mention.is_proper or (mention.is_capital and mention.first > 0))
        if mention.name in NEVER_ALONE or not (named or (beside and (mention.is_capital or located))):
            return None
    return pairs[0][0], owners


def _as_spelled(mention: Mention, tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """The neighbourhoods written in as many words as the citizen wrote, else all of that name."""
    pairs = mention.place.neighbourhoods
    written = mention.last - mention.first + 1
    same = [pair for pair in pairs if len(pair[0].split()) == written]
    return same or [pair for pair in pairs if key(pair[0])]
