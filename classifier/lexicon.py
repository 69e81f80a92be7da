"""What words are about: a hand-written list of stems by concept. Knows Turkish, not the profile's topics."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LEXICON = Path(__file__).with_name("lexicon.txt")
_SHORTEST_STEM = 2
_KEY = 3
"""Letters by which phrases are looked up."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """What begins with a word: its own concepts, and the rest of phrases with theirs."""

    concepts: tuple[str, ...]
    phrases: tuple[tuple[list[str], str], ...]


class Lexicon:
    """Finds concepts in the words of a text; a stem matches every word that begins with it."""

    def __init__(self, path: Path = LEXICON) -> None:
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._words: dict[str, set[str]] = defaultdict(set)
        self._phrases: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                concept, _, entries = line[1:].partition("] ")
                for entry in entries.split():
                    self._add(concept, entry)
        self._of_word = lru_cache(maxsize=50_000)(self._look_up)

    def _add(self, concept: str, entry: str) -> None:
        parts = entry.removesuffix("=").split("_")
        if len(parts) > 1:
            self._phrases[parts[0][:_KEY]].append((parts, concept))
        elif entry.endswith("="):
            self._words[parts[0]].add(concept)
        else:
            self._stems[parts[0]].add(concept)

    def concepts(self, words: Sequence[str]) -> dict[str, int]:
        """How often each concept is named."""
        found: dict[str, int] = {}
        of_word, following = self._of_word, [*words[1:], ""]
        for position, word in enumerate(words):
            entry = of_word(word)
            for concept in entry.concepts:
                found[concept] = found.get(concept, 0) + 1
            for parts, concept in entry.phrases:
                if following[position].startswith(parts[0]) and _follow(words, position + 2, parts):
                    found[concept] = found.get(concept, 0) + 1
        return found

    def _look_up(self, word: str) -> _Entry:
        word = word.lstrip("#@")
        found = set(self._words.get(word, ()))
        for end in range(_SHORTEST_STEM, len(word) + 1):
            found |= self._stems.get(word[:end], set())
        phrases = [(parts[1:], name) for parts, name in self._phrases.get(word[:_KEY], ()) if word.startswith(parts[0])]
        return _Entry(tuple(sorted(found)), tuple(phrases))


def _follow(words: Sequence[str], position: int, parts: Sequence[str]) -> bool:
    """The second and further `parts` begin the words from `position` on."""
    if position + len(parts) - 1 > len(words):
        return False
    return all(words[position + i].startswith(part) for i, part in enumerate(parts[1:]))
