"""Saved views, unsent and ready-made texts, mentions, bulk work."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, and_, bindparam, delete, func, or_
from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import upsert
from models.tables import Application, BulkWork, Mention, Note, ReadyText, SavedView, UnsentText, User


def _hers(row: type[SavedView | ReadyText]) -> Any:
    """Condition on `user_id`, `roles` and `every_role`."""
    is_of_role = row.role.in_(bindparam("roles", expanding=True))
    for_her = or_(bindparam("every_role", type_=Boolean), row.role.is_(None), is_of_role)
    return or_(row.owner_id == bindparam("user_id"), and_(row.owner_id.is_(None), for_her))


def _who(user_id: int, roles: Collection[str] | None) -> dict[str, Any]:
    return {"user_id": user_id, "roles": sorted(roles or ()), "every_role": roles is None}


_VIEWS = (
    select(SavedView)
    .where(_hers(SavedView))
    .order_by(SavedView.owner_id.is_not(None), SavedView.position, SavedView.id)
)
_READY_TEXTS = select(ReadyText).where(_hers(ReadyText)).order_by(ReadyText.shortcut, ReadyText.id)


async def views_of(session: AsyncSession, user_id: int, *, roles: Collection[str] | None) -> Sequence[SavedView]:
    """The shared ones, for all or for one of these roles (None: every shared one), and her own, in their order."""
    return (await session.exec(_VIEWS, params=_who(user_id, roles))).all()


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
    return (await session.exec(_READY_TEXTS, params=_who(user_id, roles))).all()


async def ready_text(session: AsyncSession, text_id: int) -> ReadyText | None:
    return await session.get(ReadyText, text_id)


async def has_ready_text(session: AsyncSession, shortcut: str, *, owner_id: int | None) -> bool:
    owned = ReadyText.owner_id.is_(None) if owner_id is None else ReadyText.owner_id == owner_id
    return (await session.exec(select(ReadyText.id).where(ReadyText.shortcut == shortcut, owned))).first() is not None


async def remove_ready_text(session: AsyncSession, text_id: int) -> None:
    await session.exec(delete(ReadyText).where(ReadyText.id == text_id))


async def unread_mentions(
    session: AsyncSession, user_id: int, *, limit: int
) -> Sequence[tuple[Note, Application, str]]:
    """(note, application, name of the writer), the newest first."""
    query = (
        select(Note, Application, User.name)
        .join(Mention, Mention.note_id == Note.id)
        .join(Application, Application.id == Mention.application_id)
        .join(User, User.id == Note.user_id)
        .where(Mention.user_id == user_id, Mention.read_at.is_(None))
        .order_by(Mention.id.desc())
        .limit(limit)
    )
    return (await session.exec(query)).all()


_NAMED_IN = (
    select(Application.id, Application.routed_unit, Application.state)
    .join(Mention, Mention.application_id == Application.id)
    .where(Mention.user_id == bindparam("user_id"), Mention.read_at.is_(None))
)


async def named_in(session: AsyncSession, user_id: int) -> Sequence[Any]:
    """(id, routed unit, state) of the application of each mention that she has not read."""
    return (await session.exec(_NAMED_IN, params={"user_id": user_id})).all()


async def read_mentions(session: AsyncSession, user_id: int, application_id: int, *, at: datetime) -> None:
    """She has opened the application: what named her there is read."""
    query = update(Mention).where(
        Mention.user_id == user_id, Mention.application_id == application_id, Mention.read_at.is_(None)
    )
    await session.exec(query.values(read_at=at))


async def bulk_work(session: AsyncSession, work_id: int) -> BulkWork | None:
    query = select(BulkWork).where(BulkWork.id == work_id).with_for_update()
    return (await session.exec(query)).first()
