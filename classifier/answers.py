"""What a batch of judged texts comes to, field by field: whole columns first, then each text. Reads no texts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.heads import Heads
from classifier.judge import Judgement
from classifier.pairs import INVALID, Pairs
from classifier.text import Reading
from classifier.tone import ABUSIVE, is_abusive
from models.enums import Kind, Urgency
from models.messages import Guess

Floats = NDArray[np.floating]
_GUESSES = 3


class Answers:
    """The answers of one batch; every public field has an entry per reading."""

    def __init__(
        self, judged: Judgement, readings: Sequence[Reading], *, heads: Heads, pairs: Pairs, emergency_limit: float
    ) -> None:
        self.readings = readings
        self._emergency_limit = emergency_limit
        best = pairs.best(judged.pairs)
        self.pairs = [
            pair if reading.tokens else (INVALID, INVALID) for pair, reading in zip(best, readings, strict=True)
        ]
        classes = heads.classes
        self.topics = _guesses(classes["topic"], judged.logs["topic"])
        self.units = _guesses(classes["unit"], pairs.units_of(judged.pairs))
        self._kinds = _likeliest(classes["kind"], judged.logs["kind"], without=INVALID)
        self._invalid = np.exp(judged.logs["kind"][:, classes["kind"].index(INVALID)]).tolist()
        self._urgencies = _likeliest(classes["urgency"], judged.logs["urgency"], without=Urgency.EMERGENCY)
        self._emergency = _probability(classes["urgency"], judged.logs["urgency"], Urgency.EMERGENCY)
        self._normal = _probability(classes["urgency"], judged.logs["urgency"], Urgency.NORMAL)
        self.topic_columns = np.array([classes["topic"].index(topic) for topic, _ in self.pairs], dtype=np.intp)
        likeliest = judged.logs["tone"].argmax(axis=1).tolist()
        self.tones = [
            ABUSIVE if is_abusive([token.norm for token in reading.tokens]) else classes["tone"][column]
            for column, reading in zip(likeliest, readings, strict=True)
        ]

    def kind(self, i: int) -> tuple[Kind, float]:
        if self.pairs[i][0] == INVALID:
            return Kind.INVALID, self._invalid[i]
        name, probability = self._kinds[i]
        return Kind(name), probability

    def urgency(self, i: int) -> tuple[Urgency, float]:
        if self.pairs[i][0] == INVALID:
            return Urgency.NORMAL, self._normal[i]
        if self._emergency[i] >= self._emergency_limit:
            return Urgency.EMERGENCY, self._emergency[i]
        name, probability = self._urgencies[i]
        return Urgency(name), probability


def _guesses(names: Sequence[str], logs: Floats) -> list[tuple[Guess, ...]]:
    """The likeliest three of each row, best first."""
    order = np.argsort(-logs, axis=1)[:, :_GUESSES]
    probabilities = np.exp(np.take_along_axis(logs, order, axis=1)).tolist()
    return [
        tuple(Guess(label=names[column], probability=value) for column, value in zip(columns, values, strict=True))
        for columns, values in zip(order.tolist(), probabilities, strict=True)
    ]


def _likeliest(names: Sequence[str], logs: Floats, *, without: str) -> list[tuple[str, float]]:
    """The likeliest name of each row but one, with its probability."""
    left = [column for column, name in enumerate(names) if name != without]
    best = logs[:, left].argmax(axis=1)
    values = np.exp(logs[:, left][np.arange(len(best)), best]).tolist()
    return [(names[left[column]], value) for column, value in zip(best.tolist(), values, strict=True)]


def _probability(names: Sequence[str], logs: Floats, name: str) -> list[float]:
    return np.exp(logs[:, names.index(name)]).tolist() if name in names else [0.0] * len(logs)
