"""What stands under a message after a reaction was given or taken back. Pure."""

from collections.abc import Mapping
from typing import Any

SIGNS = {"like": "👍", "love": "❤", "care": "🤗", "haha": "😆", "wow": "😮", "sad": "😢", "angry": "😠"}
"""Of the names that stand in place of a sign."""
TAKEN_BACK = frozenset({"remove", "unreact"})
CHANGED = "edit"


def after(known: Mapping[str, int], told: Mapping[str, Any], *, alone: bool) -> dict[str, int]:
    """How often each sign stands there; `told` are the facts of a reaction event.

    `alone`: one citizen reacts, and her last word counts. In public nobody is told apart: one more, or one less; who
    changes her mind there says no more than that.
    """
    sign, action = _sign(told), str(told.get("action", ""))
    gone = action in TAKEN_BACK or not sign
    if alone:
        return {} if gone else {sign: 1}
    if action == CHANGED or (gone and not known):
        return dict(known)
    name = next(iter(known)) if gone and sign not in known else sign
    counts = {**known, name: known.get(name, 0) + (-1 if gone else 1)}
    return {name: count for name, count in counts.items() if count > 0}


def words(known: Mapping[str, int]) -> str:
    """«❤ 2 👍»; empty where nothing stands there."""
    return " ".join(f"{sign} {count}" if count > 1 else sign for sign, count in known.items())


def _sign(told: Mapping[str, Any]) -> str:
    """The newest of several, the sign before its name."""
    given = told.get("emoji") or told.get("reaction") or ""
    last = str(given[-1] if isinstance(given, list) else given)
    return SIGNS.get(last.lower(), last)
