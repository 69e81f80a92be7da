"""Lists that people come back to: their own and the desk's."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import comforts
from inbox.rules.permissions import ROLE_ACTIONS, Action, Actor
from models.enums import Role
from models.errors import ForbiddenError, InputError, NotFoundError
from models.tables import SavedView

MOST = 30
"""Of one owner; more is no longer a choice but a search."""
LONGEST_NAME = 60
READERS = tuple(
    role for role in Role if ROLE_ACTIONS[role] & {Action.SEE_INBOX, Action.SEE_OWN_UNIT, Action.SEE_ANSWERED}
)
"""Roles that have a list; a view can be shared with one of them."""


async def views(session: AsyncSession, actor: Actor) -> Sequence[SavedView]:
    """Those shared with all or with a role of hers first, then her own."""
    return await comforts.views_of(session, actor.user_id, roles=actor.roles)


async def listed_views(session: AsyncSession, actor: Actor) -> Sequence[SavedView]:
    """Her views; for who shares them, every shared one."""
    return await comforts.views_of(session, actor.user_id, roles=None if may_share(actor) else actor.roles)


def may_share(actor: Actor) -> bool:
    """Team leads, who assign, and the administrator."""
    return actor.may(Action.ASSIGN) or actor.may(Action.MANAGE_ORGANISATION)


async def save(
    session: AsyncSession,
    actor: Actor,
    *,
    name: str,
    params: Mapping[str, str],
    shared: bool,
    now: datetime,
    role: Role | None = None,
) -> SavedView:
    """Keep a list under a name; shared with the desk, or with one role of it, by those who may."""
    owner = None if shared else actor.user_id
    if shared and not may_share(actor):
        raise ForbiddenError("Ortak görünümleri takım liderleri ve yönetici ekler.")
    if role is not None and role not in READERS:
        raise InputError("Görünüm, başvuru listesi olan bir rol için olabilir.")
    count = await comforts.count_views(session, owner)
    if count >= MOST:
        raise InputError(f"En çok {MOST} görünüm saklanabilir; önce kullanmadığınız birini siliniz.")
    made = SavedView(owner_id=owner, role=role, name=_name(name), params=dict(params), position=count, created_at=now)
    session.add(made)
    await session.flush()
    return made


async def rename(session: AsyncSession, view_id: int, actor: Actor, *, name: str) -> None:
    """Her own, or, for those who share views, the desk's."""
    found = await _to_change(session, view_id, actor)
    found.name = _name(name)
    session.add(found)


async def remove(session: AsyncSession, view_id: int, actor: Actor) -> None:
    """As `rename`."""
    await _to_change(session, view_id, actor)
    await comforts.remove_view(session, view_id)


async def _to_change(session: AsyncSession, view_id: int, actor: Actor) -> SavedView:
    found = await comforts.view(session, view_id)
    if found is None or found.owner_id not in (None, actor.user_id):
        raise NotFoundError("Bu görünüm yok ya da sizin değil.")
    if found.owner_id is None and not may_share(actor):
        raise ForbiddenError("Ortak görünümleri takım liderleri ve yönetici değiştirebilir.")
    return found


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InputError("Görünüme bir ad veriniz.")
    if len(name) > LONGEST_NAME:
        raise InputError(f"Görünümün adı en çok {LONGEST_NAME} karakter olabilir.")
    return name
