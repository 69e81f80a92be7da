"""What of a citizen a reader sees: names, accounts and the data inside texts. Pure."""

import re

from inbox.rules.permissions import Action, Actor
from models.personal_data import DOT, PersonalData, mask, mask_phone

_ALL = frozenset(PersonalData)
_FOR_THE_WORK = frozenset({PersonalData.ADDRESS, PersonalData.PLATE})
"""What a unit needs to find the place and the thing."""
HIDDEN_CITIZEN = "Gizli başvuru sahibi"


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
