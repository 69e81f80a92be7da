"""Which unit a topic goes to: the organisation's word over what the classifier was taught. Pure.

The classifier speaks the profile's language of topics and units (`taught`); the desk speaks the organisation's, which
the administrator changes. `TopicUnits.spoken` and `TopicUnits.taught_of` are the only translation between the two.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from models.messages import Classification, Guess
from models.profile import ANY_TOPIC_UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicUnits:
    """`unit` is the usual one; `others` may have it where the text says so; `taught` was usual in training."""

    unit: str
    taught: str
    others: tuple[str, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every unit that the topic can go to, the usual one first."""
        return tuple(dict.fromkeys((self.unit, *self.others, ANY_TOPIC_UNIT)))

    def spoken(self, guess: str) -> str:
        """The organisation's unit for a unit that the classifier, or somebody earlier, named."""
        return self.unit if guess == self.taught or guess not in self.allowed else guess

    def taught_of(self, unit: str | None) -> str | None:
        """The classifier's word for a unit of ours."""
        return self.taught if unit == self.unit else unit


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingPlan:
    """Topics as the organisation routes them now."""

    topics: Mapping[str, TopicUnits] = field(default_factory=dict)
    confidential: Collection[str] = frozenset()

    def spoken(self, said: Classification) -> Classification:
        """What the classifier said, with the organisation's units."""
        units = self.topics.get(said.topic or "")
        if units is None or said.unit is None:
            return said
        guesses: dict[str, float] = {}
        for guess in said.units:
            label = units.spoken(guess.label) if guess.label == said.unit else guess.label
            guesses.setdefault(label, guess.probability)
        return replace(
            said,
            unit=units.spoken(said.unit),
            units=tuple(Guess(label=label, probability=share) for label, share in guesses.items()),
        )

    def taught_unit(self, topic: str | None, unit: str | None) -> str | None:
        """The unit of an application's label as training knows it."""
        units = self.topics.get(topic or "")
        return units.taught_of(unit) if units else unit
