"""Sends a long text piece by piece, each piece once. Knows no platform."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.errors import ChannelError, OutcomeUnknownError
from models.messages import OutboundMessage, SendResult
from models.ports import PieceAccepted

REMEMBERED = 2_000
"""Texts whose accepted pieces are kept in memory."""
CLOCK_SLACK = timedelta(minutes=1)
"""Looked back further when a send is looked up: platforms round times down to seconds, and clocks differ."""
SendOne = Callable[[str], Awaitable[str]]


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
    """Remembers, per text, which pieces were accepted; the outbox row keeps the same for longer (`on_accepted`).

    A repeated `send` goes on behind the last accepted piece, so an error in the middle duplicates nothing. Where the
    platform `looks_up` sends, `send` keeps raising OutcomeUnknownError while the fate of a piece is unknown, until
    `settle` has told what the platform has.
    """

    def __init__(self, *, looks_up: bool = True) -> None:
        self._looks_up = looks_up
        self._progress: OrderedDict[str, _Progress] = OrderedDict()

    async def send(
        self,
        message: OutboundMessage,
        pieces: Sequence[str],
        send_one: SendOne,
        *,
        on_accepted: PieceAccepted | None = None,
    ) -> SendResult:
        """Send what is not yet accepted; `send_one` gives the new id. Raises ChannelError."""
        progress = self._of(message.reference)
        if len(message.accepted) > len(progress.ids):
            progress.ids = list(message.accepted)
        if progress.is_uncertain:
            raise OutcomeUnknownError("an earlier piece of this text may have been accepted")
        for piece in pieces[len(progress.ids) :]:
            await self._send_one(progress, piece, send_one)
            if on_accepted and len(progress.ids) < len(pieces):
                await on_accepted(progress.ids[-1])
        return SendResult(external_ids=tuple(progress.ids))

    def accepted(self, message: OutboundMessage) -> int:
        """How many pieces of this text are known to be accepted."""
        return max(len(self._of(message.reference).ids), len(message.accepted))

    def settle(self, message: OutboundMessage, pieces: Sequence[str], found: Sequence[OwnText]) -> SendResult | None:
        """Take over what the platform has of this text. None where it is not whole: `send` may then go on.

        `found` are our own texts in the thread. Ids known as another text's are left out.
        """
        others = {one for name, progress in self._progress.items() if name != message.reference for one in progress.ids}
        free = [own for own in found if own.external_id not in others]
        ids, progress, known = _matched(pieces, free), self._of(message.reference), list(message.accepted)
        progress.ids = ids if len(ids) >= len(known) else known
        progress.is_uncertain = False
        return SendResult(external_ids=tuple(progress.ids)) if len(progress.ids) == len(pieces) else None

    async def _send_one(self, progress: _Progress, piece: str, send_one: SendOne) -> None:
        try:
            progress.ids.append(await send_one(piece))
        except ChannelError as error:
            progress.is_uncertain = self._looks_up and isinstance(error, OutcomeUnknownError)
            raise

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
