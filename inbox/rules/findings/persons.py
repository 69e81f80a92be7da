"""Persons in a text, by name or by what is told of them, where no number gives them away (law 6698, 6). Pure."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from inbox.rules.findings.finding import sentences
from models.turkish import fold

_CAPITALS = re.compile(r"[A-ZÇĞİÖŞÜ][a-zçğıöşüâîû]+(?:\s+[A-ZÇĞİÖŞÜ][a-zçğıöşüâîû]+)+")
_WORD = re.compile(r"[^\W\d_]+")
_OF_YOURS = re.compile(r"\w+(?:n[ıiuü]z)(?:[ıiuü]n?|[ae]|d[ae]n?|l[ae])?|\w+s[ıiuü]n[ıiuü]z")
_NEUTRAL = re.compile(
    r"(?:başvuru|talep|taleb|mesaj|bilgi|dikkat|görüş|öneri|ilgi|sabr|anlayış|şikayet|istek|isteğ|soru|ihbar|bildirim)\w*"
)
_TELLS_NOBODY = re.compile(
    r"\b(?:\w+s[ae]n[ıi]z|\w*varsa|\w*yoksa|ise|hâlinde|halinde|durumunda|\w+l[ae]r[ıi]m[ıi]z\w*|köpe\w+|kedi\w*|hayvan\w*)\b"
)
"""Rules, conditions and animals."""
AROUND = 25
"""Letters before and behind a name in which a title or a kind of place may stand."""
NEAR = 40
"""Letters between a fact and the person it is told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWords:
    """What the check knows of names and of facts that are nobody else's business. Patterns begin at a word's start."""

    first_names: Collection[str]
    """Folded."""
    places: re.Pattern[str]
    """What makes a name a place's or an institution's."""
    titles: re.Pattern[str]
    """Offices: who holds one may be named."""
    relatives: re.Pattern[str]
    """`oğlunuz`: how a person near the citizen is called."""
    facts: re.Pattern[str]
    """Of health, family, belief, debts, crimes."""

    def named(self, text: str) -> Iterator[tuple[int, int]]:
        """Places of names of persons: a first name with a surname, or with `Hanım`, `Amca` …"""
        for match in _CAPITALS.finditer(text):
            if not self._is_public(text, match):
                yield from self._name(match)

    def _name(self, match: re.Match[str]) -> Iterator[tuple[int, int]]:
        words = list(_WORD.finditer(match.group()))
        for first, second in pairwise(words):
            if fold(first.group()) in self.first_names:
                yield match.start() + first.start(), match.start() + second.end()
                return

    def _is_public(self, text: str, match: re.Match[str]) -> bool:
        before, behind = fold(text[: match.start()][-AROUND:]), fold(text[match.end() :][:AROUND])
        name = fold(match.group())
        is_place = self.places.search(name) or self.places.match(behind.lstrip(" ’'"))
        return bool(is_place or self.titles.search(f"{before} {name}{behind}"))

    def told_of(self, text: str) -> Iterator[tuple[int, int]]:
        """Sentences that tell a private fact of the citizen or of somebody of hers; rules tell none."""
        for place, sentence in sentences(text):
            lowered = fold(sentence)
            if _TELLS_NOBODY.search(lowered) or not self.facts.search(lowered):
                continue
            facts = [match.span() for match in self.facts.finditer(lowered)]
            persons = [match.span() for match in self.relatives.finditer(lowered)] + list(_yours(lowered))
            if any(_gap(one, other) <= NEAR for one in facts for other in persons):
                yield place, place + len(sentence)


def _yours(sentence: str) -> Iterator[tuple[int, int]]:
    """Words with «your» or «you are»; the last word is most often a request."""
    words = list(_WORD.finditer(sentence))
    for match in words[:-1]:
        if _OF_YOURS.fullmatch(match.group()) and not _NEUTRAL.fullmatch(match.group()):
            yield match.span()


def _gap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(one[0], other[0]) - min(one[1], other[1])
