"""Logging in by the city's identity provider, against a real one on loopback; what does not hold is refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import select

from bots.oidc import Client, OidcProvider
from bots.queues.local import LocalBus, LocalQueue
from inbox.services import people
from inbox.services.security_events import What
from inbox.web.app import create_app
from inbox.web.desk import Desk
from inbox.web.guard import COOKIE
from models.clock import StillClock
from models.db import Database
from models.profile import Profile
from models.tables import OidcIdentity, SecurityEvent, User
from tests.bots.oidc_simulator import CLIENT_ID, CLIENT_SECRET, OidcSimulator, running

ADDRESS = "http://desk"


@pytest.fixture
async def provider(clock: StillClock) -> AsyncIterator[OidcSimulator]:
    async with running(clock) as simulator:
        yield simulator


@pytest.fixture
async def app(sqlite_database: Database, provider: OidcSimulator, clock: StillClock, profile: Profile) -> FastAPI:
    """Elif works here; she has her city's e-mail address."""
    async with sqlite_database.write() as session:
        fields: Any = {"password": "mavi-vapur-35", "roles": ["agent"], "now": clock.now()}
        await people.add_user(session, login="elif", name="Elif Aydın", email="Elif@example.org", **fields)
        await people.add_user(session, login="burcu", name="Burcu Kaya", email="burcu@example.org", **fields)
    client = Client(issuer=provider.address, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    desk = Desk(
        database=sqlite_database,
        clock=clock,
        profile=profile,
        queue=LocalQueue(),
        bus=LocalBus(),
        sign_on=OidcProvider(client, clock=clock),
    )
    return create_app(desk)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers={"Accept": "text/html"}) as client:
        yield client


async def sign_on(browser: httpx.AsyncClient, provider: OidcSimulator) -> httpx.Response:
    begun = await browser.get("/login/sign-on?next=%2Fprofile%3Fa%3D1%7E")
    assert begun.status_code == 303
    return await browser.get(provider.log_in(begun.headers["location"]))


async def test_a_known_person_is_in(
    browser: httpx.AsyncClient, provider: OidcSimulator, sqlite_database: Database
) -> None:
    assert "Kurumsal hesapla" in (await browser.get("/login")).text
    answer = await sign_on(browser, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/profile?a=1~")
    assert "Elif Aydın" in (await browser.get("/profile")).text
    async with sqlite_database.read() as session:
        linked = (await session.exec(select(OidcIdentity))).one()
        events = (await session.exec(select(SecurityEvent.what))).all()
    assert (linked.issuer, linked.subject) == (provider.address, "subject-1")
    assert list(events) == [What.IDENTITY_LINKED, What.LOG_IN]


async def test_once_known_she_is_known_by_her_subject(browser: httpx.AsyncClient, provider: OidcSimulator) -> None:
    await sign_on(browser, provider)
    browser.cookies.clear()
    provider.claims = {"email": "burcu@example.org"}
    await sign_on(browser, provider)
    assert "Elif Aydın" in (await browser.get("/profile")).text


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "stranger@example.org"},
        {"email": ""},
    ],
)
async def test_nobody_becomes_a_user_by_the_providers_word_alone(
    browser: httpx.AsyncClient, provider: OidcSimulator, sqlite_database: Database, claims: dict[str, object]
) -> None:
    provider.claims = claims
    answer = await sign_on(browser, provider)
    assert answer.status_code == 403
    assert "tanımlı değil" in answer.text
    assert COOKIE not in browser.cookies
    async with sqlite_database.read() as session:
        assert (await session.exec(select(SecurityEvent.what))).all() == [What.IDENTITY_REFUSED]


async def test_two_people_with_one_address_are_not_guessed_apart(
    browser: httpx.AsyncClient, provider: OidcSimulator, sqlite_database: Database
) -> None:
    async with sqlite_database.write() as session:
        burcu = (await session.exec(select(User).where(User.login == "burcu"))).one()
        burcu.email = "elif@example.org"
        session.add(burcu)
    assert (await sign_on(browser, provider)).status_code == 403


async def test_somebody_who_has_left_stays_out(
    browser: httpx.AsyncClient, provider: OidcSimulator, sqlite_database: Database
) -> None:
    await sign_on(browser, provider)
    browser.cookies.clear()
    async with sqlite_database.write() as session:
        user = (await session.exec(select(User).where(User.login == "elif"))).one()
        user.active = False
        session.add(user)
    assert (await sign_on(browser, provider)).status_code == 403


@pytest.mark.parametrize("mistake", ["state", "key", "none", "shared secret", "not json", "too long"])
async def test_a_wrong_answer_is_refused(browser: httpx.AsyncClient, provider: OidcSimulator, mistake: str) -> None:
    """[ASVS 3.5.3]"""
    provider.mistake = mistake
    answer = await sign_on(browser, provider)
    assert answer.status_code == 403
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": ["him", "another"]},
        {"iss": "https://other.example"},
        {"exp": 1_000_000},
        {"exp": "soon"},
        {"iat": 9_999_999_999},
        {"sub": ""},
        {"sub": 7},
    ],
)
async def test_a_token_for_others_or_of_other_times_is_refused(
    browser: httpx.AsyncClient, provider: OidcSimulator, claims: dict[str, object]
) -> None:
    provider.claims = claims
    assert (await sign_on(browser, provider)).status_code == 403
    assert COOKIE not in browser.cookies


async def test_several_audiences_need_us_as_the_authorised_party(
    browser: httpx.AsyncClient, provider: OidcSimulator
) -> None:
    provider.claims = {"aud": ["him", "another"], "azp": "him"}
    assert (await sign_on(browser, provider)).status_code == 303


@pytest.mark.parametrize("mistake", ["issuer", "plain http"])
async def test_a_provider_that_is_another_one_is_not_asked(
    browser: httpx.AsyncClient, provider: OidcSimulator, mistake: str
) -> None:
    provider.mistake = mistake
    answer = await browser.get("/login/sign-on")
    assert answer.status_code == 502
    assert "doğrulanamadı" in answer.text


async def test_only_the_browser_that_began_may_end_it(
    app: FastAPI, browser: httpx.AsyncClient, provider: OidcSimulator
) -> None:
    begun = await browser.get("/login/sign-on")
    back = provider.log_in(begun.headers["location"])
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as other:
        assert (await other.get(back)).status_code == 403


async def test_a_code_is_good_once(browser: httpx.AsyncClient, provider: OidcSimulator) -> None:
    begun = await browser.get("/login/sign-on")
    back = provider.log_in(begun.headers["location"])
    kept = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    browser.cookies.clear()
    browser.cookies.update(kept)
    assert (await browser.get(back)).status_code == 403


async def test_without_a_provider_there_is_nothing_to_see(
    app: FastAPI, browser: httpx.AsyncClient, provider: OidcSimulator
) -> None:
    app.state.desk.sign_on = None
    assert (await browser.get("/login/sign-on")).status_code == 404
    assert "Kurumsal" not in (await browser.get("/login")).text


async def test_a_provider_that_does_not_answer_is_said(
    clock: StillClock, app: FastAPI, browser: httpx.AsyncClient
) -> None:
    listener = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    address = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    client = Client(issuer=address, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    app.state.desk.sign_on = OidcProvider(client, clock=clock)
    answer = await browser.get("/login/sign-on")
    listener.close()
    assert answer.status_code == 502
    assert "ulaşılamadı" in answer.text
