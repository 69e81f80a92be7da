"""Colleagues named in a note with `@login`: they find it in their own list."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import comforts, people
from inbox.rules.permissions import Actor, known_roles
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


async def unread(session: AsyncSession, actor: Actor) -> Sequence[tuple[Mention, Note, Application, str]]:
    """What named her and was not opened yet: (mention, note, application, writer's name), newest first."""
    return await comforts.unread_mentions(session, actor.user_id, limit=MOST_SHOWN)


async def named_in(session: AsyncSession, actor: Actor) -> Sequence[int]:
    """Applications that have named her since she opened them, one for each mention."""
    return await comforts.named_in(session, actor.user_id)


async def read_all_of(session: AsyncSession, application_id: int, actor: Actor, *, now: datetime) -> None:
    await comforts.read_mentions(session, actor.user_id, application_id, at=now)
