"""Colleagues named in a note with `@login`: they find it in their own list."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import comforts, people
from inbox.rules.masking import mask_text
from inbox.rules.permissions import Actor, known_roles
from inbox.services.hiding import veil_for
from models.tables import Application, Mention, Note

_NAMED = re.compile(r"(?<![\w@])@([\w.-]{2,60})")
MOST_SHOWN = 50


async def mention_named(session: AsyncSession, note: Note, application: Application, *, now: datetime) -> list[int]:
    """Tell those whom the note names and who may see the application; their ids."""
    logins = {name.lower().rstrip(".-") for name in _NAMED.findall(note.text)}
    if not logins:
        return []
    told = []
    for user in await people.by_logins(session, logins):
        reader = Actor(user_id=user.id or 0, name=user.name, roles=known_roles(user.roles), unit=user.unit)
        if user.active and user.id != note.user_id and reader.may_see(application):
            told.append(reader.user_id)
    session.add_all(
        Mention(note_id=note.id or 0, application_id=application.id or 0, user_id=user_id, created_at=now)
        for user_id in told
    )
    return told


async def unread(session: AsyncSession, actor: Actor) -> list[tuple[Application, str, Note, str]]:
    """What named her, was not opened yet and is there for her still, newest first.

    Each as (application, writer's name, note, its text as she may read it).
    """
    found = await comforts.unread_mentions(session, actor.user_id, limit=MOST_SHOWN)
    return [
        (application, writer, note, await _text(session, note, application, actor))
        for note, application, writer in found
        if actor.may_see(application)
    ]


async def _text(session: AsyncSession, note: Note, application: Application, actor: Actor) -> str:
    veil = await veil_for(session, actor, application)
    return veil.text(note.text) if veil else mask_text(note.text, actor, confidential=application.confidential)


async def named_in(session: AsyncSession, actor: Actor) -> Sequence[int]:
    """Applications there for her that have named her since she opened them, one for each mention."""
    return [one.id for one in await comforts.named_in(session, actor.user_id) if actor.may_see(one)]


async def read_all_of(session: AsyncSession, application_id: int, actor: Actor, *, now: datetime) -> None:
    await comforts.read_mentions(session, actor.user_id, application_id, at=now)
