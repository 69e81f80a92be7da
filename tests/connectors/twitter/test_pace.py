"""How much leaves at once: a window of X's that is used up would stop every kind of text of the account."""

from datetime import timedelta

import pytest

from connectors.twitter.facts import FACTS
from connectors.twitter.simulated_limits import DAY, DAY_LIMITS, QUARTER, QUARTER_LIMITS
from models.enums import Surface

POSTS, MESSAGES = "POST /2/tweets", "POST /2/dm_conversations/with/{id}/messages"
WINDOWS = [
    (Surface.MENTION, QUARTER, QUARTER_LIMITS[POSTS]),
    (Surface.MENTION, timedelta(hours=3), 300),
    (Surface.MENTION, DAY, DAY_LIMITS[POSTS][1]),
    (Surface.DIRECT, QUARTER, QUARTER_LIMITS[MESSAGES]),
    (Surface.DIRECT, DAY, DAY_LIMITS[MESSAGES][1]),
]


@pytest.mark.parametrize(("surface", "window", "most"), WINDOWS)
def test_no_window_of_x_is_ever_used_up(surface: Surface, window: timedelta, most: int) -> None:
    limits = [one for one in FACTS.send_limits if one.surfaces and surface in one.surfaces]
    assert limits
    assert all(one.burst + window // one.every <= most for one in limits)
