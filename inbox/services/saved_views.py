"""Lists that people come back to: their own and the desk's."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import comforts
from inbox.rules.permissions import Action, Actor
from models.errors import ForbiddenError, InputError, NotFoundError
from models.tables import SavedView

MOST = 30
"""Of one owner; more is no longer a choice but a search."""
LONGEST_NAME = 60


async def views(session: AsyncSession, actor: Actor) -> Sequence[SavedView]:
    """The desk's views first, then her own."""
    return await comforts.views_of(session, actor.user_id)


async def save(
    session: AsyncSession, actor: Actor, *, name: str, params: Mapping[str, str], shared: bool, now: datetime
) -> SavedView:
    """Keep a list under a name. Sharing it with the desk needs the right to assign (team leads)."""
    owner = None if shared else actor.user_id
    if shared:
        actor.require(Action.ASSIGN)
    count = await comforts.count_views(session, owner)
    if count >= MOST:
        raise InputError(f"En çok {MOST} görünüm saklanabilir; önce kullanmadığınız birini siliniz.")
    made = SavedView(owner_id=owner, name=_name(name), params=dict(params), position=count, created_at=now)
    session.add(made)
    await session.flush()
    return made


async def remove(session: AsyncSession, view_id: int, actor: Actor) -> None:
    """Her own, or, for those who share views, the desk's."""
    found = await comforts.view(session, view_id)
    if found is None or found.owner_id not in (None, actor.user_id):
        raise NotFoundError("Bu görünüm yok ya da sizin değil.")
    if found.owner_id is None and not actor.may(Action.ASSIGN):
        raise ForbiddenError("Ortak görünümleri takım liderleri silebilir.")
    await comforts.remove_view(session, view_id)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InputError("Görünüme bir ad veriniz.")
    if len(name) > LONGEST_NAME:
        raise InputError(f"Görünümün adı en çok {LONGEST_NAME} karakter olabilir.")
    return name
