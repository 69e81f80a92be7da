"""Every verb asks for the role before anything else; what it does is tested through the pages."""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.rules.permissions import Actor
from inbox.services import applications, checks
from inbox.services.applications import Correction
from models.clock import StillClock
from models.db import Database
from models.enums import ApplicationState, Kind, Outcome, Role, Urgency
from models.errors import ConflictError, ForbiddenError, NotFoundError
from models.profile import Profile
from models.tables import Application
from tests.builders import set_up
from tests.conftest import NOW
from tests.factories import City, make_desk, play
from tests.scenes import ASIDE, SCENES

LABELS = Correction(kind=Kind.REQUEST, topic="su_fatura", unit="izsu", urgency=Urgency.NORMAL)
Verb = Callable[[AsyncSession, Application, Actor, City], Awaitable[object]]
VERBS: dict[str, Verb] = {
    "take": lambda s, one, who, city: applications.take(s, one, who, now=NOW),
    "assign": lambda s, one, who, city: applications.assign(s, one, who, user_id=None, now=NOW),
    "correct": lambda s, one, who, city: applications.correct(
        s, one, who, correction=LABELS, profile=city.desk.profile, seen_version=one.version, now=NOW
    ),
    "answer": lambda s, one, who, city: applications.send_answer(
        s, one, who, text="x", facts=None, seen_version=one.version, now=NOW
    ),
    "undo": lambda s, one, who, city: applications.undo_answer(s, one, who, item_id=1, now=NOW),
    "close": lambda s, one, who, city: applications.close(
        s, one, who, outcome=Outcome.POSITIVE, seen_version=one.version, now=NOW
    ),
    "reopen": lambda s, one, who, city: applications.reopen(s, one, who, now=NOW),
    "check": lambda s, one, who, city: checks.waiting(s, city.checks["kriptokazan"], who),
    "open": lambda s, one, who, city: checks.open_from_check(
        s, city.checks["kriptokazan"], who, labels=LABELS, profile=city.desk.profile, now=NOW
    ),
    "dismiss": lambda s, one, who, city: checks.confirm_dismissal(s, city.checks["kriptokazan"], who, now=NOW),
    "restore": lambda s, one, who, city: checks.undo_dismissal(s, [city.checks["kriptokazan"]], who),
}
NOT_THE_DESK = [
    Role.APPROVER,
    Role.UNIT_USER,
    Role.SURVEY_AGENT,
    Role.FIELD_TEAM,
    Role.QUALITY,
    Role.ADMINISTRATOR,
]


@pytest.fixture
async def city(sqlite_database: Database, profile: Profile) -> City:
    found = City(desk=make_desk(sqlite_database, profile=profile, clock=StillClock(NOW)))
    await set_up(sqlite_database, NOW, SCENES[1].channel, ASIDE[0].channel)
    await play(found, SCENES[1], number=1)
    await play(found, ASIDE[0], number=2)
    return found


def somebody(*roles: Role, unit: str | None = None) -> Actor:
    return Actor(user_id=1, name="Biri", roles=frozenset(roles), unit=unit)


@pytest.mark.parametrize("name", sorted(VERBS))
async def test_only_the_desk_may(city: City, name: str) -> None:
    for role in NOT_THE_DESK:
        async with city.desk.database.read() as session:
            one = await session.get_one(Application, city.applications["deniz.kaya35"])
            with pytest.raises(ForbiddenError):
                await VERBS[name](session, one, somebody(role, unit="izsu"), city)


@pytest.mark.parametrize("name", ["take", "correct", "answer", "close"])
async def test_a_finished_application_takes_no_step(city: City, name: str) -> None:
    async with city.desk.database.read() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        one.state = ApplicationState.CLOSED
        with pytest.raises(ConflictError):
            await VERBS[name](session, one, somebody(Role.CHIEF), city)


async def test_an_open_application_cannot_be_reopened(city: City) -> None:
    async with city.desk.database.read() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        with pytest.raises(ConflictError):
            await VERBS["reopen"](session, one, somebody(Role.AGENT), city)


@pytest.mark.parametrize("name", ["correct", "answer", "close"])
async def test_an_older_version_conflicts(city: City, name: str) -> None:
    async with city.desk.database.read() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        seen = Application(**one.model_dump())
        one.version += 1
        verb = {
            "correct": applications.correct(
                session, one, somebody(Role.AGENT), correction=LABELS, profile=city.desk.profile,
                seen_version=seen.version, now=NOW,
            ),
            "answer": applications.send_answer(
                session, one, somebody(Role.AGENT), text="x", facts=None, seen_version=seen.version, now=NOW
            ),
            "close": applications.close(
                session, one, somebody(Role.AGENT), outcome=Outcome.POSITIVE, seen_version=seen.version, now=NOW
            ),
        }  # fmt: skip
        for other, waiting in verb.items():
            if other != name:
                waiting.close()
        with pytest.raises(ConflictError, match="siz bakarken değişti"):
            await verb[name]


async def test_another_units_application_is_not_there(city: City) -> None:
    async with city.desk.database.read() as session:
        with pytest.raises(NotFoundError):
            await applications.read(session, city.applications["deniz.kaya35"], somebody(Role.UNIT_USER, unit="eshot"))
        with pytest.raises(NotFoundError):
            await applications.read(session, 999, somebody(Role.CHIEF))
