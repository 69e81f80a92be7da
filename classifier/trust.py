"""How far a decision is trusted: one probability that topic and unit are both right, and the limit for `auto`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.floating]


@dataclass(slots=True)
class Trust:
    """Learned on held-out decisions. `limit` is the lowest confidence that may go through by itself."""

    estimator: LogisticRegression
    limit: float

    def confidence(self, pair_logs: Floats) -> Floats:
        return self.estimator.predict_proba(_signs(pair_logs))[:, 1]


def learn_trust(
    pair_logs: Floats, right: NDArray[np.bool_], may_be_auto: NDArray[np.bool_], *, precision: float
) -> Trust:
    """`right`: the best pair was the true one; the limit keeps `precision` among those that may go through."""
    signs = _signs(pair_logs)
    # One doubtless and one hopeless text more: a corpus without a single mistake must not be trusted blindly.
    signs_seen = np.vstack([signs, signs.max(axis=0), signs.min(axis=0)])
    estimator = LogisticRegression(C=10.0, max_iter=1000).fit(signs_seen, np.append(right, [True, False]))
    confidence = estimator.predict_proba(_signs(pair_logs))[:, 1]
    return Trust(estimator, _limit(confidence[may_be_auto], right[may_be_auto], precision))


def _signs(pair_logs: Floats) -> Floats:
    """The best pair's log-odds and its distance to the second."""
    best = np.sort(pair_logs, axis=1)[:, -3:]
    top = np.clip(np.exp(best[:, -1]), 1e-6, 1 - 1e-6)
    return np.column_stack([np.log(top / (1 - top)), np.clip(best[:, -1] - best[:, -2], 0, 10), np.exp(best[:, -2])])


def _limit(confidence: Floats, right: NDArray[np.bool_], precision: float) -> float:
    order = np.argsort(-confidence)
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(reached >= precision)
    return float(confidence[order[good[-1]]]) if len(good) else 1.01
