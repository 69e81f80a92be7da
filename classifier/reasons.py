"""Why a text was understood so: the words that weighed most, and its places, as the citizen wrote them."""

import numpy as np
from numpy.typing import NDArray

from classifier.features import Vectoriser
from classifier.places import Found
from classifier.text import Reading

_MOST_WORDS = 4


def reasons(reading: Reading, column: NDArray[np.floating], vectoriser: Vectoriser, place: Found) -> tuple[str, ...]:
    """At most four words, heaviest first, then the names of places."""
    weights = [float(column[vectoriser.columns_of(token.norm)].sum()) for token in reading.tokens]
    order = sorted(range(len(weights)), key=lambda i: -weights[i])
    words = [reading.original(i, i) for i in order if weights[i] > 0 and reading.tokens[i].norm.isalnum()]
    names = [reading.original(first, last) for first, last in place.spans]
    return tuple(dict.fromkeys([*list(dict.fromkeys(words))[:_MOST_WORDS], *names]))
