"""The classifier itself: readings to features, heads to one decision per text. Fitted by train.py, kept by store.py."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features import Vectoriser
from classifier.heads import Heads
from classifier.judge import Judgement, judge
from classifier.pairs import INVALID, Pairs
from classifier.places import Found, PlaceFinder
from classifier.reasons import reasons
from classifier.text import Reader, Reading
from classifier.trust import Trust
from models.enums import Decision, Kind, Urgency
from models.messages import Classification, Guess, TextToClassify
from models.profile import ANY_TOPIC_UNIT

Floats = NDArray[np.floating]
_BATCH = 256


@dataclass(slots=True)
class Fitted:
    """What training learned; all that an artefact holds."""

    vectoriser: Vectoriser
    heads: Heads
    pairs: Pairs
    trust: Trust
    emergency_limit: float
    version: str = ""


class TextClassifier:
    """Implements models.ports.Classifier."""

    def __init__(self, fitted: Fitted, *, reader: Reader, places: PlaceFinder) -> None:
        self.fitted = fitted
        self._reader = reader
        self._places = places

    def classify(self, texts: Sequence[TextToClassify]) -> list[Classification]:
        result: list[Classification] = []
        for start in range(0, len(texts), _BATCH):
            result += self._batch([text.text for text in texts[start : start + _BATCH]])
        return result

    def _batch(self, texts: Sequence[str]) -> list[Classification]:
        readings = self._reader.read(texts)
        judged = self._judged(readings)
        confidence = self.fitted.trust.confidence(judged.signs)
        heads = {name: np.exp(rows) for name, rows in judged.logs.items()}
        return [
            self._one(reading, judged.pairs[i], {name: rows[i] for name, rows in heads.items()}, confidence[i])
            for i, reading in enumerate(readings)
        ]

    def _judged(self, readings: Sequence[Reading]) -> Judgement:
        fitted = self.fitted
        features = fitted.vectoriser.transform(readings)
        logs = fitted.heads.log_probabilities(features)
        words = np.array([len(reading.tokens) for reading in readings], dtype=float)
        return judge(logs, fitted.pairs, kinds=fitted.heads.classes["kind"], features=features, words=words)

    def _one(self, reading: Reading, pair_logs: Floats, heads: dict[str, Floats], confidence: float) -> Classification:
        topic, unit = self.fitted.pairs.pairs[int(pair_logs.argmax())]
        if not reading.tokens:
            topic = unit = INVALID
        place = self._places.find(reading)
        kind, kind_confidence = self._kind(heads["kind"], topic)
        urgency, urgency_confidence = self._urgency(heads["urgency"], topic)
        return Classification(
            kind=kind,
            topic=None if topic == INVALID else topic,
            unit=None if topic == INVALID else unit,
            urgency=urgency,
            district=place.district,
            neighbourhood=place.neighbourhood,
            confidence=float(confidence),
            decision=self._decision(topic, unit, confidence),
            kind_confidence=kind_confidence,
            urgency_confidence=urgency_confidence,
            topics=_guesses(self.fitted.heads.classes["topic"], heads["topic"]),
            units=_guesses(self.fitted.heads.classes["unit"], heads["unit"]),
            reasons=self._reasons(reading, topic, place),
            unknown_words=self.fitted.vectoriser.unknown_share(reading),
            model_version=self.fitted.version,
        )

    def _decision(self, topic: str, unit: str, confidence: float) -> Decision:
        trusted = topic != INVALID and unit != ANY_TOPIC_UNIT and confidence >= self.fitted.trust.limit
        return Decision.AUTO if trusted else Decision.REVIEW

    def _kind(self, probabilities: Floats, topic: str) -> tuple[Kind, float]:
        if topic == INVALID:
            return Kind.INVALID, float(probabilities[self.fitted.heads.classes["kind"].index(INVALID)])
        names = self.fitted.heads.classes["kind"]
        best = max((p, name) for p, name in zip(probabilities, names, strict=True) if name != INVALID)
        return Kind(best[1]), float(best[0])

    def _urgency(self, probabilities: Floats, topic: str) -> tuple[Urgency, float]:
        by_name = dict(zip(self.fitted.heads.classes["urgency"], map(float, probabilities), strict=True))
        emergency = by_name.pop(Urgency.EMERGENCY.value, 0.0)
        if topic == INVALID:
            return Urgency.NORMAL, by_name[Urgency.NORMAL.value]
        if emergency >= self.fitted.emergency_limit:
            return Urgency.EMERGENCY, emergency
        name = max(by_name, key=lambda key: by_name[key])
        return Urgency(name), by_name[name]

    def _reasons(self, reading: Reading, topic: str, place: Found) -> tuple[str, ...]:
        column = self.fitted.heads.column("topic", topic)
        return reasons(reading, column, self.fitted.vectoriser, place)


def _guesses(names: Sequence[str], probabilities: Floats) -> tuple[Guess, ...]:
    best = np.argsort(-probabilities)[:3]
    return tuple(Guess(label=names[i], probability=float(probabilities[i])) for i in best)
