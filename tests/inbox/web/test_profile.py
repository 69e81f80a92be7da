"""A person's own page: password, second factor, where she is logged in."""

import re

import pyotp
import pytest
from sqlmodel import select

from inbox.services import second_factor
from inbox.web.guard import COOKIE
from models.clock import StillClock
from models.enums import Role
from models.tables import UserSession
from tests.factories import PASSWORD, City
from tests.inbox.web.conftest import LogIn, Visitor
from tests.inbox.web.test_session import try_log_in

NEW = "turuncu kedi 7 balkon"


async def csrf_of(visitor: Visitor, address: str) -> str:
    text = (await visitor.get(address)).text
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found, text
    return found[1]


async def switch_on(visitor: Visitor, clock: StillClock) -> pyotp.TOTP:
    """Scan and give the first code, as the page asks."""
    text = (await visitor.get("/profile/second-factor")).text
    found = re.search(r"<code>([A-Z2-7]{32})</code>", text)
    assert found
    totp = pyotp.TOTP(found[1])
    answer = await visitor.post("/profile/second-factor", code=totp.at(clock.now()))
    assert "Kurtarma kodlarınız" in answer.text
    visitor.csrf = await csrf_of(visitor, "/profile")
    return totp


@pytest.fixture
def clock(city: City) -> StillClock:
    assert isinstance(city.desk.clock, StillClock)
    return city.desk.clock


async def test_everybody_has_a_profile(logged_in: LogIn, city: City) -> None:
    for login in city.users:
        text = (await (await logged_in(login)).get("/profile")).text
        assert city.users[login].name in text


async def test_a_new_password_ends_all_other_log_ins(logged_in: LogIn, stranger: Visitor) -> None:
    """[ASVS 2.1.5, 2.1.6, 3.3.3]"""
    here, elsewhere = await logged_in("elif"), await logged_in("elif")
    before = here.client.cookies[COOKIE]
    answer = await here.post("/profile/password", old=PASSWORD, new=NEW, again=NEW)
    assert answer.status_code == 303
    assert answer.cookies[COOKIE] != before
    assert (await elsewhere.get("/profile")).status_code == 303
    assert (await try_log_in(stranger, "elif", PASSWORD))[0] == 401
    assert (await try_log_in(stranger, "elif", NEW))[0] == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("wrong-one", NEW, NEW, "Parolanız doğru değil"),
        (PASSWORD, NEW, "other", "iki yazılışı aynı değil"),
        (PASSWORD, "kısa", "kısa", "en az 12"),
        (PASSWORD, PASSWORD, PASSWORD, "eskisiyle aynı"),
        (PASSWORD, "galatasaray1905", "galatasaray1905", "kolay tahmin"),
        (PASSWORD, "elif ile deniz", "elif ile deniz", "adınızı içermemelidir"),
    ],
)
async def test_a_password_is_changed_only_by_who_knows_the_old_one(
    logged_in: LogIn, old: str, new: str, again: str, words: str
) -> None:
    """[ASVS 2.1.1, 2.1.6, 2.1.7]"""
    visitor = await logged_in("elif")
    answer = await visitor.post("/profile/password", old=old, new=new, again=again)
    assert answer.status_code == 422
    assert words in answer.text
    assert (await visitor.get("/profile")).status_code == 200


async def test_shortcuts_of_one_key_can_be_switched_off(logged_in: LogIn) -> None:
    """[WCAG 2.1.4] Hers alone, wherever she logs in; the sheet of keys says so."""
    elif_, burcu = await logged_in("elif"), await logged_in("burcu")
    assert "data-no-single-keys" not in (await elif_.get("/inbox")).text
    answer = await elif_.post("/profile/keys")
    assert answer.headers["location"] == "/profile?told=keys"
    for address in ("/inbox", "/profile"):
        page = (await (await logged_in("elif")).get(address)).text
        assert " data-no-single-keys>" in page
        assert "Tek tuşlu kısayollar kapalı" in page
    assert "data-no-single-keys" not in (await burcu.get("/inbox")).text
    await elif_.post("/profile/keys", single=1)
    assert "data-no-single-keys" not in (await elif_.get("/inbox")).text


