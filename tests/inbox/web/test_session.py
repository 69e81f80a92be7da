"""Logging in and out: what is kept, what is refused, what is said."""

import asyncio
import re
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from inbox.rules.throttle import MOST_PER_LOGIN
from inbox.services.people import digest
from inbox.services.security_events import What
from inbox.web.app import create_app
from inbox.web.guard import COOKIE
from models.clock import StillClock
from models.tables import SecurityEvent, User, UserSession
from tests.factories import PASSWORD, City
from tests.inbox.web.conftest import ADDRESS, BROWSER, LogIn, Visitor


async def try_log_in(visitor: Visitor, login: str, password: str = PASSWORD) -> tuple[int, str]:
    page = await visitor.get("/login")
    found = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert found
    fields = {"login": login, "password": password, "form_token": found[1]}
    response = await visitor.client.post("/login", data=fields)
    return response.status_code, response.text


async def test_the_right_password_opens_a_session(stranger: Visitor, city: City) -> None:
    status, _ = await try_log_in(stranger, " Elif ")
    assert status == 303
    cookie = next(c for c in stranger.client.cookies.jar if c.name == COOKIE)
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "lax"
    async with city.desk.database.read() as session:
        (stored,) = (await session.exec(select(UserSession))).all()
        user = (await session.exec(select(User).where(User.login == "elif"))).one()
    assert stored.token_digest == digest(cookie.value or "")
    assert cookie.value not in (stored.token_digest, stored.csrf_token)
    assert user.password_hash.startswith("$argon2id$")
    assert (await stranger.get("/inbox")).status_code == 200


async def test_cookies_are_secure_where_the_desk_says_so(stranger: Visitor, city: City) -> None:
    city.desk.secure_cookies = True
    stranger.client.base_url = httpx.URL("https://desk")
    response = await stranger.get("/login")
    assert "Secure" in response.headers["set-cookie"]
    assert response.headers["Strict-Transport-Security"]
    await try_log_in(stranger, "elif")
    assert "__Host-" + COOKIE in {cookie.name for cookie in stranger.client.cookies.jar}


@pytest.mark.parametrize(("login", "password"), [("elif", "wrong-one"), ("nobody", PASSWORD), ("", "")])
async def test_wrong_and_unknown_are_told_alike(stranger: Visitor, login: str, password: str) -> None:
    status, text = await try_log_in(stranger, login, password)
    assert status == 401
    assert "Kullanıcı adı ya da parola doğru değil" in text
    assert COOKIE not in stranger.client.cookies


async def test_the_form_needs_its_own_token(stranger: Visitor) -> None:
    await stranger.get("/login")
    response = await stranger.client.post("/login", data={"login": "elif", "password": PASSWORD, "form_token": "x"})
    assert response.status_code == 403
    assert COOKIE not in stranger.client.cookies


async def test_too_many_failures_must_wait(stranger: Visitor, city: City) -> None:
    for _ in range(MOST_PER_LOGIN):
        await try_log_in(stranger, "elif", "wrong-one")
    status, text = await try_log_in(stranger, "elif")
    assert status == 429
    assert "dakika sonra" in text
    assert (await try_log_in(stranger, "burcu"))[0] == 303
    stranger.client.cookies.clear()
    clock = city.desk.clock
    assert isinstance(clock, StillClock)
    clock.advance(minutes=16)
    assert (await try_log_in(stranger, "elif"))[0] == 303


async def test_an_old_hash_is_renewed_by_its_owner(stranger: Visitor, city: City) -> None:
    """[ASVS 6.2.4]"""
    weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    async with city.desk.database.write() as session:
        user = (await session.exec(select(User).where(User.login == "elif"))).one()
        user.password_hash = weak
        session.add(user)
    assert (await try_log_in(stranger, "elif"))[0] == 303
    async with city.desk.database.read() as session:
        kept = (await session.exec(select(User.password_hash).where(User.login == "elif"))).one()
    assert kept != weak
    assert not PasswordHasher().check_needs_rehash(kept)
    stranger.client.cookies.clear()
    assert (await try_log_in(stranger, "elif"))[0] == 303


async def test_a_restart_forgets_no_failure(stranger: Visitor, city: City) -> None:
    """[ASVS 2.2.1]"""
    for _ in range(MOST_PER_LOGIN):
        await try_log_in(stranger, "elif", "wrong-one")
    transport = httpx.ASGITransport(app=create_app(city.desk))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=BROWSER) as client:
        assert (await try_log_in(Visitor(client), "elif"))[0] == 429


async def test_many_tries_at_once_do_not_slip_through(stranger: Visitor) -> None:
    """[ASVS 11.1.6]"""
    page = await stranger.get("/login")
    token = re.search(r'name="form_token" value="([^"]+)"', page.text)
    assert token
    fields = {"login": "elif", "password": "wrong-one", "form_token": token[1]}
    posts = [stranger.client.post("/login", data=fields) for _ in range(MOST_PER_LOGIN + 6)]
    codes = [response.status_code for response in await asyncio.gather(*posts)]
    assert codes.count(401) == MOST_PER_LOGIN
    assert codes.count(429) == 6


