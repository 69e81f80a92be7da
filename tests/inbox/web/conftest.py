"""A filled desk for every test, copied from one that is built once; visitors who are logged in."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI

from inbox.services import people
from inbox.web.app import create_app
from inbox.web.guard import COOKIE
from tests.factories import City

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
