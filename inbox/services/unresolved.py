"""Sends of which nobody knew whether they left, told by receipts that carry our own tag."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import conversations, parked
from inbox.repositories import outbox as outbox_rows
from inbox.services import sending
from inbox.services.sending import Errand
from models.enums import OutboxState
from models.messages import OutboundMessage, SendResult
from models.tables import OutboxItem, ParkedReceipt


async def settle_tagged(session: AsyncSession, reference: str, *, account_id: int, at: datetime) -> bool:
    """A receipt with this tag waits: record its text as sent where we did not know. True where that was so."""
    item = await outbox_rows.item(session, int(reference)) if reference.isdecimal() else None
    if item is None or item.account_id != account_id or item.state is not OutboxState.UNKNOWN:
        return False
    return await settle_parked(session, item, at=at)


async def settle_parked(session: AsyncSession, item: OutboxItem, *, at: datetime) -> bool:
    """Record the text as sent where receipts of all its pieces wait under its tag."""
    conversation = await conversations.conversation(session, item.conversation_id)
    assert conversation is not None
    external_ids = _whole(await parked.by_reference(session, conversation.channel, str(item.id)))
    if not external_ids:
        return False
    message = OutboundMessage(reference=str(item.id), surface=conversation.surface, recipient_id="", text=item.text)
    await sending.record_sent(session, Errand(item=item, message=message), SendResult(external_ids=external_ids), at=at)
    return True


def _whole(receipts: Sequence[ParkedReceipt]) -> tuple[str, ...]:
    """Ids of all pieces in order; empty while one is missing."""
    pieces: dict[int, str] = {}
    count = 1
    for receipt in receipts:
        number, _, of = receipt.piece.partition("/")
        pieces[int(number or 1)] = receipt.external_id
        count = max(count, int(of or 1))
    return tuple(pieces[number] for number in sorted(pieces)) if len(pieces) == count else ()
