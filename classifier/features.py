"""One feature space for all heads: words, word pairs, pieces of words, and the lexicon's concepts of a reading."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.hashtags import HashtagSplitter
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
_LEARNED = ("least_texts", "columns", "weights", "_block", "_hashtags")
"""What an artefact keeps; the rest is looked up again."""


class _Known(NamedTuple):
    """What is remembered of a normal form: its words (a hashtag has several) and the columns of each by itself."""

    words: tuple[str, ...]
    names: tuple[str, ...]
    """The words as features name them: numbers by their length, addresses by their kind."""
    columns: "array[int]"


class Vectoriser:
    """Learns a vocabulary from readings; turns readings into rows, each block of a row of constant length.

    Every word's columns are looked up once and remembered, so that a text costs little more than its new words.
    """

    def __init__(self, *, least_texts: int = 2) -> None:
        self.least_texts = least_texts
        self.columns: dict[str, int] = {}
        self.weights = np.empty(0)
        self._block = np.empty(0, dtype=np.int8)
        self._hashtags = HashtagSplitter({}, texts=0)
        self._start()

    def _start(self) -> None:
        self._lexicon = Lexicon()
        self._known: dict[str, _Known] = {}
        self._alone: dict[str, array[int]] = {}
        named = {name[1:]: column for name, column in self.columns.items() if name[0] == "c"}
        self._concepts = {name: column for name, column in named.items() if "+" not in name}
        self._concept_pairs = {
            (first, second): column
            for name, column in named.items()
            for first, plus, second in [name.partition("+")]
            if plus
        }

    def fit(self, readings: Sequence[Reading]) -> Self:
        words = Counter(norm for reading in readings for norm in {token.norm for token in reading.tokens})
        self._hashtags = HashtagSplitter(words, texts=len(readings))
        counts = Counter(name for reading in readings for name in set(self._names(reading)))
        kept = sorted(name for name, count in counts.items() if count >= self._least(name))
        self.columns = {name: column for column, name in enumerate(kept)}
        self._block = np.array([_BLOCKS.index(name[0]) for name in kept], dtype=np.int8)
        rarity = np.log((1 + len(readings)) / (1 + np.array([counts[name] for name in kept], dtype=float))) + 1
        self.weights = np.where(self._block == _BLOCKS.index("c"), _concept_weights(kept), rarity)
        self._start()
        return self

    def warm(self) -> None:
        """Look the usual words up before the first message comes."""
        for word in self._hashtags.words:
            self.columns_of(word)

    def transform(self, readings: Sequence[Reading]) -> sp.csr_matrix:
        """One float32 row per reading."""
        indices = array("i")
        ends = [0]
        for reading in readings:
            self._add_row(reading, indices)
            ends.append(len(indices))
        places = np.array(indices, dtype=np.int32)
        data = np.ones(len(places))
        shape = (len(readings), len(self.columns))
        matrix = sp.csr_matrix((data, places, np.array(ends, dtype=np.int32)), shape=shape)
        matrix.sum_duplicates()
        return self._weighted(matrix)

    def columns_of(self, norm: str) -> "array[int]":
        """The columns of a word by itself: the word, its pieces and its concepts."""
        found = self._alone.get(norm)
        if found is None:
            if len(self._alone) >= _CACHED_WORDS:
                self._alone.clear()
            known = self._of(norm)
            concepts = self._lexicon.concepts(known.words)
            found = known.columns + array("i", [self._concepts[name] for name in concepts if name in self._concepts])
            self._alone[norm] = found
        return found

    def unknown_share(self, reading: Reading) -> float:
        """How many of the reading's words (0..1) training never saw, or too rarely to learn."""
        names = [name for token in reading.tokens for name in self._of(token.norm).names]
        return sum(f"w{name}" not in self.columns for name in names) / len(names) if names else 0.0

    def chosen(self, block: str | None) -> NDArray[np.bool_]:
        """Marks the columns of one block («w», «p», «c»), or all."""
        return self._block == _BLOCKS.index(block) if block else np.ones(len(self.columns), dtype=bool)

    def _least(self, name: str) -> int:
        return _LEAST_CONCEPTS if name[0] == "c" else self.least_texts

    def _names(self, reading: Reading) -> Iterator[str]:
        """Every feature that the reading could have, by name: what a vocabulary is learned from."""
        words = [word for token in reading.tokens for word in self._words(token.norm)]
        names = [_word(word) for word in words]
        yield from (f"w{name}" for name in names)
        yield from (f"w{first} {second}" for first, second in zip(["", *names], names, strict=False))
        yield from (name for word in names for name in _pieces(word))
        found = self._lexicon.concepts(words)
        yield from (f"c{name}" for name in found)
        yield from (f"c{first}+{second}" for first, second in combinations(sorted(found), 2))

    def _words(self, norm: str) -> Sequence[str]:
        return self._hashtags.split(norm) if norm[0] == "#" and len(norm) > 1 else (norm,)

    def _add_row(self, reading: Reading, row: "array[int]") -> None:
        known = [self._of(token.norm) for token in reading.tokens]
        words: list[str] = []
        names = [""]
        for one in known:
            row.extend(one.columns)
            words += one.words
            names += one.names
        columns = self.columns
        row.extend([columns[name] for pair in pairwise(names) if (name := f"w{pair[0]} {pair[1]}") in columns])
        found = self._lexicon.concepts(words)
        for name, times in found.items():
            if name in self._concepts:
                row.extend([self._concepts[name]] * min(times, 3))
        pairs = self._concept_pairs
        row.extend([pairs[pair] for pair in combinations(sorted(found), 2) if pair in pairs])

    def _of(self, norm: str) -> _Known:
        found = self._known.get(norm)
        if found is None:
            if len(self._known) >= _CACHED_WORDS:
                self._known.clear()
            found = self._known[norm] = self._look_up(norm)
        return found

    def _look_up(self, norm: str) -> _Known:
        words = tuple(self._words(norm))
        names = tuple(_word(word) for word in words)
        features = [feature for name in names for feature in (f"w{name}", *_pieces(name))]
        return _Known(words, names, array("i", [self.columns[name] for name in features if name in self.columns]))

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
        return {name: getattr(self, name) for name in _LEARNED}

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


def _pieces(word: str) -> list[str]:
    if word[0] == "0":
        return []
    padded = f" {word} "
    return [f"p{padded[i : i + n]}" for n in _PIECES for i in range(len(padded) - n + 1)]


def _concept_weights(names: Sequence[str]) -> NDArray[np.floating]:
    return np.array([_PAIR_WEIGHT if "+" in name else 1.0 for name in names])
