"""What held-out texts say of scores and signs: temperatures, trust, the limit for `auto`. For training only."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from classifier.trust import Floats, Trust

Flags = NDArray[np.bool_]
_LEAST_AUTO = 50
"""A limit is never learned on fewer held-out decisions."""


def temperature(scores: Floats, truth: NDArray[np.int_]) -> float:
    """The factor for `scores` under which softmax gives the likeliest probabilities of the held-out truth."""
    rows = np.arange(len(truth))

    def loss(log_factor: float) -> float:
        return -log_softmax(scores * np.exp(log_factor), axis=1)[rows, truth].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-3.0, 4.0), method="bounded", options={"xatol": 0.02}).x))


def learn_trust(signs: Floats, right: Flags, *, weights: Floats) -> Trust:
    """`right`: the best pair was the true one; `weights`: how much each text counts."""
    # One doubtless and one hopeless text more: a corpus without a single mistake must not be trusted blindly.
    seen = np.vstack([signs, signs.max(axis=0), signs.min(axis=0)])
    estimator = LogisticRegression(C=1.0, max_iter=2000)
    estimator.fit(seen, np.append(right, [True, False]), sample_weight=np.append(weights, [1.0, 1.0]))
    return Trust(estimator.coef_[0], float(estimator.intercept_[0]))


def limit_for(confidence: Floats, right: Flags, *, precision: float) -> float:
    """The lowest confidence above which `precision` of the decisions are right; 1.01 (none) where there are too few."""
    order = np.argsort(-confidence)
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(reached >= precision)
    return float(confidence[order[good[-1]]]) if len(good) and good[-1] >= _LEAST_AUTO else 1.01
