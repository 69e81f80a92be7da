"""The words that the spelling check knows: those of this desk's texts, and behind them a dictionary. Pure.

Its limits: it speaks up only where it also knows what was meant, so an unknown word by itself is never a finding, and
a wrong word that is another right word is not seen.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product

from models.turkish import fold, skeleton

WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")
_BARE_WORD = re.compile(r"(?<![\w’'])[^\W\d_]+")
_PLAIN = str.maketrans("âîû", "aiu")
ALPHABET = "abcçdefgğhıijklmnoöprsştuüvyzâîû"
STRONG = 6
"""So often seen among citizens' texts, a word is taken as right unless a better spelling is far more frequent."""
FAR_MORE = 4
MORE = 2.5
LONG_ENOUGH = 6
_H, _A = "[ıiuü]", "[ae]"
_V, _C = "(?<=[aeıioöuüâîû])", "(?<=[^aeıioöuüâîû])"
"""After a vowel, after a consonant: the buffer letters y, n, s stand only between vowels."""
_SUFFIXES = (
    # of nouns
    f"l{_A}r|{_V}[yns]{_H}|{_C}{_H}|{_V}[yn]{_A}|{_C}{_A}|n?[dt]{_A}n?|{_V}n{_H}n|{_C}{_H}n|{_V}yl{_A}|{_C}l{_A}",
    f"{_V}m{_H}z|{_C}{_H}m{_H}z|{_V}n{_H}z|{_C}{_H}n{_H}z|{_V}m|{_C}{_H}m|ki|l{_H}|l{_H}[kğ]|s{_H}z|[cç]{_H}|n?[cç]{_A}",
    # of verbs
    f"m{_A}|m{_A}[kd]?t?{_A}?|m{_H}ş|{_V}y{_A}c{_A}[kğ]|{_C}{_A}c{_A}[kğ]|m?{_H}yor|{_V}r|{_C}{_H}r|{_C}{_A}r|m{_A}z",
    f"[dt]{_H}r?|[dt]{_H}[kğ]|{_V}y{_A}n|{_C}{_A}n|{_V}y{_H}p|{_C}{_H}p|{_V}y{_A}r{_A}k|{_C}{_A}r{_A}k",
    f"{_V}y{_H}nc{_A}|{_C}{_H}nc{_A}|{_V}l|{_C}{_H}l|{_V}n|{_C}{_H}n|{_V}t|{_C}{_H}t|{_V}ş|{_C}{_H}ş|s{_A}|s{_H}n{_H}z",
    f"{_C}{_H}z|{_V}y{_H}z|{_V}y{_A}b{_H}l|{_C}{_A}b{_H}l|{_V}y{_H}c{_H}|{_C}{_H}c{_H}|l{_A}[şn]|{_V}k|s{_H}n",
)
_CHAIN = re.compile(rf"(?:{'|'.join(_SUFFIXES)}){{1,7}}")


_MARKS = {"c": "cç", "g": "gğ", "i": "iı", "o": "oö", "s": "sş", "u": "uü", "ç": "ç", "ı": "ıi"}
MOST_MARKS = 9
"""Letters that may lack a mark, or have one too many, in a word of which all spellings are tried."""
Knows = Callable[[str], bool]
"""Whether a dictionary of the language has a word in this spelling, small and capital letters minded."""


def knows_nothing(_word: str) -> bool:
    """For where no dictionary is given."""
    return False


def words(text: str) -> Iterable[str]:
    """Folded words; what follows an apostrophe is left off."""
    return _BARE_WORD.findall(fold(text))


