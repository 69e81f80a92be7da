"""Finds pairs of texts that are too alike: Jaccard of folded four-letter pieces. Used by the corpus checks."""

import re
from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from models.turkish import skeleton

PIECE = 4
BLOCK = 500


def pieces(text: str) -> frozenset[str]:
    folded = " ".join(re.findall(r"[a-z0-9]+", skeleton(text)))
    return frozenset(folded[i : i + PIECE] for i in range(max(1, len(folded) - PIECE + 1)))


def alike(first: Sequence[str], second: Sequence[str], *, limit: float) -> list[tuple[int, int]]:
    """Index pairs (first, second) with at least `limit` of their pieces in common."""
    columns: dict[str, int] = {}
    left, right = _matrix(first, columns), _matrix(second, columns)
    left.resize(left.shape[0], len(columns))
    left_sizes, right_sizes = (np.asarray(matrix.sum(axis=1)).ravel() for matrix in (left, right))
    turned = right.T.tocsr()
    found = []
    for start in range(0, left.shape[0], BLOCK):
        shared = (left[start : start + BLOCK] @ turned).tocoo()
        rows = shared.row + start
        union = left_sizes[rows] + right_sizes[shared.col] - shared.data
        near = shared.data >= limit * union
        found += list(zip(rows[near].tolist(), shared.col[near].tolist(), strict=True))
    return sorted(found)


def _matrix(texts: Sequence[str], columns: dict[str, int]) -> sp.csr_matrix:
    """A row per text, a one per piece; new pieces get new columns."""
    held = [[columns.setdefault(piece, len(columns)) for piece in pieces(text)] for text in texts]
    ends = np.cumsum([0, *(len(row) for row in held)])
    flat = [column for row in held for column in row]
    return sp.csr_matrix((np.ones(len(flat), np.float32), flat, ends), shape=(len(texts), len(columns)))
