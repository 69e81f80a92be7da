"""The classifier itself: readings to features, heads to one decision per text. Fitted by train.py, kept by store.py."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.answers import Answers
from classifier.features import Vectoriser
from classifier.heads import Heads
from classifier.judge import Judgement, judge
from classifier.pairs import INVALID, Pairs
from classifier.places import Found, PlaceFinder
from classifier.reasons import reasons, with_places
from classifier.text import Reader, Reading
from classifier.trust import Trust
from models.enums import Decision
from models.messages import Classification, TextToClassify
from models.profile import ANY_TOPIC_UNIT

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
        fitted.vectoriser.warm()
        self._reader = reader
        self._places = places

    def classify(self, texts: Sequence[TextToClassify]) -> list[Classification]:
        result: list[Classification] = []
        for start in range(0, len(texts), _BATCH):
            result += self._batch([text.text for text in texts[start : start + _BATCH]])
        return result

    def _batch(self, texts: Sequence[str]) -> list[Classification]:
        readings = self._reader.read(texts)
        fitted, judged = self.fitted, self._judged(readings)
        confidence = fitted.trust.confidence(judged.signs).tolist()
        answers = Answers(
            judged, readings, heads=fitted.heads, pairs=fitted.pairs, emergency_limit=fitted.emergency_limit
        )
        words = reasons(readings, answers.topic_columns, fitted.heads.part("topic"), fitted.vectoriser)
        return [
            self._one(answers, i, confidence=confidence[i], words=words[i], place=self._places.find(reading))
            for i, reading in enumerate(readings)
        ]

    def _judged(self, readings: Sequence[Reading]) -> Judgement:
        fitted = self.fitted
        features = fitted.vectoriser.transform(readings)
        logs = fitted.heads.log_probabilities(features)
        words = np.array([len(reading.tokens) for reading in readings], dtype=float)
        return judge(logs, fitted.pairs, kinds=fitted.heads.classes["kind"], features=features, words=words)

    def _one(
        self, answers: Answers, i: int, *, confidence: float, words: Sequence[str], place: Found
    ) -> Classification:
        topic, unit = answers.pairs[i]
        kind, kind_confidence = answers.kind(i)
        urgency, urgency_confidence = answers.urgency(i)
        return Classification(
            kind=kind,
            topic=None if topic == INVALID else topic,
            unit=None if topic == INVALID else unit,
            urgency=urgency,
            district=place.district,
            neighbourhood=place.neighbourhood,
            confidence=confidence,
            decision=self._decision(topic, unit, confidence),
            kind_confidence=kind_confidence,
            urgency_confidence=urgency_confidence,
            topics=answers.topics[i],
            units=answers.units[i],
            reasons=with_places(words, answers.readings[i], place),
            tone=answers.tones[i],
            unknown_words=self.fitted.vectoriser.unknown_share(answers.readings[i]),
            model_version=self.fitted.version,
        )

    def _decision(self, topic: str, unit: str, confidence: float) -> Decision:
        trusted = topic != INVALID and unit != ANY_TOPIC_UNIT and confidence >= self.fitted.trust.limit
        return Decision.AUTO if trusted else Decision.REVIEW
