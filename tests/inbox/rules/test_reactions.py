"""What stands under a message after each reaction."""

from typing import Any

import pytest

from inbox.rules.reactions import after, words


@pytest.mark.parametrize(
    ("told", "alone", "stands"),
    [
        ([{"emoji": "❤", "action": "react", "reaction": "love"}], True, "❤"),
        ([{"emoji": "❤"}, {"emoji": "👍"}], True, "👍"),
        ([{"emoji": "❤", "action": "react"}, {"emoji": "❤", "action": "unreact"}], True, ""),
        ([{"emoji": "❤"}, {"event_id": "1"}], True, ""),
        ([{"emoji": ["❤", "🔥"]}, {"emoji": []}], True, ""),
        ([{"action": "add", "reaction": "like"}] * 3, False, "👍 3"),
        ([{"action": "add", "reaction": "like"}, {"action": "add", "reaction": "wow"}], False, "👍 😮"),
        ([{"action": "add", "reaction": "like"}, {"action": "remove", "reaction": "like"}], False, ""),
        ([{"action": "remove", "reaction": "like"}, {"action": "add", "reaction": "like"}], False, "👍"),
        ([{"action": "add", "reaction": "like"}, {"action": "remove", "reaction": "sad"}], False, ""),
        ([{"action": "add", "reaction": "like"}, {"action": "edit", "reaction": "sad"}], False, "👍"),
        ([{"action": "add"}], False, ""),
        ([], False, ""),
    ],
)
def test_the_last_word_of_each_counts(told: list[dict[str, Any]], alone: bool, stands: str) -> None:
    known: dict[str, int] = {}
    for one in told:
        known = after(known, one, alone=alone)
    assert words(known) == stands
