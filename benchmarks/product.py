"""The product as a process of its own, reached by simulators of another one over a shared scaled clock.

Started and killed by `benchmarks.faults`; everything it is told stands in one JSON file.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import uvloop
from sqlmodel import select

from bots.classification import ClassifierProcess
from bots.commands.roles import tasks_of
from bots.compose import Installation, add_account, connect_accounts, open_installation
from bots.roles import run_all
from bots.settings import Settings
from connectors.registry import PLATFORMS
from inbox.repositories import accounts, applications, conversations, people
from inbox.rules.permissions import Actor, known_roles
from inbox.services.applications import send_answer
from models.clock import ScaledClock
from models.enums import ApplicationState, ChannelName, Role
from models.errors import ConflictError
from models.tables import Application, User

LOOK_SECONDS = 1.0
ANSWERED_SHARE = 4
"""One application of so many gets an answer written by a person."""
LOGIN = "elif"


async def serve(plan: Mapping[str, Any]) -> None:
    """Everything on, until killed."""
    settings = Settings(
        data_dir=Path(plan["data_dir"]), database_url="", redis_url="", port=plan["port"], secret_key="x" * 40
    )
    installation = await open_installation(settings, clock=ScaledClock(plan["speed"], started=plan["started"]))
    for name, values in plan["accounts"].items():
        platform = PLATFORMS[ChannelName(name)]
        await add_account(installation, platform.settings(**values), name=platform.facts.title)
    await connect_accounts(installation)
    actor = await _agent(installation)
    classifier = ClassifierProcess(Path(plan["model"]), profile=settings.profile)
    await classifier.start()
    await run_all([*tasks_of(installation, None, classifier), lambda: _answer_all(installation, actor)])


async def _agent(installation: Installation) -> Actor:
    """The one who answers; made at the first start, without a password."""
    async with installation.database.write() as session:
        user = await people.by_login(session, LOGIN)
        if user is None:
            user = User(
                login=LOGIN, name="Elif Aydın", password_hash="", roles=[Role.AGENT.value],
                created_at=installation.clock.now(),
            )  # fmt: skip
            session.add(user)
            await session.flush()
    return Actor(user_id=user.id or 0, name=user.name, roles=known_roles(user.roles))


async def _answer_all(installation: Installation, actor: Actor) -> None:
    """Answer every fourth application once, with a text of several pieces where the platform is short of room."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        async with installation.database.read() as session:
            query = select(Application.id).where(
                Application.state == ApplicationState.DRAFT,
                Application.assignee_id.is_(None),
                Application.id % ANSWERED_SHARE == 0,
            )
            waiting = (await session.exec(query.limit(50))).all()
        for application_id in waiting:
            await _answer(installation, actor, application_id)


async def _answer(installation: Installation, actor: Actor, application_id: int) -> None:
    async with installation.database.write() as session:
        one = await applications.application_for_change(session, application_id)
        place = one and await conversations.conversation(session, one.conversation_id or 0)
        if one is None or place is None or one.assignee_id:
            return
        one.assignee_id = actor.user_id
        session.add(one)
        account = await accounts.account(session, place.account_id)
        facts = installation.connectors[place.account_id].facts.surfaces.get(place.surface)
        if account is None or facts is None:
            return
        try:
            await send_answer(
                session, one, actor, text=answer_text(one.number), facts=facts, seen_version=one.version,
                now=installation.clock.now(),
            )  # fmt: skip
        except ConflictError:
            return


def answer_text(number: str) -> str:
    """Every piece of it names the application, so that a piece that came twice is seen."""
    parts = [f"Bilgi {part}: {number} sayılı başvurunuz ilgili birimimizce ele alındı." for part in range(1, 9)]
    return " ".join(parts)


if __name__ == "__main__":
    uvloop.run(serve(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
