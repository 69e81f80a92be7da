"""Saved views, unsent and ready-made texts, mentions, bulk work."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_
from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import upsert
from models.tables import Application, BulkWork, Mention, Note, ReadyText, SavedView, UnsentText, User


async def views_of(session: AsyncSession, user_id: int, *, roles: Collection[str] | None) -> Sequence[SavedView]:
    """The shared ones, for all or for one of these roles (None: every shared one), and her own, in their order."""
    query = select(SavedView).where(_is_hers(SavedView, user_id, roles))
    return (await session.exec(query.order_by(SavedView.owner_id.is_not(None), SavedView.position, SavedView.id))).all()


def _is_hers(row: type[SavedView | ReadyText], user_id: int, roles: Collection[str] | None) -> Any:
    shared = row.owner_id.is_(None)
    if roles is not None:
        shared = and_(shared, or_(row.role.is_(None), row.role.in_(sorted(roles))))
    return or_(shared, row.owner_id == user_id)


async def view(session: AsyncSession, view_id: int) -> SavedView | None:
    return await session.get(SavedView, view_id)


async def count_views(session: AsyncSession, owner_id: int | None) -> int:
    owned = SavedView.owner_id.is_(None) if owner_id is None else SavedView.owner_id == owner_id
    return (await session.exec(select(func.count(SavedView.id)).where(owned))).one()


async def remove_view(session: AsyncSession, view_id: int) -> None:
    await session.exec(delete(SavedView).where(SavedView.id == view_id))


async def keep_unsent(session: AsyncSession, unsent: UnsentText) -> None:
    """One text per application and person; an empty one goes away."""
    if not unsent.text.strip():
        await forget_unsent(session, unsent.application_id, unsent.user_id)
        return
    fresh = upsert(session, UnsentText).values(**unsent.model_dump())
    changes = {"text": unsent.text, "saved_at": unsent.saved_at}
    await session.exec(fresh.on_conflict_do_update(index_elements=["application_id", "user_id"], set_=changes))


async def unsent(session: AsyncSession, application_id: int, user_id: int) -> UnsentText | None:
    return await session.get(UnsentText, (application_id, user_id))


async def forget_unsent(session: AsyncSession, application_id: int, user_id: int) -> None:
    query = delete(UnsentText).where(UnsentText.application_id == application_id, UnsentText.user_id == user_id)
    await session.exec(query)


async def ready_texts(session: AsyncSession, user_id: int, *, roles: Collection[str] | None) -> Sequence[ReadyText]:
    """The shared ones, for all or for one of these roles (None: every shared one), and her own, by short names."""
    query = select(ReadyText).where(_is_hers(ReadyText, user_id, roles))
    return (await session.exec(query.order_by(ReadyText.shortcut, ReadyText.id))).all()


async def ready_text(session: AsyncSession, text_id: int) -> ReadyText | None:
    return await session.get(ReadyText, text_id)


async def has_ready_text(session: AsyncSession, shortcut: str, *, owner_id: int | None) -> bool:
    owned = ReadyText.owner_id.is_(None) if owner_id is None else ReadyText.owner_id == owner_id
    return (await session.exec(select(ReadyText.id).where(ReadyText.shortcut == shortcut, owned))).first() is not None


async def remove_ready_text(session: AsyncSession, text_id: int) -> None:
    await session.exec(delete(ReadyText).where(ReadyText.id == text_id))


async def unread_mentions(
    session: AsyncSession, user_id: int, *, limit: int
) -> Sequence[tuple[Mention, Note, Application, str]]:
    """(mention, note, application, name of the writer), the newest first."""
    query = (
        select(Mention, Note, Application, User.name)
        .join(Note, Note.id == Mention.note_id)
        .join(Application, Application.id == Mention.application_id)
        .join(User, User.id == Note.user_id)
        .where(Mention.user_id == user_id, Mention.read_at.is_(None))
        .order_by(Mention.id.desc())
        .limit(limit)
    )
    return (await session.exec(query)).all()


async def has_unread_mention(session: AsyncSession, user_id: int, application_id: int) -> bool:
    query = select(Mention.id).where(
        Mention.user_id == user_id, Mention.application_id == application_id, Mention.read_at.is_(None)
    )
    return (await session.exec(query.limit(1))).first() is not None


async def read_mentions(session: AsyncSession, user_id: int, application_id: int, *, at: datetime) -> None:
    """She has opened the application: what named her there is read."""
    query = update(Mention).where(
        Mention.user_id == user_id, Mention.application_id == application_id, Mention.read_at.is_(None)
    )
    await session.exec(query.values(read_at=at))


async def bulk_work(session: AsyncSession, work_id: int) -> BulkWork | None:
    query = select(BulkWork).where(BulkWork.id == work_id).with_for_update()
    return (await session.exec(query)).first()
