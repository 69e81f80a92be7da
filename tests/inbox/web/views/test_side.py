"""The side panel's history is told in Turkish."""

import re
from pathlib import Path

import pytest

from inbox.web.views.labels import Labels
from inbox.web.views.side import _sentence

SOURCES = sorted((Path(__file__).parents[4] / "inbox").rglob("*.py"))
RECORDED = re.compile(r'(?:action=|action = |_record\(\s*session,\s*\w+,\s*\w+,\s*)"([a-z_]+)"')
ACTIONS = sorted({action for path in SOURCES for action in RECORDED.findall(path.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("action", ACTIONS)
def test_every_step_that_is_recorded_has_its_words(action: str) -> None:
    what, _ = _sentence(action, {}, Labels(texts={}, topics={}, units={}), {})
    assert what != action


def test_the_steps_are_found() -> None:
    assert {"snoozed", "assigned", "anonymised"} <= set(ACTIONS)