async def test_log_ins_are_listed_and_ended(logged_in: LogIn, city: City) -> None:
    """[ASVS 3.3.4]"""
    here, there, third = await logged_in("elif"), await logged_in("elif"), await logged_in("elif")
    text = (await here.get("/profile")).text
    marks = re.findall(r'name="mark" value="(\w{16})"', text)
    assert len(marks) == 2
    assert "bu oturum" in text
    refused = await here.post("/profile/sessions", mark=marks[0], password="wrong-one")
    assert refused.status_code == 422
    await here.post("/profile/sessions", mark=marks[0], password=PASSWORD)
    assert sum([(await one.get("/profile")).status_code == 200 for one in (there, third)]) == 1
    await here.post("/profile/sessions", mark="others", password=PASSWORD)
    async with city.desk.database.read() as session:
        left = (await session.exec(select(UserSession).where(UserSession.user_id == city.users["elif"].id))).all()
    assert len(left) == 1
    assert (await here.get("/profile")).status_code == 200


async def test_nobody_ends_somebody_elses_log_in(logged_in: LogIn, city: City) -> None:
    """[ASVS 4.2.1]"""
    burcu, elif_ = await logged_in("burcu"), await logged_in("elif")
    async with city.desk.database.read() as session:
        query = select(UserSession.token_digest).where(UserSession.user_id == city.users["burcu"].id)
        digest = (await session.exec(query)).one()
    answer = await elif_.post("/profile/sessions", mark=digest[:16], password=PASSWORD)
    assert answer.status_code == 404
    assert (await burcu.get("/profile")).status_code == 200


async def test_with_a_second_factor_the_password_alone_opens_nothing(
    logged_in: LogIn, stranger: Visitor, clock: StillClock
) -> None:
    totp = await switch_on(await logged_in("elif"), clock)
    clock.advance(minutes=2)
    assert (await try_log_in(stranger, "elif"))[0] == 303
    for path in ("/inbox", "/profile", "/events", "/applications/1", "/profile/second-factor"):
        assert (await stranger.get(path)).headers["location"].partition("?")[0] == "/login/code"
    waiting = stranger.client.cookies[COOKIE]
    token = await csrf_of(stranger, "/login/code")
    wrong = await stranger.client.post("/login/code", data={"code": "000000", "csrf": token})
    assert wrong.status_code == 401
    fields = {"code": totp.at(clock.now()), "csrf": token, "next": "/applications/3"}
    right = await stranger.client.post("/login/code", data=fields)
    assert (right.status_code, right.headers["location"]) == (303, "/applications/3")
    assert right.cookies[COOKIE] != waiting
    assert (await stranger.get("/inbox")).status_code == 200


async def test_a_waiting_log_in_dies_soon(logged_in: LogIn, stranger: Visitor, clock: StillClock) -> None:
    await switch_on(await logged_in("elif"), clock)
    await try_log_in(stranger, "elif")
    clock.advance(minutes=11)
    assert (await stranger.get("/login/code")).headers["location"] == "/login"


async def test_codes_are_throttled_like_passwords(logged_in: LogIn, stranger: Visitor, clock: StillClock) -> None:
    """[ASVS 2.2.1]"""
    totp = await switch_on(await logged_in("elif"), clock)
    clock.advance(minutes=2)
    await try_log_in(stranger, "elif")
    token = await csrf_of(stranger, "/login/code")
    codes = []
    for _ in range(9):
        codes.append((await stranger.client.post("/login/code", data={"code": "000000", "csrf": token})).status_code)
    assert codes == [401] * 8 + [429]
    late = await stranger.client.post("/login/code", data={"code": totp.at(clock.now()), "csrf": token})
    assert late.status_code == 429


async def test_a_role_that_needs_a_second_factor_sets_it_up_first(
    stranger: Visitor, city: City, clock: StillClock
) -> None:
    """[ASVS 4.3.1]"""
    async with city.desk.database.write() as session:
        await second_factor.require_for(session, [Role.ADMINISTRATOR])
    assert (await try_log_in(stranger, "yonetici"))[0] == 303
    for path in ("/accounts", "/people", "/profile"):
        assert (await stranger.get(path)).headers["location"] == "/profile/second-factor"
    stranger.csrf = await csrf_of(stranger, "/profile/second-factor")
    await switch_on(stranger, clock)
    assert (await stranger.get("/people")).status_code == 200


async def test_new_recovery_codes_and_switching_off_need_a_code(logged_in: LogIn, clock: StillClock) -> None:
    """[ASVS 3.7.1]"""
    visitor = await logged_in("elif")
    totp = await switch_on(visitor, clock)
    assert (await visitor.post("/profile/second-factor", what="off", code="000000")).status_code == 422
    clock.advance(minutes=2)
    fresh = await visitor.post("/profile/second-factor", what="codes", code=totp.at(clock.now()))
    assert "Kurtarma kodlarınız" in fresh.text
    clock.advance(minutes=2)
    off = await visitor.post("/profile/second-factor", what="off", code=totp.at(clock.now()))
    assert off.status_code == 303
    assert "Kapalı. Açarsanız" in (await visitor.get("/profile")).text
