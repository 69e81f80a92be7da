"""Decides topic and unit together, within what the profile's topics allow. Pure arithmetic on log-probabilities."""

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from models.enums import Kind
from models.profile import Profile

INVALID = Kind.INVALID.value
_NEVER = 1e-12
KIND_SHARE = 0.4
"""How much the kind head says in whether a text is `gecersiz` at all."""
Floats = NDArray[np.floating]


class Pairs:
    """Every allowed (topic, unit), with `gecersiz` as a pair of its own."""

    def __init__(self, profile: Profile, topics: Sequence[str], units: Sequence[str]) -> None:
        allowed = [(t.id, u) for t in profile.topics.values() for u in t.units if t.id in topics and u in units]
        self.pairs = [*allowed, (INVALID, INVALID)]
        self.topics, self.units = tuple(topics), tuple(units)
        self._topic = np.array([topics.index(topic) for topic, _ in self.pairs])
        self._unit = np.array([units.index(unit) for _, unit in self.pairs])
        self._of_topic = _sums(self._topic, len(topics))
        self._of_unit = _sums(self._unit, len(units))

    def log_probabilities(self, logs: Mapping[str, Floats]) -> Floats:
        """P(topic) times P(unit, given that the topic allows it), per pair."""
        units = np.exp(logs["unit"])[:, self._unit] + _NEVER
        share = units / ((self._of_topic @ units.T).T)[:, self._topic]
        return np.log(share) + logs["topic"][:, self._topic]

    def units_of(self, logs: Floats) -> Floats:
        """Log-probabilities of the units, whatever the topic."""
        return np.log((self._of_unit @ np.exp(logs).T).T + _NEVER)

    def best(self, logs: Floats) -> list[tuple[str, str]]:
        """The likeliest pair of each row."""
        return [self.pairs[column] for column in logs.argmax(axis=1)]


def _sums(groups: NDArray[np.int_], count: int) -> sp.csr_matrix:
    """The matrix that adds the pairs of each group. Sparse: a dense product this small only wakes idle threads."""
    ones = np.ones(len(groups), dtype=np.float32)
    return sp.csr_matrix((ones, (groups, np.arange(len(groups)))), shape=(count, len(groups)))


def with_kind(topic: Floats, kind: Floats, *, topics: Sequence[str], kinds: Sequence[str]) -> Floats:
    """Topic log-probabilities whose `gecersiz` is judged by the kind head too; the other topics keep their order."""
    column = topics.index(INVALID)
    own, other = _log_odds(topic[:, column]), _log_odds(kind[:, kinds.index(INVALID)])
    odds = (1 - KIND_SHARE) * own + KIND_SHARE * other
    rest = np.delete(topic, column, axis=1)
    result = np.empty_like(topic)
    result[:, np.arange(topic.shape[1]) != column] = (
        rest - np.log(np.exp(rest).sum(axis=1, keepdims=True) + _NEVER) - np.logaddexp(0, odds)[:, None]
    )
    result[:, column] = -np.logaddexp(0, -odds)
    return result


def _log_odds(logs: Floats) -> Floats:
    logs = np.clip(logs, -30, -1e-6)
    return logs - np.log1p(-np.exp(logs))
