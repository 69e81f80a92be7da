"""Files of citizens: which wait to be downloaded, which names are in use, which must vanish."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_new
from models.tables import Conversation, ErasedFile, Message, MessageAttachment


def _due(account_ids: Collection[int], now: datetime, *wanted: Any) -> Any:
    """`wanted` of files that are due, longest waiting first."""
    return (
        select(*wanted)
        .select_from(MessageAttachment)
        .join(Message, Message.id == MessageAttachment.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(MessageAttachment.fetch_at <= now, Conversation.account_id.in_(account_ids))
        .order_by(MessageAttachment.fetch_at, MessageAttachment.id)
    )


async def is_any_due(session: AsyncSession, account_ids: Collection[int], *, now: datetime) -> bool:
    query = _due(account_ids, now, MessageAttachment.id).limit(1)
    return (await session.exec(query)).first() is not None


async def claim(
    session: AsyncSession, account_ids: Collection[int], *, now: datetime, until: datetime, limit: int
) -> list[tuple[MessageAttachment, int]]:
    """(attachment, account) pairs that are due, longest waiting first; not due again before `until`."""
    query = _due(account_ids, now, MessageAttachment, Conversation.account_id).limit(limit)
    held = query.with_for_update(of=MessageAttachment, skip_locked=True)
    found = [(attachment, account_id) for attachment, account_id in (await session.exec(held)).all()]
    for attachment, _ in found:
        attachment.fetch_at = until
        attachment.fetch_tries += 1
        session.add(attachment)
    await session.flush()
    return found


async def reserve(session: AsyncSession, names: Sequence[str], *, until: datetime) -> None:
    """Names about to be written: they vanish after `until` unless `keep` says that they are in use."""
    await insert_new(session, [ErasedFile(name=name, erased_at=until) for name in names])


async def keep(session: AsyncSession, attachment_id: int, names: Sequence[str], **facts: Any) -> bool:
    """Record a file as stored; False where the attachment was erased in the meantime."""
    query = update(MessageAttachment).where(MessageAttachment.id == attachment_id)
    if not (await session.exec(query.values(fetch_at=None, fetch_problem="", **facts))).rowcount:
        return False
    await session.exec(delete(ErasedFile).where(ErasedFile.name.in_(names)))
    return True


async def settle(session: AsyncSession, attachment_id: int, *, fetch_at: datetime | None, problem: str) -> None:
    """Try again then, or never where `fetch_at` is None."""
    query = update(MessageAttachment).where(MessageAttachment.id == attachment_id)
    await session.exec(query.values(fetch_at=fetch_at, fetch_problem=problem))


async def attachment(session: AsyncSession, attachment_id: int) -> tuple[MessageAttachment, Message] | None:
    query = select(MessageAttachment, Message).join(Message, Message.id == MessageAttachment.message_id)
    return (await session.exec(query.where(MessageAttachment.id == attachment_id))).first()


async def names_to_erase(session: AsyncSession, *, now: datetime, limit: int = 100) -> list[str]:
    query = select(ErasedFile.name).where(ErasedFile.erased_at <= now).order_by(ErasedFile.erased_at)
    return list((await session.exec(query.limit(limit))).all())


async def forget(session: AsyncSession, names: Sequence[str]) -> None:
    """They have vanished from the file store."""
    await session.exec(delete(ErasedFile).where(ErasedFile.name.in_(names)))
