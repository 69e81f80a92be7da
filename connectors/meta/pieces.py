"""Sends a long text piece by piece, each piece once. Knows no platform."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.errors import ChannelError, OutcomeUnknownError
from models.messages import SendResult

REMEMBERED = 2_000
"""Texts whose accepted pieces are kept in memory."""
CLOCK_SLACK = timedelta(minutes=1)
"""Looked back further when a send is looked up: platforms round times down to seconds, and clocks differ."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of ours that the platform has."""

    external_id: str
    text: str
    at: datetime | None = None


@dataclass(slots=True)
class _Progress:
    ids: list[str] = field(default_factory=list)
    is_uncertain: bool = False


class PieceSender:
    """Remembers, per reference of a text, which pieces were accepted.

    A repeated `send` goes on behind the last accepted piece, so an error in the middle duplicates nothing. While the
    fate of a piece is unknown, `send` keeps raising OutcomeUnknownError until `settle` has told what the platform has.
    After a restart nothing is remembered: then `settle` comes first, too, since the outbox row was left uncertain.
    """

    def __init__(self) -> None:
        self._progress: OrderedDict[str, _Progress] = OrderedDict()

    async def send(
        self, reference: str, pieces: Sequence[str], send_one: Callable[[str], Awaitable[str]]
    ) -> SendResult:
        """Send what is not yet accepted; `send_one` gives the new id. Raises ChannelError."""
        progress = self._of(reference)
        if progress.is_uncertain:
            raise OutcomeUnknownError("an earlier piece of this text may have been accepted")
        for piece in pieces[len(progress.ids) :]:
            try:
                progress.ids.append(await send_one(piece))
            except ChannelError as error:
                progress.is_uncertain = isinstance(error, OutcomeUnknownError)
                raise
        return SendResult(external_ids=tuple(progress.ids))

    def settle(self, reference: str, pieces: Sequence[str], found: Sequence[OwnText]) -> SendResult | None:
        """Take over what the platform has of this text. None where it is not whole: `send` may then go on.

        `found` are our own texts in the thread. Ids known as another text's are left out.
        """
        others = {item for name, progress in self._progress.items() if name != reference for item in progress.ids}
        free = [own for own in found if own.external_id not in others]
        progress = self._of(reference)
        progress.ids, progress.is_uncertain = _matched(pieces, free), False
        return SendResult(external_ids=tuple(progress.ids)) if len(progress.ids) == len(pieces) else None

    def _of(self, reference: str) -> _Progress:
        progress = self._progress.setdefault(reference, _Progress())
        self._progress.move_to_end(reference)
        if len(self._progress) > REMEMBERED:
            self._progress.popitem(last=False)
        return progress


def _matched(pieces: Sequence[str], found: Sequence[OwnText]) -> list[str]:
    """Ids of the leading pieces that stand among `found`, each used once. White space does not count."""
    free = list(found)
    ids: list[str] = []
    for piece in pieces:
        match = next((own for own in free if own.text.split() == piece.split()), None)
        if match is None:
            break
        free.remove(match)
        ids.append(match.external_id)
    return ids
