"""Linear heads over one feature space: fitted by scikit-learn, kept as one float32 matrix. No texts, no rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax
from sklearn.svm import LinearSVC

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class HeadPlan:
    """How a head is fitted. `strength` is LinearSVC's C."""

    strength: float = 0.3
    balanced: bool = False


def fit_head(plan: HeadPlan, features: sp.csr_matrix, labels: Sequence[str], *, seed: int) -> LinearSVC:
    weight = "balanced" if plan.balanced else None
    estimator = LinearSVC(C=plan.strength, class_weight=weight, random_state=seed, tol=1e-3)
    return estimator.fit(features, labels)


def scores_of(estimator: LinearSVC, features: sp.csr_matrix, classes: Sequence[str]) -> Floats:
    """Decision values in the order of `classes`; a class that the estimator never saw is very unlikely."""
    weights, biases = _one_row_a_class(estimator)
    known = features @ weights.T + biases
    result = np.full((features.shape[0], len(classes)), -2.0)
    result[:, [classes.index(name) for name in estimator.classes_]] = known
    return result


def temperature(scores: Floats, truth: NDArray[np.int_]) -> float:
    """The factor for `scores` under which softmax gives the likeliest probabilities of the held-out truth."""

    def loss(log_factor: float) -> float:
        return -log_softmax(scores * np.exp(log_factor), axis=1)[np.arange(len(truth)), truth].mean()

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded").x))


def _one_row_a_class(estimator: LinearSVC) -> tuple[Floats, Floats]:
    """Weights and biases; scikit-learn keeps a single row where there are two classes."""
    if len(estimator.classes_) > 2:
        return estimator.coef_, estimator.intercept_
    signs = np.array([[-1.0], [1.0]])
    return signs * estimator.coef_, signs[:, 0] * estimator.intercept_


class Heads:
    """All heads side by side: one multiplication gives every head's log-probabilities."""

    def __init__(self, estimators: Mapping[str, LinearSVC], temperatures: Mapping[str, float]) -> None:
        self.classes = {name: tuple(map(str, estimator.classes_)) for name, estimator in estimators.items()}
        self._slices: dict[str, slice] = {}
        blocks, biases, end = [], [], 0
        for name, estimator in estimators.items():
            factor = temperatures[name]
            weights, bias = _one_row_a_class(estimator)
            blocks.append(weights.T * factor)
            biases.append(bias * factor)
            self._slices[name] = slice(end, end + len(estimator.classes_))
            end += len(estimator.classes_)
        self.weights = np.ascontiguousarray(np.hstack(blocks), dtype=np.float32)
        self.biases = np.concatenate(biases).astype(np.float32)

    def log_probabilities(self, features: sp.csr_matrix) -> dict[str, Floats]:
        scores = features @ self.weights + self.biases
        return {name: log_softmax(scores[:, part], axis=1) for name, part in self._slices.items()}

    def column(self, head: str, label: str) -> Floats:
        """The weights of one class: what speaks for it."""
        return self.weights[:, self._slices[head].start + self.classes[head].index(label)]
