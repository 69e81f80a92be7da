"""How far a text of ours has come by what receipts tell. What did not arrive is told to its application."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import conversations
from inbox.repositories import outbox as outbox_rows
from inbox.services import history
from models.enums import DeliveryStatus, SendMode
from models.tables import Message

NOT_ASKED = "«Cevabınız hazır» bildirimi vatandaşa ulaşmadı."


async def raise_to(
    session: AsyncSession, message: Message, status: DeliveryStatus, *, detail: str, at: datetime
) -> bool:
    """Move a message's status forward, never back; True where it moved."""
    if not await conversations.raise_status(session, message, status):
        return False
    if status is DeliveryStatus.FAILED:
        await _tell_failure(session, message, detail, at=at)
    return True


async def apply_parked(session: AsyncSession, message: Message, *, at: datetime) -> None:
    """What was told of a message before we knew it."""
    if told := await conversations.take_parked(session, message.channel, message.external_id):
        await raise_to(session, message, told.status, detail=told.detail, at=at)


async def _tell_failure(session: AsyncSession, message: Message, detail: str, *, at: datetime) -> None:
    """Texts that waited for the answer to this template fail with it."""
    item = await outbox_rows.item(session, message.outbox_id) if message.outbox_id else None
    if item and item.mode is SendMode.TEMPLATE:
        await outbox_rows.fail_waiting(session, item.conversation_id, problem=NOT_ASKED)
    if message.application_id:
        note = history.HistoryNote(
            application_id=message.application_id,
            actor="bot",
            action="delivery_failed",
            content={"message_id": message.id, "detail": detail},
        )
        await history.append(session, [note], at=at)
