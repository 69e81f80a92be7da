"""Linear heads over one feature space, kept as one float32 matrix. Fitted by fitting.py and softmax.py. No texts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Scores are `features @ weights + biases`, a column per class."""

    classes: tuple[str, ...]
    weights: Floats
    biases: Floats

    def scores(self, features: sp.csr_matrix) -> Floats:
        return features @ self.weights + self.biases


def blended(one: LinearHead, other: LinearHead) -> LinearHead:
    """The mean of two heads' scores, as one head."""
    return LinearHead(one.classes, (one.weights + other.weights) / 2, (one.biases + other.biases) / 2)


def scaled(head: LinearHead, factor: float) -> LinearHead:
    return LinearHead(head.classes, head.weights * np.float32(factor), head.biases * factor)


class Heads:
    """All heads side by side: one multiplication gives every head's log-probabilities."""

    def __init__(self, heads: Mapping[str, LinearHead]) -> None:
        self.classes = {name: head.classes for name, head in heads.items()}
        ends = np.cumsum([0, *(len(head.classes) for head in heads.values())])
        self._slices = {name: slice(ends[i], ends[i + 1]) for i, name in enumerate(heads)}
        self.weights = np.ascontiguousarray(np.hstack([head.weights for head in heads.values()]), dtype=np.float32)
        self.biases = np.concatenate([head.biases for head in heads.values()]).astype(np.float32)

    def log_probabilities(self, features: sp.csr_matrix) -> dict[str, Floats]:
        scores = features @ self.weights + self.biases
        return {name: _log_softmax(scores[:, part]) for name, part in self._slices.items()}

    def part(self, head: str) -> Floats:
        """The weights of one head: a column per class, what speaks for it."""
        return self.weights[:, self._slices[head]]


def _log_softmax(scores: Floats) -> Floats:
    """As scipy's, without its costly checks: it stands in the way of every single message."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
