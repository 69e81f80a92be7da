"""How the classifier learns from the desk: comparisons of two models, who promoted which, its weeks. No texts."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.learning import ReplayVerdict
from models.tables.columns import UtcDateTime, json_value, long_text, optional_time, primary_key, reference, time, word


class ModelComparison(SQLModel, table=True):
    """Champion and challenger on the same settled messages. Promotion asks for one of just these two versions."""

    __tablename__ = "model_comparison"

    id: int | None = primary_key()
    champion: str
    challenger: str
    since: datetime = time()
    """Messages received from here on; none of them trained either model."""
    until: datetime = time()
    verdict: ReplayVerdict = word(ReplayVerdict)
    figures: dict[str, Any] = json_value(dict)
    """In total and per week, numbers and labels alone."""
    created_at: datetime = time()


class ModelPromotion(SQLModel, table=True):
    """Another model began to work, by a person's decision. Never changed, only followed by another."""

    __tablename__ = "model_promotion"

    id: int | None = primary_key()
    user_id: int = reference("user.id", index=False)
    from_version: str
    to_version: str
    comparison_id: int | None = reference("model_comparison.id", optional=True, index=False)
    """The proof that it is better; none where somebody went back to the earlier champion."""
    created_at: datetime = time()


class ModelWeek(SQLModel, table=True):
    """How the classifier fared in the week that began at `began_at`; later words of the desk are counted in."""

    __tablename__ = "model_week"

    began_at: datetime = Field(sa_type=UtcDateTime, primary_key=True)
    turns: int = 0
    """What the machine classified."""
    confidence: float = 0.0
    """Mean; as all shares between 0 and 1."""
    auto: float = 0.0
    unknown_words: float | None = None
    """Mean share of words that training never saw."""
    judged: int = 0
    """Turns that a person corrected, confirmed, opened or dismissed."""
    topic_corrected: int = 0
    unit_corrected: int = 0
    alarms: list[str] = json_value(list)
    alarmed_at: datetime | None = optional_time()
    """When the log told of the alarms."""
    model_versions: str = long_text()
    counted_at: datetime = time()
