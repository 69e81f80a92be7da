"""Parts a hashtag into its words: the likeliest split by how often the corpus writes each word. Knows no labels."""

import math
from collections.abc import Iterable, Mapping, Sequence

_LEAST_TEXTS = 3
_SHORTEST = 2
_LONGEST = 20
_STEP = 2.0
"""What each further word costs: a rare long word is likelier than three common short ones."""
_STRANGE = (14.0, 2.0)
"""What a piece costs that is no known word, and each of its letters."""


class HashtagSplitter:
    """`#otobusgelmiyor` → `otobus gelmiyor`. Takes and gives normal forms."""

    def __init__(self, counts: Mapping[str, int], *, texts: int) -> None:
        """`counts`: in how many of the `texts` a word stands."""
        self._costs = {
            word: math.log((texts + 1) / count)
            for word, count in counts.items()
            if count >= _LEAST_TEXTS and word.isalpha() and _SHORTEST <= len(word) <= _LONGEST
        }

    @property
    def words(self) -> Iterable[str]:
        """The usual words."""
        return self._costs

    def split(self, tag: str) -> Sequence[str]:
        """The words of a tag; one that cannot be parted is a word itself."""
        letters = tag.lstrip("#")[: 3 * _LONGEST]
        if not letters:
            return [tag]
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(letters) + 1):
            starts = range(max(0, end - _LONGEST), end)
            best.append(min((best[start][0] + self._cost(letters[start:end]), start) for start in starts))
        words, end = [], len(letters)
        while end:
            start = best[end][1]
            words.append(letters[start:end])
            end = start
        return words[::-1]

    def _cost(self, piece: str) -> float:
        known = self._costs.get(piece)
        return _STEP + (_STRANGE[0] + _STRANGE[1] * len(piece) if known is None else known)
