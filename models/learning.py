"""How the classifier learns from the desk: settled messages, comparisons of two models, and the models there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class ReplayVerdict(StrEnum):
    """What a replay says of the challenger. Only `better` may be promoted."""

    BETTER = "better"
    TOO_FEW = "too_few"
    NOT_BETTER = "not_better"
    MISSES_EMERGENCIES = "misses_emergencies"
    AUTO_LESS_PRECISE = "auto_less_precise"


class WordSource(StrEnum):
    """How the final labels of a message came about."""

    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    OPENED = "opened"
    ANSWERED = "answered"
    """Nobody touched the machine's labels, and the application was answered or closed with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledText:
    """What a citizen wrote, with the desk's final labels, and what the machine had said. `text` is not masked."""

    key: str
    """`a17` for an application, `m12` for a message that became none."""
    channel: str
    text: str
    labels: Mapping[str, Any]
    """kind, topic, unit, urgency, district, neighbourhood; as in the corpus."""
    source: WordSource
    before: Mapping[str, Any] = field(default_factory=dict)
    """The machine's labels; empty where there are none."""
    model_version: str = ""
    user_id: int | None = None
    confidential: bool = False
    received_at: datetime
    settled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """What is known of a trained model. Times are ISO 8601."""

    version: str
    texts: int
    corrections: int
    corrections_until: str | None
    """Corrections of messages received from here on did not train it."""
    trained_at: str | None


class ModelShelf(Protocol):
    """The champion that works, its challenger, the earlier champion."""

    @property
    def champion(self) -> ModelFacts | None:
        """The model that workers use."""

    @property
    def challenger(self) -> ModelFacts | None:
        """A model that wants to become champion."""

    @property
    def earlier(self) -> ModelFacts | None:
        """The champion before this one, to go back to."""

    def promote(self, version: str) -> None:
        """The challenger of this version becomes champion. Raises ConflictError."""

    def back(self, version: str) -> None:
        """The earlier champion of this version works again. Raises ConflictError."""
