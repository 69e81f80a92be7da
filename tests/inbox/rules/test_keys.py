"""Keys that no index would take become short ones, the same each time."""

from inbox.rules.keys import LONGEST, bounded
from models.messages import Sender
from tests.builders import message


def test_usual_events_stay_as_they_are() -> None:
    event = message(1)
    assert bounded(event) is event


def test_a_key_far_too_long_becomes_a_digest() -> None:
    long, other = "x" * 5000, "x" * 4999 + "y"
    event = message(1, external_id=long, dedup_key=long, sender=Sender(external_id=long, aliases=(other,)))
    once, twice = bounded(event), bounded(event)
    assert once == twice
    assert once.sender is not None
    assert once.sender.aliases[0] != once.sender.external_id
    for key in (once.external_id, once.dedup_key, once.sender.external_id):
        assert len(key) <= LONGEST
    assert bounded(once) is once
