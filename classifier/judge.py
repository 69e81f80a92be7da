"""From features to log-probabilities of every head and every (topic, unit): the same in training and in use."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.pairs import INVALID, Pairs, with_kind
from classifier.trust import signs_of

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`logs` by head, `pairs` by (topic, unit), `signs` for trust: a row per text each."""

    logs: Mapping[str, Floats]
    pairs: Floats
    signs: Floats


def judge(
    heads: Mapping[str, Floats], pairs: Pairs, *, kinds: tuple[str, ...], features: sp.csr_matrix, words: Floats
) -> Judgement:
    """`heads`: log-probabilities of each head; `words`: the number of words of each text."""
    topic = with_kind(heads["topic"], heads["kind"], topics=pairs.topics, kinds=kinds)
    logs = {**heads, "topic": topic, "kind_invalid": heads["kind"][:, kinds.index(INVALID)]}
    pair_logs = pairs.log_probabilities(logs)
    return Judgement(logs, pair_logs, signs_of(pair_logs, logs, features, words))
