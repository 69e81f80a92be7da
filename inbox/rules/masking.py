"""What of a citizen a reader sees: names, accounts and the data inside texts. Pure."""

import re
from collections.abc import Iterable

from inbox.rules.permissions import Action, Actor
from models.personal_data import DOT, PersonalData, find, mask, mask_phone
from models.turkish import skeleton

_ALL = frozenset(PersonalData)
_FOR_THE_WORK = frozenset({PersonalData.ADDRESS, PersonalData.PLATE})
"""What a unit needs to find the place and the thing."""
HIDDEN_CITIZEN = "Gizli başvuru sahibi"
HIDDEN_FILE = "Gizli başvuru: ek gösterilmiyor."
SHORTEST_NAME = 3
"""Shorter parts of a name are too often other words."""
LONGEST_ENDING = 5
"""Letters that Turkish endings add to a name: `Ayşe'den`, `Ayşelerin`."""


def shown_in_texts(actor: Actor, *, confidential: bool) -> frozenset[PersonalData]:
    """Kinds of personal data that stay readable in messages for this reader."""
    if confidential and not actor.may(Action.SEE_INBOX):
        return frozenset()
    if actor.may(Action.SEE_PERSONAL_DATA):
        return _ALL
    return _FOR_THE_WORK if actor.only_unit else frozenset()


def hides_citizen(actor: Actor, *, confidential: bool) -> bool:
    """True where even the masked name must not stand (confidential, and the reader is not of the desk)."""
    return confidential and not actor.may(Action.SEE_INBOX)


def mask_name(name: str) -> str:
    """`Hatice D•••` for `Hatice Demir`; phones as `0532 ••• •• 00`; account names of one word stay as they are."""
    name = name.strip()
    if re.fullmatch(r"[\d\s+()-]{8,}", name):
        return mask_phone(name)
    first, *others = name.split()[:3] or [""]
    return " ".join([first, *(f"{word[0]}{DOT * 3}" for word in others)])


def mask_text(text: str, actor: Actor, *, confidential: bool) -> str:
    """A message as this reader may read it."""
    return mask(text, shown=shown_in_texts(actor, confidential=confidential))


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with dots in place of these names, in any spelling and with endings, account names with their `@`."""
    parts = {skeleton(part) for name in names for part in (name, *re.findall(r"\w+", name))}
    known = sorted((part for part in parts if len(part) >= SHORTEST_NAME), key=len, reverse=True)
    if not known:
        return text
    return re.sub(r"@?\w[\w.]*", lambda found: _dots(found.group(), known), text)


def _dots(word: str, known: Iterable[str]) -> str:
    folded = skeleton(word.strip("@."))
    is_named = any(folded.startswith(part) and len(folded) - len(part) <= LONGEST_ENDING for part in known)
    return DOT * 3 if is_named else word


def without_others(text: str, hers: Iterable[str]) -> str:
    """The text with all numbers and addresses masked but those that are the person's own (`hers`, in any spelling)."""
    known = {_plain(value) for value in hers if value}
    parts, end = [], 0
    for span in find(text):
        found = text[span.start : span.end]
        is_hers = any(_plain(found).endswith(own[-10:]) for own in known)
        parts += [text[end : span.start], found if is_hers else mask(found)]
        end = span.end
    return "".join([*parts, text[end:]])


def _plain(value: str) -> str:
    return re.sub(r"\W", "", skeleton(value))
