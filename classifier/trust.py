"""How far a decision is trusted: one probability that topic and unit are both right, and the limit for `auto`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.floating]
OPINIONS = ("topic_bayes", "topic_concepts")
"""Heads that judge the topic in other ways; only their agreement is used."""


@dataclass(slots=True)
class Trust:
    """Learned on held-out decisions. `limit` is the lowest confidence that may go through by itself."""

    weights: Floats
    bias: float
    limit: float = 1.01

    def confidence(self, signs: Floats) -> Floats:
        odds = signs @ self.weights + self.bias
        return 1 / (1 + np.exp(-odds))


def signs_of(pair_logs: Floats, logs: Mapping[str, Floats], features: sp.csr_matrix, words: Floats) -> Floats:
    """What confidence is judged by.

    The best pair's odds and its distance to the next two; what the kind head and two other opinions on the topic say;
    the number of words, and how many features of them are known.
    """
    best = np.sort(pair_logs, axis=1)[:, -3:]
    top = np.clip(np.exp(best[:, -1]), 1e-5, 1 - 1e-5)
    margins = [np.clip(best[:, -1] - best[:, -2], 0, 8), np.exp(best[:, -2]), np.exp(best[:, -3])]
    known = np.diff(features.indptr) / (1 + words) / 20
    return np.column_stack([np.log(top / (1 - top)), *margins, *_opinions(logs), np.log1p(words), known])


def _opinions(logs: Mapping[str, Floats]) -> list[Floats]:
    topic = logs["topic"].argmax(axis=1)
    signs = [np.clip(logs["kind_invalid"], -12, 0)]
    for name in OPINIONS:
        opinion = logs[name]
        signs += [np.clip(opinion[np.arange(len(topic)), topic], -8, 0), (opinion.argmax(axis=1) == topic) * 1.0]
    return signs