async def test_log_ins_and_failures_are_recorded_without_what_was_typed(stranger: Visitor, city: City) -> None:
    """[ASVS 7.1.1, 7.1.3, 7.2.1]"""
    await try_log_in(stranger, "my-secret-typed-here", "wrong-one")
    await try_log_in(stranger, "elif", "wrong-one")
    await try_log_in(stranger, "elif")
    async with city.desk.database.read() as session:
        events = (await session.exec(select(SecurityEvent).order_by(SecurityEvent.id))).all()
    elif_ = city.users["elif"].id
    assert [(event.what, event.user_id) for event in events] == [
        (What.LOG_IN_FAILED, None), (What.LOG_IN_FAILED, elif_), (What.LOG_IN, elif_)
    ]  # fmt: skip
    assert "secret" not in repr(events)
    assert "wrong-one" not in repr(events)


async def test_a_new_log_in_ends_the_one_before(stranger: Visitor, city: City) -> None:
    await try_log_in(stranger, "elif")
    first = stranger.client.cookies[COOKIE]
    page = await stranger.get("/inbox")
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf
    stranger.client.cookies.set("him_form", "known", path="/login")
    fields = {"login": "elif", "password": PASSWORD, "form_token": "known", "csrf": csrf[1]}
    await stranger.client.post("/login", data=fields)
    async with city.desk.database.read() as session:
        digests = (await session.exec(select(UserSession.token_digest))).all()
    assert len(digests) == 1
    assert digest(first) not in digests


async def test_logging_out_ends_the_session_everywhere(logged_in: LogIn, city: City) -> None:
    visitor = await logged_in("elif")
    assert (await visitor.post("/logout")).headers["location"] == "/login"
    async with city.desk.database.read() as session:
        assert not (await session.exec(select(UserSession))).all()
    assert (await visitor.get("/inbox")).status_code == 303


@pytest.mark.parametrize("pause", [timedelta(minutes=31), timedelta(hours=13)])
async def test_idle_and_old_sessions_end(logged_in: LogIn, city: City, pause: timedelta) -> None:
    visitor = await logged_in("elif")
    clock = city.desk.clock
    assert isinstance(clock, StillClock)
    clock.advance(seconds=pause.total_seconds())
    assert (await visitor.get("/inbox")).status_code == 303


async def test_somebody_who_has_left_is_out_at_once(logged_in: LogIn, city: City) -> None:
    visitor = await logged_in("elif")
    async with city.desk.database.write() as session:
        user = await session.get(User, city.users["elif"].id)
        assert user
        user.active = False
        session.add(user)
    assert (await visitor.get("/inbox")).status_code == 303


@pytest.mark.parametrize(
    ("asked_for", "leads_to"),
    [
        ("/applications/3?view=mine", "/applications/3?view=mine"),
        ("https://elsewhere.example/inbox", "/inbox"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/elsewhere.example"),
        ("javascript:alert(1)", "/alert(1)"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
async def test_she_comes_back_to_where_she_was_and_nowhere_else(
    stranger: Visitor, asked_for: str, leads_to: str
) -> None:
    """[ASVS 5.1.5] An address that others made leads to no other site."""
    page = await stranger.client.get("/login", params={"next": asked_for})
    fields = dict(re.findall(r'name="(form_token|next)" value="([^"]*)"', page.text))
    assert fields["next"] == leads_to
    sent = {"login": "elif", "password": PASSWORD, **fields, "next": asked_for}
    response = await stranger.client.post("/login", data=sent)
    assert (response.status_code, response.headers["location"]) == (303, leads_to)


async def test_a_closed_page_is_remembered_by_the_form(stranger: Visitor) -> None:
    here = "/login?next=%2Fapplications%2F3%3Fview%3Dmine"
    assert (await stranger.get("/applications/3?view=mine")).headers["location"] == here
    headers = {"HX-Request": "true", "HX-Current-URL": f"{ADDRESS}/applications/3?view=mine"}
    assert (await stranger.client.post("/applications/3/note", headers=headers)).headers["HX-Redirect"] == here
    refused = await stranger.client.post("/register", headers={"Referer": f"{ADDRESS}/register"})
    assert refused.status_code == 401
    assert 'href="/register">Geldiğiniz sayfaya dön' in refused.text


async def test_htmx_is_sent_to_the_form_by_its_own_header(stranger: Visitor) -> None:
    response = await stranger.get("/inbox/fresh", part=True)
    assert (response.status_code, response.headers["HX-Redirect"]) == (401, "/login")


async def test_demo_users_stand_on_the_form_only_in_the_demo(stranger: Visitor, city: City) -> None:
    assert "Deneme kullanıcıları" not in (await stranger.get("/login")).text
    city.desk.demo_logins = {"elif": "gizli-1"}
    text = (await stranger.get("/login")).text
    assert "Deneme kullanıcıları" in text
    assert "gizli-1" in text
