"""One TF-IDF space for all heads: words, word pairs and pieces of words over a reading's normal forms."""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
import scipy.sparse as sp

from classifier.text import Reading

_PIECES = range(2, 6)
"""Lengths of the pieces of words."""
_CACHED_WORDS = 50_000


class Vectoriser:
    """Learns a vocabulary from readings; turns readings into rows, each of its two blocks of length one.

    Every word's columns are looked up once and remembered, so that a text costs little more than its new words.
    """

    def __init__(self, *, least_texts: int = 2) -> None:
        self.least_texts = least_texts
        self.columns: dict[str, int] = {}
        self.weights = np.empty(0, dtype=np.float32)
        self.first_piece = 0
        self._cache: dict[str, list[int]] = {}

    def fit(self, readings: Sequence[Reading]) -> Self:
        counts: dict[str, int] = {}
        for reading in readings:
            for name in set(_names(reading)):
                counts[name] = counts.get(name, 0) + 1
        kept = sorted(name for name, count in counts.items() if count >= self.least_texts)
        kept.sort(key=lambda name: name[0] == "p")
        self.columns = {name: column for column, name in enumerate(kept)}
        self.first_piece = sum(name[0] != "p" for name in kept)
        texts = np.array([counts[name] for name in kept], dtype=np.float64)
        self.weights = (np.log((1 + len(readings)) / (1 + texts)) + 1).astype(np.float32)
        self._cache = {}
        return self

    def transform(self, readings: Sequence[Reading]) -> sp.csr_matrix:
        """One float32 row per reading."""
        indices: list[int] = []
        ends = [0]
        for reading in readings:
            indices.extend(self._row(reading))
            ends.append(len(indices))
        data = np.ones(len(indices), dtype=np.float32)
        shape = (len(readings), len(self.columns))
        matrix = sp.csr_matrix((data, np.array(indices, dtype=np.int32), np.array(ends, dtype=np.int32)), shape=shape)
        matrix.sum_duplicates()
        return self._weighted(matrix)

    def _row(self, reading: Reading) -> Iterable[int]:
        row: list[int] = []
        before = ""
        for token in reading.tokens:
            word = _word(token.norm)
            row += self._of_word(word)
            pair = self.columns.get(f"w{before} {word}")
            if pair is not None:
                row.append(pair)
            before = word
        return row

    def columns_of(self, norm: str) -> list[int]:
        """The columns of a word by itself: the word and its pieces."""
        return self._of_word(_word(norm))

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
        data = (1 + np.log(matrix.data)) * self.weights[matrix.indices]
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        block = rows * 2 + (matrix.indices >= self.first_piece)
        lengths = np.sqrt(np.bincount(block, weights=data * data, minlength=2 * matrix.shape[0]))
        matrix.data = (data / lengths[block]).astype(np.float32)
        return matrix

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_cache": {}}


def _word(norm: str) -> str:
    """Numbers by their length; addresses by their kind."""
    if norm.isdigit():
        return "0" * min(len(norm), 6)
    if norm.startswith(("http", "www.")):
        return "0http"
    return norm[:40]


def _pieces(word: str) -> list[str]:
    if word[0] == "0":
        return []
    padded = f" {word} "
    return [f"p{padded[i : i + n]}" for n in _PIECES for i in range(len(padded) - n + 1)]


def _names(reading: Reading) -> Iterable[str]:
    before = ""
    for token in reading.tokens:
        word = _word(token.norm)
        yield f"w{word}"
        yield f"w{before} {word}"
        yield from _pieces(word)
        before = word
