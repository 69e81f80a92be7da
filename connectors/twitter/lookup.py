"""Finds our own texts in lists of what the account wrote, to learn whether an uncertain send arrived. Pure."""

from collections.abc import Sequence

from connectors.twitter.weight import without_urls
from models.enums import EventKind
from models.messages import ChannelEvent


def find_pieces(pieces: Sequence[str], echoes: Sequence[ChannelEvent], *, answered: str = "") -> list[str]:
    """Ids of the pieces that stand there, in order, up to the first that does not. `echoes` have the oldest first."""
    ids: list[str] = []
    for piece in pieces:
        found = next((one for one in echoes if one.external_id not in ids and _is(one, piece, answered)), None)
        if found is None:
            break
        ids.append(found.external_id)
    return ids


def _is(event: ChannelEvent, text: str, answered: str) -> bool:
    """X puts the names of those answered before a reply, and writes addresses anew."""
    if event.kind is not EventKind.ECHO or (answered and event.reply_to != answered):
        return False
    return _bare(event.text).endswith(_bare(text))


def _bare(text: str) -> str:
    return " ".join(without_urls(text).split())
