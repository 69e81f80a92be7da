"""A filled desk for every test, copied from one that is built once; visitors who are logged in."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bots.secret_files import FileSecretStore
from inbox.services import people
from inbox.web.app import create_app
from inbox.web.guard import COOKIE
from models.clock import StillClock
from models.db import Database
from models.profile import Profile, load_profile
from tests.conftest import NOW
from tests.factories import City, build_city

ADDRESS = "http://desk"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclass(slots=True)
class Visitor:
    """Somebody at a browser. Her posts carry the CSRF token of her session."""

    client: httpx.AsyncClient
    csrf: str = ""

    async def get(self, address: str, *, part: bool = False) -> httpx.Response:
        return await self.client.get(address, headers={"HX-Request": "true"} if part else {})

    async def post(self, address: str, *, part: bool = False, **fields: object) -> httpx.Response:
        headers = {"HX-Request": "true"} if part else {}
        data = {"csrf": self.csrf, **{name: str(value) for name, value in fields.items()}}
        return await self.client.post(address, data=data, headers=headers)

    async def version(self, application_id: int) -> int:
        """The version that her open page knows."""
        page = await self.get(f"/applications/{application_id}")
        found = re.search(r'name="version"[^>]*value="(\d+)"', page.text)
        assert found
        return int(found[1])


LogIn = Callable[[str], Awaitable[Visitor]]


@pytest.fixture(scope="session")
def city_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, City]:
    path = tmp_path_factory.mktemp("city") / "city.sqlite3"
    shutil.copy(sqlite_template, path)
    return path, asyncio.run(_build(path))


async def _build(path: Path) -> City:
    database = Database(f"sqlite:///{path}")
    city = await build_city(database, profile=load_profile("izmir"), clock=StillClock(NOW))
    await database.close()
    return city


@pytest.fixture
async def city(city_template: tuple[Path, City], tmp_path: Path, profile: Profile) -> AsyncIterator[City]:
    """A copy of the city with a database and a clock of its own, at `NOW`."""
    path, built = city_template
    shutil.copy(path, tmp_path / "city.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'city.sqlite3'}")
    connectors = dict(built.desk.connectors)
    desk = replace(
        built.desk,
        database=database,
        clock=StillClock(NOW),
        profile=profile,
        connectors=connectors,
        secrets=FileSecretStore(tmp_path / "secrets.json"),
    )
    yield replace(built, desk=desk, applications=dict(built.applications), checks=dict(built.checks))
    await database.close()


@pytest.fixture
def app(city: City) -> FastAPI:
    return create_app(city.desk)


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[Visitor]:
    """Nobody is logged in."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=BROWSER) as client:
        yield Visitor(client)


@pytest.fixture
async def logged_in(app: FastAPI, city: City) -> AsyncIterator[LogIn]:
    """Logs somebody in by name, without a password's hash."""
    clients: list[httpx.AsyncClient] = []

    async def log_in(login: str) -> Visitor:
        now = city.desk.clock.now()
        async with city.desk.database.write() as session:
            token = await people.log_in(session, city.users[login], now=now)
            found = await people.read_log_in(session, token, now=now)
        assert found
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        clients.append(
            httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=BROWSER, cookies={COOKIE: token})
        )
        return Visitor(clients[-1], found.csrf_token)

    yield log_in
    for client in clients:
        await client.aclose()
