"""Finds our own texts in lists of what the account wrote, to learn whether an uncertain send arrived. Pure."""

import re
from collections.abc import Sequence

from connectors.pieces import OwnText
from connectors.twitter.weight import without_urls
from models.enums import EventKind
from models.messages import ChannelEvent

_NAMES = re.compile(r"\A\s*(?:@\w{1,15}\s+)+")


def own_texts(echoes: Sequence[ChannelEvent], *, answered: str, recipient: str) -> list[OwnText]:
    """What answers the post `answered` or goes to `recipient`: an edited post is answered under its latest id."""
    to_her = [one for one in echoes if one.kind is EventKind.ECHO and _goes_to(one, answered, recipient)]
    return [OwnText(one.external_id, comparable(one.text), one.sent_at) for one in to_her]


def comparable(text: str) -> str:
    """X puts the names of those answered before a reply, and writes addresses anew. A text of nothing else is that."""
    said = _NAMES.sub("", text)
    bare = without_urls(said)
    return bare if bare.strip() else said


def _goes_to(event: ChannelEvent, answered: str, recipient: str) -> bool:
    if answered and event.reply_to == answered:
        return True
    return bool(recipient) and event.extra.get("recipient_id") == recipient
