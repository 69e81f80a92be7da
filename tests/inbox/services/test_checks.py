"""Two people before the same message of the check queue."""

import asyncio

import pytest
from sqlmodel import select

from inbox.repositories import conversations
from inbox.rules.permissions import Actor
from inbox.services import checks
from inbox.services.applications import Correction
from models.db import Database
from models.enums import Kind, Role, Urgency
from models.errors import ConflictError
from models.profile import Profile
from models.tables import Application, Message, User
from tests.builders import message, set_up, take_in
from tests.conftest import NOW
from tests.locks import somebody_waits

LABELS = Correction(kind=Kind.COMPLAINT, topic="su_kesintisi", unit="izsu", urgency=Urgency.NORMAL)


async def test_who_comes_second_opens_no_other_application(database: Database, profile: Profile) -> None:
    """One citizen, one matter, one number, though both saw the message waiting."""
    await set_up(database, NOW)
    async with database.write() as session:
        session.add(User(id=1, login="elif", name="Elif", password_hash="", roles=["agent"], created_at=NOW))
    await take_in(database, NOW, message(1, "su yok"))
    async with database.write() as session:
        key = (await session.exec(select(Message.id))).one()
        await conversations.mark_triaged(session, [([key], None)], at=NOW)
        await conversations.set_awaits_check(session, [key], value=True)

    async def open_it(*, first: bool) -> None:
        elif_ = Actor(user_id=1, name="Elif", roles=frozenset({Role.AGENT}), unit=None)
        async with database.write() as session:
            await checks.open_from_check(session, key, elif_, labels=LABELS, profile=profile, now=NOW)
            if first:
                is_open.set()
                await somebody_waits(database)

    is_open = asyncio.Event()
    first = asyncio.create_task(open_it(first=True))
    await is_open.wait()
    with pytest.raises(ConflictError):
        await open_it(first=False)
    await first
    async with database.read() as session:
        assert len((await session.exec(select(Application))).all()) == 1
