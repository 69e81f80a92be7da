"""The people of the desk: who looks after whom, links shown once, log-ins that end, all of it recorded."""

import re

import httpx
import pytest
from sqlmodel import select

from inbox.services import people
from inbox.services.security_events import What
from models.clock import StillClock
from models.tables import AccountToken, SecurityEvent, User
from tests.factories import PASSWORD, PEOPLE, City
from tests.inbox.web.conftest import LogIn, Visitor
from tests.inbox.web.test_profile import switch_on
from tests.inbox.web.test_session import try_log_in

NEW = "turuncu kedi 7 balkon"
CAREFUL = ("yonetici", "kalite")
DEEDS = ("authorise", "deactivate", "activate", "unlock", "sessions", "second-factor", "link")


async def invite(visitor: Visitor, **fields: object) -> httpx.Response:
    values = {"login": "derya", "name": "Derya Deniz", "email": "derya@example.org", "role_agent": 1, **fields}
    return await visitor.post("/people/new", **values)


def link_in(answer: httpx.Response) -> str:
    found = re.search(r"<code>http://desk(/invitations/[\w-]+)</code>", answer.text)
    assert found, answer.text
    return found[1]


async def stored(city: City, login: str) -> User:
    async with city.desk.database.read() as session:
        return (await session.exec(select(User).where(User.login == login))).one()


async def events_of(city: City, login: str) -> list[str]:
    user = await stored(city, login)
    async with city.desk.database.read() as session:
        query = select(SecurityEvent.what).where(SecurityEvent.user_id == user.id).order_by(SecurityEvent.id)
        return list((await session.exec(query)).all())


@pytest.mark.parametrize("login", sorted(PEOPLE))
async def test_only_those_who_look_after_people_reach_these_pages(city: City, logged_in: LogIn, login: str) -> None:
    """[İ9a8] Only the administrator and, for units' users, quality look after people."""
    visitor, agent = await logged_in(login), city.users["elif"].id
    allowed = {"yonetici"} | ({"kalite"} if login == "kalite" else set())
    for path in ("/people", "/people/new"):
        assert (await visitor.get(path)).status_code == (200 if login in CAREFUL else 403), path
    assert (await visitor.get("/security")).status_code == (200 if login == "yonetici" else 403)
    rule = await visitor.post("/people/second-factor", role_chief=1)
    assert rule.status_code == (303 if login == "yonetici" else 403)
    expected = {"yonetici": 200, "kalite": 404}.get(login, 403)
    assert (await visitor.get(f"/people/{agent}")).status_code == expected
    changed = await visitor.post(f"/people/{agent}", name="Başka", role_administrator=1)
    assert (changed.status_code == 303) == (login == "yonetici")
    for deed in DEEDS:
        answer = await visitor.post(f"/people/{city.users['burcu'].id}/{deed}")
        assert (answer.status_code in (403, 404)) or login in allowed, deed


async def test_an_invitation_becomes_a_person(city: City, logged_in: LogIn, stranger: Visitor) -> None:
    """[ASVS 2.3.1, 2.5.1]"""
    admin = await logged_in("yonetici")
    answer = await invite(admin)
    link = link_in(answer)
    assert (await try_log_in(stranger, "derya", ""))[0] == 401
    assert "Derya Deniz" in (await stranger.get(link)).text
    for again, words in (("başka", "aynı değil"), ("kısa", "en az 12")):
        refused = await stranger.client.post(link, data={"password": again if again == "kısa" else NEW, "again": again})
        assert refused.status_code == 422
        assert words in refused.text
    done = await stranger.client.post(link, data={"password": NEW, "again": NEW})
    assert done.headers["location"] == "/login?chosen=1"
    assert (await stranger.get(link)).status_code == 404
    assert (await try_log_in(stranger, "derya", NEW))[0] == 303
    async with city.desk.database.read() as session:
        tokens = (await session.exec(select(AccountToken))).all()
    assert link.rsplit("/", 1)[1] not in repr(tokens)
    assert await events_of(city, "derya") == [
        What.ADDED, What.LINK_MADE, What.LOG_IN_FAILED, What.PASSWORD_SET, What.LOG_IN
    ]  # fmt: skip


