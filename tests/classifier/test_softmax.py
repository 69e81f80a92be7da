"""Softmax heads learn what the features tell, all in one pass, and always the same."""

import numpy as np
import scipy.sparse as sp

from classifier.softmax import fit_softmax

_SIZES = {"colour": 3, "size": 2}


def _problem() -> tuple[sp.csr_matrix, dict[str, np.ndarray]]:
    random = np.random.default_rng(1)
    colour, size = random.integers(0, 3, 600), random.integers(0, 2, 600)
    dense = np.zeros((600, 12), dtype=np.float32)
    for copy in range(2):
        dense[np.arange(600), colour + 3 * copy] = 1.0
        dense[np.arange(600), 6 + size + 2 * copy] = 1.0
    return sp.csr_matrix(dense), {"colour": colour, "size": size}


def test_every_head_learns_its_own_classes() -> None:
    features, truths = _problem()
    for head, (weights, biases) in fit_softmax(features, truths, sizes=_SIZES, seed=7).items():
        assert weights.shape == (12, _SIZES[head])
        assert ((features @ weights + biases).argmax(axis=1) == truths[head]).all()


def test_the_same_seed_gives_the_same_weights() -> None:
    features, truths = _problem()
    one, other = (fit_softmax(features, truths, sizes=_SIZES, seed=7) for _ in range(2))
    assert all((one[head][0] == other[head][0]).all() for head in truths)
