"""The outbox as the sender sees it: what to send, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, applications, citizens, conversations
from inbox.repositories import outbox as outbox_rows
from inbox.services import history
from inbox.services.applications import answer_left
from models.enums import AccountState, Author, DeliveryStatus, Direction, OutboxState, Purpose
from models.messages import OutboundMessage, SendResult
from models.tables import Message, OutboxItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A claimed outbox row with the message to send."""

    item: OutboxItem
    message: OutboundMessage


async def claim(session: AsyncSession, account_id: int, *, now: datetime, seconds: float) -> list[Errand]:
    """Due texts of an account, claimed for so many real seconds."""
    items = await outbox_rows.claim(session, account_id, now=now, seconds=seconds)
    return [await _errand(session, item) for item in items]


async def _errand(session: AsyncSession, item: OutboxItem) -> Errand:
    conversation = await conversations.conversation(session, item.conversation_id)
    assert conversation is not None
    identity = await citizens.identity(session, conversation.identity_id)
    message = OutboundMessage(
        reference=str(item.id),
        surface=conversation.surface,
        recipient_id=identity.external_id,
        text=item.text,
        thread_id=conversation.thread_id,
        reply_to=item.reply_to,
        purpose=item.purpose,
        by_human=item.user_id is not None,
    )
    return Errand(item=item, message=message)


async def record_sent(session: AsyncSession, errand: Errand, result: SendResult, *, at: datetime) -> None:
    """The platform accepted the text: keep it as outbound messages and move the application on."""
    item = errand.item
    await outbox_rows.settle(
        session, item.id or 0, state=OutboxState.SENT, external_ids=result.external_ids, sent_at=at
    )
    for position, external_id in enumerate(result.external_ids):
        await _keep_message(session, errand, external_id, status=result.status, first=position == 0, at=at)
    if item.application_id and item.purpose is Purpose.ANSWER:
        await _note_answer(session, item, at=at)


async def _keep_message(
    session: AsyncSession, errand: Errand, external_id: str, *, status: DeliveryStatus, first: bool, at: datetime
) -> None:
    """One row per post; an echo that came first is taken over, a receipt that came first is applied."""
    item = errand.item
    conversation = await conversations.conversation(session, item.conversation_id)
    assert conversation is not None
    message = await conversations.find_message(session, conversation.channel, external_id) or Message(
        conversation_id=item.conversation_id,
        channel=conversation.channel,
        external_id=external_id,
        direction=Direction.OUTBOUND,
        author=Author.BOT,
        sent_at=at,
        received_at=at,
    )
    message.author = Author.AGENT if item.user_id else Author.BOT
    message.user_id = item.user_id
    message.application_id = item.application_id
    message.outbox_id = item.id
    message.text = item.text if first else ""
    message.reply_to = item.reply_to
    message.triaged_at = message.triaged_at or at
    message.status = message.status or status
    session.add(message)
    await session.flush()
    if parked := await conversations.take_parked(session, conversation.channel, external_id):
        await conversations.raise_status(session, message, parked.status)


async def _note_answer(session: AsyncSession, item: OutboxItem, *, at: datetime) -> None:
    application = await applications.application_for_change(session, item.application_id or 0)
    assert application is not None
    await answer_left(session, application, at=at, outbox_id=item.id)


async def postpone(session: AsyncSession, errand: Errand, *, until: datetime, problem: str, perhaps_sent: bool) -> None:
    """Try again, not before `until`."""
    await outbox_rows.postpone(session, [errand.item.id or 0], until=until, problem=problem, perhaps_sent=perhaps_sent)


async def give_back(session: AsyncSession, errands: Sequence[Errand], *, until: datetime) -> None:
    """Return errands that were claimed and never tried."""
    await outbox_rows.give_back(session, [errand.item.id or 0 for errand in errands], until=until)


async def record_failure(
    session: AsyncSession, errand: Errand, *, state: OutboxState, problem: str, at: datetime
) -> None:
    """A text that did not leave, or of which nobody can say whether it did; a person sees it."""
    await outbox_rows.settle(session, errand.item.id or 0, state=state, problem=problem)
    if errand.item.application_id:
        note = history.HistoryNote(
            application_id=errand.item.application_id,
            actor="bot",
            action="send_unknown" if state is OutboxState.UNKNOWN else "send_failed",
            content={"outbox_id": errand.item.id, "problem": problem},
        )
        await history.append(session, [note], at=at)


async def set_account_state(session: AsyncSession, account_id: int, state: AccountState, *, detail: str) -> None:
    await accounts.set_state(session, account_id, state, detail=detail)
