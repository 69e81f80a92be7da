"""Whether a later message of a conversation continues its open application or brings a new matter."""

from datetime import timedelta

from models.enums import Kind
from models.messages import Classification

SURE = 0.55
"""Probability of the new topic above which it may open an application of its own."""
STILL_POSSIBLE = 0.15
"""Probability of the old topic above which the message is taken to be about it."""
FEWEST_WORDS = 4
FOLLOW_UP_TOPICS = frozenset({"basvuru_takip", "diger"})
"""Topics that in a conversation with an open application speak of that application."""
QUIET_PERIOD = timedelta(minutes=2)
"""A message this soon after the last one belongs to the same breath."""


def is_new_matter(text: str, *, classification: Classification, open_topic: str | None, pause: timedelta) -> bool:
    """True where the message is surely about something else than the open application.

    Doubt continues the open application: an agent can divide it, a citizen cannot undo two numbers for one matter.
    """
    if classification.kind in (Kind.INVALID, Kind.THANKS) or classification.topic is None:
        return False
    if classification.topic == open_topic or classification.topic in FOLLOW_UP_TOPICS:
        return False
    if len(text.split()) < FEWEST_WORDS or pause < QUIET_PERIOD:
        return False
    probabilities = {guess.label: guess.probability for guess in classification.topics}
    sure = probabilities.get(classification.topic, 0.0) >= SURE
    return sure and probabilities.get(open_topic or "", 0.0) < STILL_POSSIBLE