async def test_a_link_dies_after_three_days_and_by_a_newer_one(city: City, logged_in: LogIn, stranger: Visitor) -> None:
    admin = await logged_in("yonetici")
    first = link_in(await invite(admin))
    second = link_in(await admin.post(f"/people/{(await stored(city, 'derya')).id}/link"))
    assert (await stranger.get(first)).status_code == 404
    assert (await stranger.get(second)).status_code == 200
    assert isinstance(city.desk.clock, StillClock)
    city.desk.clock.advance(hours=72)
    assert (await stranger.client.post(second, data={"password": NEW, "again": NEW})).status_code == 404


async def test_a_reset_ends_the_log_ins_only_when_it_is_used(city: City, logged_in: LogIn, stranger: Visitor) -> None:
    admin, elif_ = await logged_in("yonetici"), await logged_in("elif")
    link = link_in(await admin.post(f"/people/{city.users['elif'].id}/link"))
    assert (await elif_.get("/profile")).status_code == 200
    await stranger.client.post(link, data={"password": NEW, "again": NEW})
    assert (await elif_.get("/profile")).status_code == 303
    assert (await try_log_in(stranger, "elif", PASSWORD))[0] == 401


async def test_quality_authorises_the_units_users(city: City, logged_in: LogIn) -> None:
    """[İ9a8] A unit's user whom the administrator has added has no rights until quality has said so."""
    admin, quality = await logged_in("yonetici"), await logged_in("kalite")
    await invite(admin, role_agent="", role_unit_user=1, unit="izsu")
    user = await stored(city, "derya")
    assert not people.actor_of(user).roles
    assert (await admin.post(f"/people/{user.id}/authorise")).status_code == 403
    assert "yetkilendirme bekliyor" in (await quality.get("/people")).text
    assert (await quality.post(f"/people/{user.id}/authorise")).status_code == 303
    user = await stored(city, "derya")
    assert people.actor_of(user).reach.unit == "izsu"
    assert user.authorised_by == city.users["kalite"].id
    await admin.post(f"/people/{user.id}", name=user.name, role_unit_user=1, unit="eshot")
    assert not people.actor_of(await stored(city, "derya")).roles
    assert "Birim HİM Kullanıcısı (izsu) → Birim HİM Kullanıcısı (eshot)" in (await admin.get("/security")).text
    assert "<td>ESHOT</td>" in (await admin.get("/people")).text


async def test_whom_quality_invites_is_authorised_for_a_district_too(city: City, logged_in: LogIn) -> None:
    """[İ9a8] Quality invites units' and districts' users alone, and authorises them by that."""
    quality = await logged_in("kalite")
    assert (await invite(quality)).status_code == 403
    await invite(quality, role_agent="", role_unit_user=1, unit="ilce:Buca")
    assert people.actor_of(await stored(city, "derya")).reach.unit == "ilce:Buca"


