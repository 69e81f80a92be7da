"""Finds our own texts in lists of what the account wrote, to learn whether an uncertain send arrived. Pure."""

from collections.abc import Sequence

from connectors.twitter.weight import without_urls
from models.enums import EventKind
from models.messages import ChannelEvent


def find_pieces(
    pieces: Sequence[str], echoes: Sequence[ChannelEvent], *, answered: str = "", recipient: str = ""
) -> list[str]:
    """Ids of the pieces that stand there, in order, up to the first that does not. `echoes` have the oldest first.

    They must answer the post `answered` or go to `recipient`: an edited post is answered under its latest id.
    """
    to_her = [one for one in echoes if one.kind is EventKind.ECHO and _goes_to(one, answered, recipient)]
    ids: list[str] = []
    for piece in pieces:
        found = next((one for one in to_her if one.external_id not in ids and _says(one, piece)), None)
        if found is None:
            break
        ids.append(found.external_id)
    return ids


def _goes_to(event: ChannelEvent, answered: str, recipient: str) -> bool:
    if answered and event.reply_to == answered:
        return True
    return bool(recipient) and event.extra.get("recipient_id") == recipient


def _says(event: ChannelEvent, text: str) -> bool:
    """X puts the names of those answered before a reply, and writes addresses anew."""
    return _bare(event.text).endswith(_bare(text))


def _bare(text: str) -> str:
    return " ".join(without_urls(text).split())
