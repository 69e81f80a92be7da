"""Hiding comments and blocking people: here, on the platform where it can, and recorded.

The call to the platform stands between two transactions of its own; these verbs must not be called inside one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import applications, citizens, conversations
from inbox.rules.permissions import Action, Actor
from inbox.services import history
from models.db import Database
from models.enums import Direction, Surface
from models.errors import ConflictError, ContactGoneError, InputError, NotFoundError, RequestRefusedError
from models.ports import Blocks, Connector, Hides
from models.tables import Conversation, Identity, Message

HIDEABLE = frozenset({Surface.COMMENT, Surface.REPLY})
"""What citizens write under our own posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """A person on one account. `on_platform` is False where only the desk itself holds her back."""

    identity_id: int
    on_platform: bool


async def set_hidden(
    database: Database,
    connectors: Mapping[int, Connector],
    actor: Actor,
    *,
    message_id: int,
    hidden: bool,
    now: datetime,
) -> None:
    """Hide a comment from the public on its platform, or show it again.

    Raises InputError where there is no such thing, ChannelError where the platform refuses; then nothing is recorded.
    """
    actor.require(Action.HIDE)
    async with database.read() as session:
        message, conversation = await _hideable(session, message_id)
    connector = connectors.get(conversation.account_id or 0)
    if not isinstance(connector, Hides):
        raise InputError("Bu kanalda yorum gizlenemiyor.")
    if (message.hidden_at is not None) is hidden:
        return
    await connector.hide(message.external_id, hidden=hidden)
    async with database.write() as session:
        await _record_hidden(session, message_id, actor, hidden=hidden, now=now)


async def set_blocked(
    database: Database,
    connectors: Mapping[int, Connector],
    actor: Actor,
    *,
    conversation_id: int,
    blocked: bool,
    reason: str,
    now: datetime,
) -> Blocking:
    """Block the person of a conversation, or open her again. Her messages are still kept where they arrive.

    Raises InputError without a reason, ConflictError where it is so already, ChannelError where the platform cannot be
    asked; then nothing is recorded. No text of a bot leaves for her, and no person can write to her.
    """
    actor.require(Action.BLOCK)
    if blocked and not reason.strip():
        raise InputError("Engellemenin gerekçesini yazınız.")
    async with database.read() as session:
        conversation, identity = await _person(session, conversation_id)
    if (identity.blocked_at is not None) is blocked:
        raise ConflictError("Bu kişi zaten engelli." if blocked else "Bu kişi engelli değil.")
    connector = connectors.get(conversation.account_id or 0)
    on_platform = await _block_there(connector, identity.external_id, blocked=blocked)
    blocking = Blocking(identity_id=identity.id or 0, on_platform=on_platform)
    async with database.write() as session:
        await _record_blocked(session, blocking, actor, blocked=blocked, reason=reason.strip(), now=now)
    return blocking


async def _hideable(session: AsyncSession, message_id: int) -> tuple[Message, Conversation]:
    found = await conversations.messages_by_id(session, [message_id])
    if not found or found[0].deleted_at:
        raise NotFoundError("Bu mesaj bulunamadı.")
    conversation = await conversations.conversation(session, found[0].conversation_id)
    assert conversation is not None
    if found[0].direction is not Direction.INBOUND or conversation.surface not in HIDEABLE:
        raise InputError("Yalnızca bizim gönderilerimizin altına yazılanlar gizlenebilir.")
    return found[0], conversation


async def _record_hidden(session: AsyncSession, message_id: int, actor: Actor, *, hidden: bool, now: datetime) -> None:
    (message,) = await conversations.messages_by_id(session, [message_id])
    message.hidden_at = now if hidden else None
    session.add(message)
    if message.application_id:
        action = "comment_hidden" if hidden else "comment_shown"
        await _note(session, [message.application_id], actor, action, {"message_id": message_id}, now=now)


async def _person(session: AsyncSession, conversation_id: int) -> tuple[Conversation, Identity]:
    conversation = await conversations.conversation(session, conversation_id)
    if conversation is None:
        raise NotFoundError("Bu yazışma bulunamadı.")
    return conversation, await citizens.identity(session, conversation.identity_id)


async def _block_there(connector: Connector | None, person_id: str, *, blocked: bool) -> bool:
    """False where the platform cannot, or does not know the person by this id: then the desk alone holds her back."""
    if not isinstance(connector, Blocks):
        return False
    try:
        await connector.block(person_id, blocked=blocked)
    except (RequestRefusedError, ContactGoneError):
        return False
    return True


async def _record_blocked(
    session: AsyncSession, blocking: Blocking, actor: Actor, *, blocked: bool, reason: str, now: datetime
) -> None:
    identity = await citizens.identity(session, blocking.identity_id)
    if (identity.blocked_at is not None) is blocked:
        raise ConflictError("Bu kişi az önce başka biri tarafından engellendi ya da engeli kaldırıldı.")
    await citizens.set_blocked(session, blocking.identity_id, at=now if blocked else None)
    touched = await applications.ids_of_identity(session, blocking.identity_id)
    content = {"on_platform": blocking.on_platform, "reason": reason}
    await _note(session, touched, actor, "citizen_blocked" if blocked else "citizen_unblocked", content, now=now)


async def _note(
    session: AsyncSession,
    application_ids: Sequence[int],
    actor: Actor,
    action: str,
    content: Mapping[str, object],
    *,
    now: datetime,
) -> None:
    notes = [
        history.HistoryNote(application_id=one, actor=actor.reference, action=action, content=content)
        for one in application_ids
    ]
    await history.append(session, notes, at=now)
