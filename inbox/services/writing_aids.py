"""What helps while writing: texts that are not sent yet, and ready-made ones."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import comforts
from inbox.rules.permissions import ROLE_ACTIONS, Action, Actor
from inbox.services.telling import LONGEST_TEXT
from models.enums import Role
from models.errors import ForbiddenError, InputError, NotFoundError
from models.tables import Application, ReadyText, UnsentText
from models.turkish import skeleton

LONGEST_SHORTCUT = 30
WRITERS = tuple(role for role in Role if Action.ANSWER in ROLE_ACTIONS[role])
"""Roles that a text can be shared with."""
_SHORTCUT = re.compile(r"[a-z0-9-]+")


async def keep_unsent(
    session: AsyncSession, application: Application, actor: Actor, *, text: str, now: datetime
) -> None:
    """Keep what she has written so far; an empty text forgets it."""
    actor.require(Action.ANSWER)
    kept = UnsentText(application_id=application.id or 0, user_id=actor.user_id, text=text[:LONGEST_TEXT], saved_at=now)
    await comforts.keep_unsent(session, kept)


async def unsent(session: AsyncSession, application_id: int, actor: Actor) -> UnsentText | None:
    return await comforts.unsent(session, application_id, actor.user_id)


async def forget_unsent(session: AsyncSession, application: Application, actor: Actor) -> None:
    """It has been sent."""
    await comforts.forget_unsent(session, application.id or 0, actor.user_id)


async def ready_texts(session: AsyncSession, actor: Actor) -> Sequence[ReadyText]:
    """Those that she writes with: shared with all or with a role of hers, and her own, by their short names."""
    actor.require(Action.ANSWER)
    return await comforts.ready_texts(session, actor.user_id, roles=actor.roles)


async def listed_texts(session: AsyncSession, actor: Actor) -> Sequence[ReadyText]:
    """Those that she writes with; for who shares texts, every shared one."""
    if not may_share(actor):
        return await ready_texts(session, actor)
    return await comforts.ready_texts(session, actor.user_id, roles=None)


def may_share(actor: Actor) -> bool:
    """Team leads and the administrator, who edit Akıl Kutusu."""
    return actor.may(Action.EDIT_KNOWLEDGE)


async def save_ready_text(
    session: AsyncSession,
    actor: Actor,
    *,
    shortcut: str,
    title: str,
    text: str,
    shared: bool,
    now: datetime,
    role: Role | None = None,
) -> ReadyText:
    """Shared with the desk, or with one role of it, by those who may. The short name is folded."""
    if not shared:
        actor.require(Action.ANSWER)
    elif not may_share(actor):
        raise ForbiddenError("Ortak hazır metinleri takım liderleri ve yönetici ekler.")
    if role is not None and role not in WRITERS:
        raise InputError("Hazır metin, cevap yazan bir rol için olabilir.")
    made = ReadyText(owner_id=None if shared else actor.user_id, role=role, shortcut="", title="", created_at=now)
    await _write(session, made, shortcut=shortcut, title=title, text=text)
    await session.flush()
    return made


async def change_ready_text(
    session: AsyncSession, actor: Actor, text_id: int, *, shortcut: str, title: str, text: str
) -> None:
    """In its place; who uses it stays."""
    await _write(session, await _hers(session, text_id, actor), shortcut=shortcut, title=title, text=text)


async def remove_ready_text(session: AsyncSession, text_id: int, actor: Actor) -> None:
    await _hers(session, text_id, actor)
    await comforts.remove_ready_text(session, text_id)


async def _write(session: AsyncSession, ready: ReadyText, *, shortcut: str, title: str, text: str) -> None:
    short = shortcut_of(shortcut)
    if not title.strip() or not text.strip():
        raise InputError("Hazır metnin başlığı ve içeriği boş olamaz.")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"Hazır metin en çok {LONGEST_TEXT} karakter olabilir.")
    if short != ready.shortcut and await comforts.has_ready_text(session, short, owner_id=ready.owner_id):
        raise InputError(f"/{short} kısayolu zaten kullanılıyor; başka bir kısayol seçiniz.")
    ready.shortcut, ready.title, ready.text = short, title.strip(), text.strip()
    session.add(ready)


async def _hers(session: AsyncSession, text_id: int, actor: Actor) -> ReadyText:
    """A text that she may change."""
    found = await comforts.ready_text(session, text_id)
    if found is None or found.owner_id not in (None, actor.user_id):
        raise NotFoundError("Bu hazır metin yok ya da sizin değil.")
    if found.owner_id is None and not may_share(actor):
        raise ForbiddenError("Ortak hazır metinleri takım liderleri ve yönetici değiştirir, siler.")
    return found


def shortcut_of(typed: str) -> str:
    """`/Su Kesintisi` and `su-kesintisi` are one short name. Raises InputError where nothing is left."""
    parts = _SHORTCUT.findall(skeleton(typed.strip().lstrip("/")))
    short = "-".join(parts)[:LONGEST_SHORTCUT].strip("-")
    if not short:
        raise InputError("Kısayol harf ya da rakam içermelidir, örneğin /su-kesintisi.")
    return short