async def test_quality_sees_units_users_alone(logged_in: LogIn) -> None:
    """[İ9a8] Quality keeps an eye on units' users, not on the desk's."""
    text = (await (await logged_in("kalite")).get("/people")).text
    assert "İZSU Birim Kullanıcısı" in text
    assert "Elif Aydın" not in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role_agent": ""}, "En az bir rol"),
        ({"name": " "}, "Ad soyad"),
        ({"login": "elif"}, "alınmış"),
        ({"login": "a b"}, "Kullanıcı adı"),
        ({"role_unit_user": 1}, "birimi seçilmelidir"),
    ],
)
async def test_what_is_missing_is_said_and_what_was_typed_stays(
    logged_in: LogIn, fields: dict[str, object], words: str
) -> None:
    answer = await invite(await logged_in("yonetici"), **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert "derya@example.org" in answer.text


async def test_a_change_of_rights_ends_her_log_ins(city: City, logged_in: LogIn) -> None:
    """[ASVS 3.3.1]"""
    admin, elif_ = await logged_in("yonetici"), await logged_in("elif")
    address = f"/people/{city.users['elif'].id}"
    await admin.post(address, name="Elif Ak", role_agent=1)
    assert (await elif_.get("/profile")).status_code == 200
    await admin.post(address, name="Elif Ak", role_agent=1, role_chief=1)
    assert (await elif_.get("/profile")).status_code == 303
    assert (await stored(city, "elif")).roles == ["agent", "chief"]


async def test_somebody_who_leaves_is_out_everywhere(city: City, logged_in: LogIn, stranger: Visitor) -> None:
    admin, elif_ = await logged_in("yonetici"), await logged_in("elif")
    link = link_in(await admin.post(f"/people/{city.users['elif'].id}/link"))
    await admin.post(f"/people/{city.users['elif'].id}/deactivate")
    assert (await elif_.get("/profile")).status_code == 303
    assert (await stranger.get(link)).status_code == 404
    assert (await try_log_in(stranger, "elif"))[0] == 401
    await admin.post(f"/people/{city.users['elif'].id}/activate")
    assert (await try_log_in(stranger, "elif"))[0] == 303


async def test_nothing_is_given_to_somebody_who_has_left(city: City, logged_in: LogIn) -> None:
    admin, lead = await logged_in("yonetici"), await logged_in("burcu")
    choice = f'<option value="{city.users["elif"].id}">Elif Aydın</option>'
    assert choice in (await lead.get("/inbox")).text
    await admin.post(f"/people/{city.users['elif'].id}/deactivate")
    assert choice not in (await lead.get("/inbox")).text


async def test_nobody_changes_her_own_rights_and_an_administrator_stays(city: City, logged_in: LogIn) -> None:
    """[ASVS 4.1.2, 4.3.3]"""
    admin = await logged_in("yonetici")
    own = f"/people/{city.users['yonetici'].id}"
    assert (await admin.post(own, name="Yönetici", role_administrator=1, role_chief=1)).status_code == 403
    assert (await admin.post(f"{own}/deactivate")).status_code == 403
    assert (await admin.post(own, name="Yeni Ad", role_administrator=1)).status_code == 303


async def test_too_many_failures_are_unlocked(city: City, logged_in: LogIn, stranger: Visitor) -> None:
    for _ in range(8):
        await try_log_in(stranger, "elif", "wrong-one")
    assert (await try_log_in(stranger, "elif"))[0] == 429
    await (await logged_in("yonetici")).post(f"/people/{city.users['elif'].id}/unlock")
    assert (await try_log_in(stranger, "elif"))[0] == 303
    assert What.UNLOCKED in await events_of(city, "elif")


async def test_a_lost_second_factor_is_removed_by_the_administrator(
    city: City, logged_in: LogIn, stranger: Visitor
) -> None:
    """[ASVS 2.5.7]"""
    assert isinstance(city.desk.clock, StillClock)
    await switch_on(await logged_in("elif"), city.desk.clock)
    await (await logged_in("yonetici")).post(f"/people/{city.users['elif'].id}/second-factor")
    await try_log_in(stranger, "elif")
    assert (await stranger.get("/inbox")).status_code == 200


async def test_the_record_is_filtered_and_names_who_did_it(city: City, logged_in: LogIn) -> None:
    """[ASVS 7.1.4, 7.3.3]"""
    admin = await logged_in("yonetici")
    await admin.post(f"/people/{city.users['elif'].id}/sessions")
    await admin.post(f"/people/{city.users['burcu'].id}/unlock")
    text = (await admin.get(f"/security?person={city.users['elif'].id}")).text
    assert "işlemi yapan: Yönetici" in text
    assert "Kilit kaldırıldı</td>" not in text
    assert "Kilit kaldırıldı</td>" in (await admin.get("/security?what=unlocked")).text
    assert "Kayıt yok" in (await admin.get("/security?before=0&person=x&what=nonsense")).text


async def test_a_refusal_is_recorded(city: City, logged_in: LogIn) -> None:
    """[ASVS 7.2.2]"""
    await (await logged_in("elif")).get("/people")
    assert await events_of(city, "elif") == [What.FORBIDDEN]


async def test_people_are_found_without_diacritics(logged_in: LogIn) -> None:
    text = (await (await logged_in("yonetici")).get("/people?q=AYDIN")).text
    assert "Elif Aydın" in text
    assert "Burcu Kaya" not in text
