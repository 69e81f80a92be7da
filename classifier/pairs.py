"""Decides topic and unit together, within what the profile's topics allow. Pure arithmetic on log-probabilities."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from models.enums import Kind
from models.profile import Profile

INVALID = Kind.INVALID.value
Floats = NDArray[np.floating]


class Pairs:
    """Every allowed (topic, unit), with `gecersiz` as a pair of its own."""

    def __init__(self, profile: Profile, topics: Sequence[str], units: Sequence[str]) -> None:
        allowed = [(t.id, u) for t in profile.topics.values() for u in t.units if t.id in topics and u in units]
        self.pairs = [*allowed, (INVALID, INVALID)]
        self.topics, self.units = tuple(topics), tuple(units)
        self._topic = np.array([topics.index(topic) for topic, _ in self.pairs])
        self._unit = np.array([units.index(unit) for _, unit in self.pairs])
        self._groups = [np.flatnonzero(self._topic == column) for column in range(len(topics))]

    def log_probabilities(self, logs: Mapping[str, Floats]) -> Floats:
        """P(topic) times P(unit, given that the topic allows it), per pair."""
        result = logs["unit"][:, self._unit]
        for group in self._groups:
            if len(group):
                result[:, group] -= logsumexp(result[:, group], axis=1, keepdims=True)
        return result + logs["topic"][:, self._topic]

    def index(self, topic: str | None, unit: str | None) -> int:
        """The pair's column, -1 where the profile does not allow it."""
        pair = (topic or INVALID, unit or INVALID)
        return self.pairs.index(pair) if pair in self.pairs else -1
