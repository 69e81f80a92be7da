"""The organisation's word over what the classifier was taught."""

import pytest

from inbox.rules.topic_units import RoutingPlan, TopicUnits
from models.enums import Kind
from models.messages import Guess
from tests.builders import classification

MOVED = TopicUnits(unit="cevre_koruma", taught="izsu", others=("ilce",))


@pytest.mark.parametrize(
    ("said", "goes_to"),
    [("izsu", "cevre_koruma"), ("ilce", "ilce"), ("diger_kurum", "diger_kurum"), ("zabita", "cevre_koruma")],
)
def test_a_topic_that_moved_takes_the_classifiers_usual_unit_along(said: str, goes_to: str) -> None:
    """What the text says beside it stays; a unit that may not have the topic any more gets nothing."""
    assert MOVED.spoken(said) == goes_to


def test_training_hears_the_word_it_knows() -> None:
    """A desk that moved a topic teaches no contradiction."""
    plan = RoutingPlan(topics={"su_kesintisi": MOVED})
    assert plan.taught_unit("su_kesintisi", "cevre_koruma") == "izsu"
    assert plan.taught_unit("su_kesintisi", "ilce") == "ilce"
    assert plan.taught_unit(None, None) is None


def test_guesses_speak_the_organisations_units_too() -> None:
    said = classification(units=(Guess(label="izsu", probability=0.8), Guess(label="cevre_koruma", probability=0.1)))
    spoken = RoutingPlan(topics={"su_kesintisi": MOVED}).spoken(said)
    assert (spoken.unit, spoken.units) == ("cevre_koruma", (Guess(label="cevre_koruma", probability=0.8),))


def test_what_is_no_matter_goes_nowhere() -> None:
    said = classification(kind=Kind.INVALID, topic=None, unit=None)
    assert RoutingPlan(topics={"su_kesintisi": MOVED}).spoken(said) == said
