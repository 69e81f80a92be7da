"""One feature space for all heads: words, word pairs, pieces of words, and the lexicon's concepts of a reading."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.lexicon import Lexicon
from classifier.text import Reading

_PIECES = range(2, 6)
"""Lengths of the pieces of words."""
_CACHED_WORDS = 50_000
_BLOCKS = ("w", "p", "c")
"""First letters of feature names: words and word pairs, pieces, concepts and concept pairs."""
_BLOCK_WEIGHTS = np.array([1.0, 1.4, 0.5])
_PAIR_WEIGHT = 0.5
_LEAST_CONCEPTS = 3


class Vectoriser:
    """Learns a vocabulary from readings; turns readings into rows, each block of a row of constant length.

    Every word's columns are looked up once and remembered, so that a text costs little more than its new words.
    """

    def __init__(self, *, least_texts: int = 2) -> None:
        self.least_texts = least_texts
        self.columns: dict[str, int] = {}
        self.weights = np.empty(0)
        self._block = np.empty(0, dtype=np.int8)
        self._start()

    def _start(self) -> None:
        self._lexicon = Lexicon()
        self._cache: dict[str, list[int]] = {}
        self._alone: dict[str, list[int]] = {}

    def fit(self, readings: Sequence[Reading]) -> Self:
        counts = Counter(name for reading in readings for name in set(self._names(reading)))
        kept = sorted(name for name, count in counts.items() if count >= self._least(name))
        self.columns = {name: column for column, name in enumerate(kept)}
        self._block = np.array([_BLOCKS.index(name[0]) for name in kept], dtype=np.int8)
        rarity = np.log((1 + len(readings)) / (1 + np.array([counts[name] for name in kept], dtype=float))) + 1
        self.weights = np.where(self._block == _BLOCKS.index("c"), _concept_weights(kept), rarity)
        self._cache, self._alone = {}, {}
        return self

    def transform(self, readings: Sequence[Reading]) -> sp.csr_matrix:
        """One float32 row per reading."""
        indices: list[int] = []
        ends = [0]
        for reading in readings:
            indices += self._row(reading)
            ends.append(len(indices))
        data = np.ones(len(indices))
        shape = (len(readings), len(self.columns))
        matrix = sp.csr_matrix((data, np.array(indices, dtype=np.int32), np.array(ends, dtype=np.int32)), shape=shape)
        matrix.sum_duplicates()
        return self._weighted(matrix)

    def columns_of(self, norm: str) -> list[int]:
        """The columns of a word by itself: the word, its pieces and its concepts."""
        found = self._alone.get(norm)
        if found is None:
            if len(self._alone) >= _CACHED_WORDS:
                self._alone.clear()
            names = [f"c{name}" for name in self._lexicon.concepts([norm])]
            found = self._of_word(_word(norm)) + [self.columns[name] for name in names if name in self.columns]
            self._alone[norm] = found
        return found

    def unknown_share(self, reading: Reading) -> float:
        """How many of the reading's words (0..1) training never saw, or too rarely to learn."""
        words = [_word(token.norm) for token in reading.tokens]
        return sum(f"w{word}" not in self.columns for word in words) / len(words) if words else 0.0

    def chosen(self, block: str | None) -> NDArray[np.bool_]:
        """Marks the columns of one block («w», «p», «c»), or all."""
        return self._block == _BLOCKS.index(block) if block else np.ones(len(self.columns), dtype=bool)

    def _least(self, name: str) -> int:
        return _LEAST_CONCEPTS if name[0] == "c" else self.least_texts

    def _names(self, reading: Reading) -> Iterator[str]:
        norms = [token.norm for token in reading.tokens]
        words = [_word(norm) for norm in norms]
        yield from (f"w{word}" for word in words)
        yield from (f"w{pair}" for pair in _pairs(words))
        yield from (name for word in words for name in _pieces(word))
        yield from self._concepts(norms)

    def _concepts(self, norms: Sequence[str]) -> Iterator[str]:
        found = self._lexicon.concepts(norms)
        for name, times in found.items():
            yield from [f"c{name}"] * min(times, 3)
        yield from (f"c{first}+{second}" for first, second in combinations(sorted(found), 2))

    def _row(self, reading: Reading) -> list[int]:
        norms = [token.norm for token in reading.tokens]
        words = [_word(norm) for norm in norms]
        row: list[int] = []
        for word in words:
            row += self._of_word(word)
        columns = self.columns
        row += [columns[name] for pair in _pairs(words) if (name := f"w{pair}") in columns]
        row += [columns[name] for name in self._concepts(norms) if name in columns]
        return row

    def _of_word(self, word: str) -> list[int]:
        found = self._cache.get(word)
        if found is not None:
            return found
        if len(self._cache) >= _CACHED_WORDS:
            self._cache.clear()
        found = [self.columns[name] for name in (f"w{word}", *_pieces(word)) if name in self.columns]
        self._cache[word] = found
        return found

    def _weighted(self, matrix: sp.csr_matrix) -> sp.csr_matrix:
        """Sublinear counts, rare features heavier, each block of a row brought to its length."""
        data = (1 + np.log(matrix.data)) * self.weights[matrix.indices]
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        block = self._block[matrix.indices]
        part = rows * len(_BLOCKS) + block
        lengths = np.sqrt(np.bincount(part, weights=data * data, minlength=len(_BLOCKS) * matrix.shape[0]))
        matrix.data = (data / lengths[part] * _BLOCK_WEIGHTS[block]).astype(np.float32)
        return matrix

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in ("_cache", "_alone", "_lexicon")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()


def _word(norm: str) -> str:
    """Numbers by their length; addresses by their kind."""
    if norm.isdigit():
        return "0" * min(len(norm), 6)
    if norm.startswith(("http", "www.")):
        return "0http"
    return norm[:40]


def _pairs(words: Sequence[str]) -> Iterable[str]:
    return (f"{first} {second}" for first, second in zip(["", *words], words, strict=False))


def _pieces(word: str) -> list[str]:
    if word[0] == "0":
        return []
    padded = f" {word} "
    return [f"p{padded[i : i + n]}" for n in _PIECES for i in range(len(padded) - n + 1)]


def _concept_weights(names: Sequence[str]) -> NDArray[np.floating]:
    return np.array([_PAIR_WEIGHT if "+" in name else 1.0 for name in names])
