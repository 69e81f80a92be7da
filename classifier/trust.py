"""How far a decision is trusted: one probability that topic and unit are both right, and the limit for `auto`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.pairs import Pairs

Floats = NDArray[np.floating]
Columns = NDArray[np.int_]
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


def signs_of(
    pair_logs: Floats, logs: Mapping[str, Floats], pairs: Pairs, *, known: sp.csr_matrix, words: Floats
) -> Floats:
    """What confidence is judged by.

    The best pair's odds and its distance to the next two; how sure topic and unit are by themselves; what the kind head
    and two other opinions on the topic say; the number of words, and how many features of them are `known`.
    """
    order = np.argsort(-pair_logs, axis=1)[:, :3]
    best = np.take_along_axis(pair_logs, order, axis=1)
    margins = [_log_odds(best[:, 0]), np.clip(best[:, 0] - best[:, 1], 0, 8), np.exp(best[:, 1]), np.exp(best[:, 2])]
    features = np.diff(known.indptr) / (1 + words) / 20
    parts = _parts(best[:, 0], logs, pairs.columns(order[:, 0]), pairs.columns(order[:, 1]))
    return np.column_stack([*margins, *parts, *_opinions(logs), np.log1p(words), features])


def _parts(
    best: Floats, logs: Mapping[str, Floats], first: tuple[Columns, Columns], second: tuple[Columns, Columns]
) -> list[Floats]:
    """Topic and unit of the best pair by themselves; whether the second is the same topic; how few are likely."""
    rows = np.arange(len(best))
    topic, unit = logs["topic"][rows, first[0]], logs["unit"][rows, first[1]]
    certainty = (np.exp(logs["topic"]) * logs["topic"]).sum(axis=1)
    same = (first[0] == second[0]) * 1.0
    return [_log_odds(topic), np.clip(best - topic, -6, 0), np.clip(unit, -8, 0), same, certainty]


def _log_odds(log: Floats) -> Floats:
    probability = np.clip(np.exp(log), 1e-5, 1 - 1e-5)
    return np.log(probability / (1 - probability))


def _opinions(logs: Mapping[str, Floats]) -> list[Floats]:
    topic = logs["topic"].argmax(axis=1)
    signs = [np.clip(logs["kind_invalid"], -12, 0), logs["kind"].max(axis=1)]
    for name in OPINIONS:
        opinion = logs[name]
        best = np.sort(opinion, axis=1)[:, -2:]
        signs += [np.clip(opinion[np.arange(len(topic)), topic], -8, 0), (opinion.argmax(axis=1) == topic) * 1.0]
        signs.append(np.clip(best[:, 1] - best[:, 0], 0, 8))
    return signs
