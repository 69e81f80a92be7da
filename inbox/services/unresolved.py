"""Sends of which nobody knew whether they left: told by receipts that carry our own tag, or decided by a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import conversations, parked
from inbox.repositories import outbox as outbox_rows
from inbox.rules.permissions import Action, Actor
from inbox.services import history, sending
from inbox.services.sending import Errand
from models.channel_facts import ChannelFacts
from models.enums import OutboxState
from models.errors import ConflictError, NotFoundError
from models.messages import OutboundMessage, SendResult
from models.profile import Profile
from models.tables import Application, OutboxItem, ParkedReceipt

AGAIN_AFTER = timedelta(seconds=10)
"""In which a person can still take it back."""
DECIDED_MEANWHILE = "Bu metnin durumu siz bakarken değişti; güncel hâline bakınız."


class SendDecision(StrEnum):
    """What a person makes of a text that did not leave, or of which nobody knows."""

    AGAIN = "again"
    SENT = "sent"
    """She looked at the platform: it stands there."""


async def decide(
    session: AsyncSession,
    application: Application,
    actor: Actor,
    *,
    item_id: int,
    decision: SendDecision,
    now: datetime,
    profile: Profile | None = None,
) -> None:
    """Send a text of the application once more, or count an uncertain one as sent. Recorded.

    `profile` gives the limits that move once the citizen was told of a date.

    Raises ConflictError where nothing is to be decided any more.
    """
    actor.require(Action.ANSWER)
    item = await outbox_rows.item(session, item_id)
    if item is None or item.application_id != application.id:
        raise NotFoundError("Böyle bir metin yok.")
    if decision is SendDecision.SENT and item.state is not OutboxState.UNKNOWN:
        raise ConflictError(DECIDED_MEANWHILE)
    if not await outbox_rows.take_undecided(session, item_id):
        raise ConflictError(DECIDED_MEANWHILE)
    await session.refresh(item)
    action = "send_repeated" if decision is SendDecision.AGAIN else "send_counted"
    note = history.HistoryNote(
        application_id=application.id or 0, actor=actor.reference, action=action, content={"outbox_id": item_id}
    )
    await history.append(session, [note], at=now)
    if decision is SendDecision.AGAIN:
        item.not_before = now + AGAIN_AFTER
        session.add(item)
    else:
        await _count_as_sent(session, item, profile, at=now)


async def _count_as_sent(session: AsyncSession, item: OutboxItem, profile: Profile | None, *, at: datetime) -> None:
    """The platform's id of it is not known; its own stands in its place."""
    external_ids = tuple(item.external_ids) or (f"counted-{item.id}",)
    result = SendResult(external_ids=external_ids)
    await sending.record_sent(session, await _errand(session, item), result, at=at, profile=profile)


async def _errand(session: AsyncSession, item: OutboxItem) -> Errand:
    conversation = await conversations.conversation(session, item.conversation_id)
    assert conversation is not None
    message = OutboundMessage(reference=str(item.id), surface=conversation.surface, recipient_id="", text=item.text)
    return Errand(item=item, message=message)


async def anything_told(session: AsyncSession, account_id: int) -> bool:
    """Whether receipts wait under the tags of texts that are not recorded as sent."""
    return bool(await outbox_rows.told_of(session, account_id))


async def settle_told(
    session: AsyncSession,
    account_id: int,
    *,
    facts: ChannelFacts,
    at: datetime,
    profile: Profile | None = None,
) -> list[int]:
    """Record texts as sent of which receipts with our tag have told; the applications' ids.

    `profile` gives the limits that move once the citizen was told of a date.
    """
    settled = []
    for item in await outbox_rows.told_of(session, account_id):
        if await _settle(session, item, facts=facts, at=at, profile=profile):
            settled.append(item.application_id or 0)
    return settled


async def _settle(
    session: AsyncSession, item: OutboxItem, *, facts: ChannelFacts, at: datetime, profile: Profile | None
) -> bool:
    conversation = await conversations.conversation(session, item.conversation_id)
    assert conversation is not None
    external_ids = _whole(await parked.by_reference(session, conversation.channel, str(item.id)))
    if not external_ids:
        return False
    errand, surface = await _errand(session, item), facts.surfaces.get(conversation.surface)
    result = SendResult(external_ids=external_ids)
    await sending.record_sent(session, errand, result, at=at, facts=surface, profile=profile)
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
