"""Why a text was understood so: the words that weighed most, and its places, as the citizen wrote them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.features import Vectoriser
from classifier.places import Found
from classifier.text import Reading

_MOST_WORDS = 4


def reasons(reading: Reading, column: NDArray[np.floating], vectoriser: Vectoriser, place: Found) -> tuple[str, ...]:
    """At most four words, heaviest first, then the names of places."""
    columns = [vectoriser.columns_of(token.norm) for token in reading.tokens]
    weights = _sums(column, columns)
    order = sorted(range(len(weights)), key=lambda i: -weights[i])
    words = [reading.original(i, i) for i in order if weights[i] > 0 and reading.tokens[i].norm.isalnum()]
    names = [reading.original(first, last) for first, last in place.spans]
    return tuple(dict.fromkeys([*list(dict.fromkeys(words))[:_MOST_WORDS], *names]))


def _sums(column: NDArray[np.floating], groups: Sequence[Sequence[int]]) -> list[float]:
    """The sum of the column's values over each group of places."""
    flat = np.array([place for group in groups for place in group], dtype=np.intp)
    ends = np.cumsum([0, *map(len, groups)])
    running = np.concatenate([[0.0], np.cumsum(column[flat], dtype=np.float64)])
    return (running[ends[1:]] - running[ends[:-1]]).tolist()