class Vocabulary:
    """`trusted` texts are written with care (articles, names); `seen` ones come from citizens, slips included."""

    def __init__(
        self,
        *,
        trusted: Iterable[str],
        seen: Iterable[str] = (),
        names: Iterable[str] = (),
        knows: Knows = knows_nothing,
    ) -> None:
        self.names = frozenset(names)
        """Proper names after which a suffix needs an apostrophe (districts)."""
        self._knows = knows
        self._trusted = {word for text in (*trusted, *self.names) for word in words(text)}
        self._trusted |= {word.translate(_PLAIN) for word in self._trusted}
        self._counts = Counter(word for text in seen for word in words(text))
        for word in self._trusted:
            self._counts[word] += STRONG * FAR_MORE
        self._spellings = self._group()
        self._strong = {word for word, count in self._counts.items() if count >= STRONG and self.best(word) == word}
        self._roots = {word for word in self._strong if len(word) > 2} | self._stems()
        plain = {root for root in self._roots if skeleton(root) == root}
        self._marked = {key: root for root in self._roots if (key := skeleton(root)) != root and key not in plain}

    def is_trusted(self, word: str) -> bool:
        return word in self._trusted

    def is_strong(self, word: str) -> bool:
        return word in self._strong

    def is_in_dictionary(self, word: str) -> bool:
        """In this spelling, or without its circumflexes."""
        return self._knows(word) or self._knows(word.translate(_PLAIN))

    def is_derived(self, word: str) -> bool:
        """A dictionary's word with one more suffix: no dictionary has every form."""
        ends = range(max(4, len(word) - 5), len(word))
        return any(_CHAIN.fullmatch(word, end) and self._knows(word[:end]) for end in ends)

    def best(self, word: str) -> str:
        """The usual spelling of a word typed without diacritics; the word itself where none is far more usual."""
        usual = self._spellings.get(skeleton(word), word)
        if usual == word or word in self._trusted or not _only_lacks_marks(word, usual):
            return word
        return usual if self._counts[usual] >= max(STRONG, MORE * self._counts[word]) else word

    def is_formed(self, word: str) -> bool:
        """A known word or stem with Turkish suffixes; a circumflex more or less is no slip."""
        word = word.translate(_PLAIN)
        if word in self._strong:
            return True
        return any(word[:end] in self._roots and _CHAIN.fullmatch(word, end) for end in range(3, len(word)))

    def with_marks(self, word: str) -> str | None:
        """A word of a form not read before whose stem lacks its diacritics: `degerlendirdik`."""
        for end in range(len(word) - 1, LONG_ENOUGH - 1, -1):
            stem = self._marked.get(word[:end], word[:end])
            if stem != word[:end] and _CHAIN.fullmatch(stem + word[end:], end):
                return stem + word[end:]
        return None

    def with_other_marks(self, word: str) -> str | None:
        """The dictionary's word that differs only in its marks: `degiştirilmiştir`."""
        letters = [_MARKS.get(letter, letter) for letter in word]
        if sum(len(choice) > 1 for choice in letters) > MOST_MARKS:
            return None
        return next((other for other in map("".join, product(*letters)) if other != word and self._knows(other)), None)

    def nearest_in_dictionary(self, word: str) -> str | None:
        """A word of the dictionary one slip away, rather one that this desk's words could form."""
        near = [other for other in sorted(_one_slip_away(word)) if self._knows(other)]
        return max(near, key=self._closeness, default=None)

    def _closeness(self, word: str) -> tuple[bool, bool, int]:
        return word in self._strong, self.is_formed(word), self._counts[word]

    def nearest(self, word: str) -> str | None:
        """The most usual known word that is one slip away: a letter lost, added, changed or two exchanged.

        A word that only lacks the last letter of another is its stem (`benzer`, `benzeri`).
        """
        near = [other for other in _one_slip_away(word) if other in self._strong and not other.startswith(word)]
        return max(near, key=lambda other: self._counts[other], default=None)

    def _group(self) -> dict[str, str]:
        """Skeleton → its most frequent spelling."""
        best: dict[str, str] = {}
        for word, count in self._counts.items():
            key = skeleton(word)
            if key not in best or count > self._counts[best[key]]:
                best[key] = word
        return best

    def _stems(self) -> set[str]:
        """What stays of infinitives, and beginnings that several known words share before their suffixes."""
        stems = {word[:-3] for word in self._strong if word.endswith(("mak", "mek")) and len(word) > 5}
        followed: dict[str, list[str]] = defaultdict(list)
        for word in self._strong:
            for end in range(3, len(word) - 1):
                if _CHAIN.fullmatch(word, end):
                    followed[word[:end]].append(word[end])
        shared = (stem for stem, letters in followed.items() if len(letters) >= 4 and len(set(letters)) > 1)
        for stem in sorted(shared, key=len):
            if not any(stem[:end] in stems and _CHAIN.fullmatch(stem, end) for end in range(3, len(stem))):
                stems.add(stem)
        return stems


def _only_lacks_marks(word: str, usual: str) -> bool:
    """Where the two differ the word has the plain letter."""
    return len(word) == len(usual) and all(a == b or skeleton(b) == a for a, b in zip(word, usual, strict=True))


@lru_cache(maxsize=4096)
def _one_slip_away(word: str) -> frozenset[str]:
    cuts = [(word[:place], word[place:]) for place in range(1, len(word) + 1)]
    lost = {left + letter + right for left, right in cuts for letter in ALPHABET}
    added = {left + right[1:] for left, right in cuts if right}
    changed = {left + letter + right[1:] for left, right in cuts if right for letter in ALPHABET}
    exchanged = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    return frozenset((lost | added | changed | exchanged) - {word})
