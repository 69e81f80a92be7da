"""Linear heads over one feature space: fitted by scikit-learn, kept as one float32 matrix. No texts, no rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

Floats = NDArray[np.floating]
_NEVER = -2.0
"""Decision value of a class that an estimator did not see."""


@dataclass(frozen=True, slots=True)
class Member:
    """How one estimator of a head is fitted: `strength` is LinearSVC's C or the smoothing of naive Bayes.

    A `soft` member is fitted by softmax.py, together with the others of its kind.
    """

    kind: Literal["margin", "bayes", "soft"] = "margin"
    strength: float = 0.2
    balanced: bool = False
    block: str | None = None
    """First letter of the features that it sees; None: all."""


@dataclass(frozen=True, slots=True)
class LinearHead:
    """Scores are `features @ weights + biases`, a column per class."""

    classes: tuple[str, ...]
    weights: Floats
    biases: Floats

    def scores(self, features: sp.csr_matrix) -> Floats:
        return features @ self.weights + self.biases


def fit_member(
    member: Member,
    features: sp.csr_matrix,
    labels: Sequence[str],
    *,
    classes: Sequence[str],
    chosen: NDArray[np.bool_],
    seed: int,
) -> LinearHead:
    """`classes` gives the order of columns; `chosen` marks the features that the member may see."""
    seen = np.flatnonzero(chosen)
    known, weights, biases = _fitted(member, features[:, seen], labels, seed=seed)
    places = np.array([classes.index(name) for name in known])
    all_weights = np.zeros((features.shape[1], len(classes)), dtype=np.float32)
    all_weights[np.ix_(seen, places)] = weights
    all_biases = np.full(len(classes), _NEVER)
    all_biases[places] = biases
    return LinearHead(tuple(classes), all_weights, all_biases)


def _fitted(
    member: Member, features: sp.csr_matrix, labels: Sequence[str], *, seed: int
) -> tuple[Sequence[str], Floats, Floats]:
    if member.kind == "bayes":
        bayes = ComplementNB(alpha=member.strength).fit(features, labels)
        return list(bayes.classes_), bayes.feature_log_prob_.T, np.zeros(len(bayes.classes_))
    weight = "balanced" if member.balanced else None
    margin = LinearSVC(C=member.strength, class_weight=weight, random_state=seed, tol=0.03).fit(features, labels)
    if len(margin.classes_) == 2:
        signs = np.array([-1.0, 1.0])
        return list(margin.classes_), margin.coef_.T * signs, margin.intercept_ * signs
    return list(margin.classes_), margin.coef_.T, margin.intercept_


def temperature(scores: Floats, truth: NDArray[np.int_]) -> float:
    """The factor for `scores` under which softmax gives the likeliest probabilities of the held-out truth."""
    rows = np.arange(len(truth))

    def loss(log_factor: float) -> float:
        return -log_softmax(scores * np.exp(log_factor), axis=1)[rows, truth].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded", options={"xatol": 0.02}).x))


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
