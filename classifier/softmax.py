"""Fits several softmax heads over the same features in one pass: minibatches, AdaGrad, features dropped at random.

scikit-learn's solvers take minutes for so many classes and features, and none of them can drop features; the words
that happen to stand in one message therefore weigh too much. Kept beside the margins of heads.py, never instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_EPOCHS = 12
_BATCH = 128
_DROPPED = np.float32(0.5)
"""The share of a message's features that an epoch does not see."""
_STEP = 0.5
_LAST_STEP = 0.1
"""Of the first step."""
_DECAY = np.float32(2e-5)
_SMOOTHING = 0.05
"""Of the truth that is shared among all classes: labels are not always the only right ones."""


@dataclass(slots=True)
class _State:
    """Weights and biases of all heads side by side, with the sums of squared gradients that AdaGrad needs."""

    weights: Floats
    biases: Floats
    seen: Floats
    seen_biases: Floats

    def update(self, batch: sp.csr_matrix, targets: Floats, *, slices: Sequence[slice], step: np.float32) -> None:
        """One step; only the rows of features that the batch has are touched."""
        columns = np.unique(batch.indices)
        compact = _compact(batch, columns)
        there = self.weights[columns]
        errors = (_softmax(compact @ there + self.biases, slices) - targets) / np.float32(batch.shape[0])
        gradient = compact.T @ errors + _DECAY * there
        squares = self.seen[columns] + gradient * gradient
        self.seen[columns] = squares
        self.weights[columns] = there - step * gradient / np.sqrt(squares)
        bias = errors.sum(axis=0)
        self.seen_biases += bias * bias
        self.biases -= step * bias / np.sqrt(self.seen_biases)


def fit_softmax(
    features: sp.csr_matrix, truths: Mapping[str, NDArray[np.int_]], *, sizes: Mapping[str, int], seed: int
) -> dict[str, tuple[Floats, Floats]]:
    """Weights and biases per head; `truths` are class numbers, `sizes` count classes. Same seed, same answer."""
    ends = np.cumsum([0, *(sizes[head] for head in truths)]).tolist()
    slices = [slice(start, end) for start, end in pairwise(ends)]
    targets = np.hstack([_smoothed(truth, sizes[head]) for head, truth in truths.items()])
    width = targets.shape[1]
    state = _State(
        weights=np.zeros((features.shape[1], width), dtype=np.float32),
        biases=np.zeros(width, dtype=np.float32),
        seen=np.full((features.shape[1], width), 1e-4, dtype=np.float32),
        seen_biases=np.full(width, 1e-4, dtype=np.float32),
    )
    for share, batch, rows in _batches(features, seed=seed):
        step = np.float32(_STEP * (1 - (1 - _LAST_STEP) * share))
        state.update(batch, targets[rows], slices=slices, step=step)
    return {head: (state.weights[:, part], state.biases[part]) for head, part in zip(truths, slices, strict=True)}


def _batches(features: sp.csr_matrix, *, seed: int) -> Iterator[tuple[float, sp.csr_matrix, NDArray[np.int_]]]:
    """How far the training is, features with half of them dropped, and the rows that they are."""
    random = np.random.default_rng(seed)
    size = features.shape[0]
    for epoch in range(_EPOCHS):
        order = random.permutation(size)
        shuffled = features[order]
        kept = random.random(shuffled.nnz, dtype=np.float32) >= _DROPPED
        shuffled.data = shuffled.data * kept / (1 - _DROPPED)
        shuffled.eliminate_zeros()
        for start in range(0, size, _BATCH):
            end = min(start + _BATCH, size)
            yield (epoch + start / size) / _EPOCHS, shuffled[start:end], order[start:end]


def _compact(batch: sp.csr_matrix, columns: NDArray[np.int_]) -> sp.csr_matrix:
    """The batch with no other columns than its own."""
    indices = np.searchsorted(columns, batch.indices).astype(np.int32)
    return sp.csr_matrix((batch.data, indices, batch.indptr), shape=(batch.shape[0], len(columns)))


def _softmax(scores: Floats, slices: Sequence[slice]) -> Floats:
    """Of each head by itself, in place."""
    for part in slices:
        own = scores[:, part]
        own -= own.max(axis=1, keepdims=True)
        np.exp(own, out=own)
        own /= own.sum(axis=1, keepdims=True)
    return scores


def _smoothed(truth: NDArray[np.int_], classes: int) -> Floats:
    targets = np.full((len(truth), classes), _SMOOTHING / classes, dtype=np.float32)
    targets[np.arange(len(truth)), truth] += 1 - _SMOOTHING
    return targets
