"""Fits one estimator of scikit-learn to one head. For training only: who classifies never loads scikit-learn."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from classifier.heads import Floats, LinearHead

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
