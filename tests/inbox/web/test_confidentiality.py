"""The unit never sees who is behind a confidential application; chief or manager may let it look, on record."""

import pytest
from fastapi import FastAPI
from sqlmodel import select

from inbox.repositories import search
from inbox.services import attachments, history, mentions, privacy
from inbox.services.history import HistoryNote
from models.clock import StillClock
from models.enums import ApplicationState, AttachmentKind, Role
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.tables import AccessRecord, Application, FieldCheck, Message, MessageAttachment, Note, Survey
from tests.conftest import NOW
from tests.factories import City, route_to_units
from tests.inbox.web.conftest import LogIn, Visitor
from tests.inbox.web.test_guard import every_route

SECRETS = ("zeynep", "Zeynep", "Koç", "905339998877", "339998877", "533 999", "38.41234", "kimlik-tarama")
PATHS = ("", "/talk", "/side", "/privacy")


@pytest.fixture
async def hidden(city: City) -> int:
    """Zeynep Koç's application, with İZSU, full of hints at her."""
    key = city.applications["Zeynep Koç"]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.routed_unit, one.confidential, one.on_behalf_of = "izsu", True, "Zeynep Koç"
        one.summary = "Ben Zeynep, sığınacak yer arıyorum"
        one.brief = "Zeynep Hanım'a 0533 999 88 77'den ulaşın"
        message = (await session.exec(select(Message).where(Message.application_id == key))).first()
        assert message
        message.text = "Ben ZEYNEP, Koç'lardan. Zeynep'in numarası 0533 999 88 77"
        message.permalink = "https://example.org/zeynepkoc"
        session.add_all([
            one,
            message,
            Note(application_id=key, user_id=1, text="Zeynep aradı", created_at=NOW),
            MessageAttachment(
                message_id=message.id, kind=AttachmentKind.FILE, file_name="zeynep-kimlik-tarama.pdf",
                stored_as="a/1", mime_type="application/pdf", title="Zeynep", url="https://example.org/zeynep",
            ),
            MessageAttachment(
                message_id=message.id, kind=AttachmentKind.LOCATION, latitude=38.41234, longitude=27.1, title="Zeynep"
            ),
        ])  # fmt: skip
        note = HistoryNote(
            application_id=key, actor="bot", action="send_failed", content={"problem": "Zeynep Koç does not exist"}
        )
        await history.append(session, [note], at=NOW)
        await search.index_applications(session, [key])
    return key


async def looks(city: City) -> list[tuple[int, str, str]]:
    async with city.desk.database.read() as session:
        found = (await session.exec(select(AccessRecord).order_by(AccessRecord.id))).all()
    return [(one.user_id, one.what, one.reason) for one in found]


async def every_text(app: FastAPI, visitor: Visitor, key: int) -> str:
    """Everything that this reader can get, by every address that takes no more than an application or an attachment."""
    texts = []
    for method, path in every_route(app):
        if method != "GET" or path in ("/events",) or path.startswith("/webhooks"):
            continue
        for number in (key, 1, 2, 3):
            address = path.format(**dict.fromkeys(_names(path), number))
            response = await visitor.get(address)
            texts.append(f"{address} {response.headers} {response.text}")
    for words in ("Zeynep", "koc", "905339998877", "siginacak"):
        response = await visitor.get(f"/inbox?q={words}")
        assert f'id="row-a{key}"' not in response.text
        texts.append(response.text.replace(words, ""))
    return "\n".join(texts)


def _names(path: str) -> list[str]:
    return [part.split("}")[0] for part in path.split("{")[1:]]


async def test_the_unit_finds_the_citizen_nowhere(app: FastAPI, city: City, logged_in: LogIn, hidden: int) -> None:
    """A confidential application goes to the unit with the citizen hidden, on every page, file and search [İ7d10]."""
    visitor = await logged_in("izsu")
    pages = "".join([(await visitor.get(f"/applications/{hidden}{tail}")).text for tail in PATHS])
    assert "Gizli başvuru sahibi" in pages
    assert "sığınacak yer" in (await visitor.get("/inbox")).text
    everything = await every_text(app, visitor, hidden)
    found = [
        (word, everything[max(0, place - 80) : place + 80]) for word in SECRETS if (place := everything.find(word)) > -1
    ]
    assert found == []


@pytest.mark.parametrize("login", ["izsu", "anket"])
async def test_no_list_of_hers_tells_of_the_citizen(city: City, logged_in: LogIn, hidden: int, login: str) -> None:
    """A note that names her, a look on the spot, a talk: beside the application, too, she stays hidden [İ7d10]."""
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, hidden)
        one.state, one.is_open, one.closed_at = ApplicationState.CLOSED, False, NOW
        note = Note(application_id=hidden, user_id=1, text=f"@{login} Zeynep Koç 0533 999 88 77", created_at=NOW)
        session.add_all([one, note])
        await session.flush()
        await mentions.mention_named(session, note, one, now=NOW)
        session.add_all([
            FieldCheck(application_id=hidden, reason="Zeynep Hanım'ın evi", asked_by=1, asked_at=NOW),
            Survey(application_id=hidden, created_at=NOW, not_before=NOW),
        ])  # fmt: skip
    visitor = await logged_in(login)
    named = (await visitor.get("/mentions")).text
    assert f"/applications/{hidden}" in named
    addresses = ("/surveys", "/field-checks", f"/applications/{hidden}/matter", f"/applications/{hidden}/steps")
    pages = named + "".join([(await visitor.get(address)).text for address in addresses])
    assert [word for word in SECRETS if word in pages] == []


async def test_a_number_still_finds_it(city: City, logged_in: LogIn, hidden: int) -> None:
    async with city.desk.database.read() as session:
        number = (await session.get_one(Application, hidden)).number
    assert f'id="row-a{hidden}"' in (await (await logged_in("izsu")).get(f"/inbox?q={number}")).text


async def test_the_desk_sees_what_it_needs(city: City, logged_in: LogIn, hidden: int) -> None:
    page = (await (await logged_in("elif")).get(f"/applications/{hidden}")).text
    assert "Zeynep" in page
    assert "/files/" in page


async def test_a_look_of_the_chief_needs_a_reason_and_is_recorded(city: City, logged_in: LogIn, hidden: int) -> None:
    """Only chief or manager see the citizen of a confidential application, with a reason; the look stays [İ19h]."""
    address = f"/applications/{hidden}/reveal"
    for login in ("elif", "onay", "izsu", "yonetici"):
        assert (await (await logged_in(login)).post(address, reason="merak ettim")).status_code == 403
    chief = await logged_in("mudur")
    assert (await chief.post(address, reason=" ")).status_code == 422
    assert await looks(city) == []
    assert "Zeynep Koç" in (await chief.post(address, reason="emniyet sordu")).text
    assert await looks(city) == [(city.users["mudur"].id, "confidential", "emniyet sordu")]
    assert "emniyet sordu" in (await chief.get("/privacy/looks")).text
    assert (await (await logged_in("burcu")).get("/privacy/looks")).status_code == 403


async def test_an_ordinary_look_is_recorded_too(city: City, logged_in: LogIn) -> None:
    """Every look at hidden data is recorded [İ19h]."""
    await (await logged_in("elif")).post(f"/applications/{city.applications['deniz.kaya35']}/reveal")
    assert await looks(city) == [(city.users["elif"].id, "citizen", "")]


async def test_the_chief_lets_one_user_look_for_a_day(city: City, logged_in: LogIn, hidden: int) -> None:
    """Chief or manager may lift the hiding for a unit's user, with a reason, for a time [İ7d10, İ7d11]."""
    chief, unit = await logged_in("mudur"), await logged_in("izsu")
    await chief.post(f"/applications/{hidden}/privacy/lift", user=city.users["izsu"].id, reason="adrese gidilecek")
    assert "Zeynep" not in (await unit.get(f"/applications/{hidden}")).text
    seen = (await unit.post(f"/applications/{hidden}/reveal")).text
    assert "Zeynep Koç" in seen
    assert "0533 999 88 77" not in seen
    assert (await looks(city))[-1] == (city.users["izsu"].id, "confidential", "adrese gidilecek")
    clock = city.desk.clock
    assert isinstance(clock, StillClock)
    clock.advance(hours=24)
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, hidden)
        with pytest.raises(ForbiddenError):
            await privacy.reveal_citizen(session, one, city.actor("izsu"), now=clock.now())


async def test_a_permission_is_for_its_unit_and_can_be_taken_back(city: City, logged_in: LogIn, hidden: int) -> None:
    """A permission names its unit or user, is of no use to others, and given twice it is taken back at once [İ7d11]."""
    chief, unit = await logged_in("mudur"), await logged_in("izsu")
    for _ in range(2):
        await chief.post(f"/applications/{hidden}/privacy/lift", user="", reason="adrese gidilecek")
    page = (await chief.get(f"/applications/{hidden}/privacy")).text
    assert "adrese gidilecek" in page
    assert "Kimliği bir kez göster" in (await unit.get(f"/applications/{hidden}/privacy")).text
    other = city.actor("izsu")
    stranger = type(other)(user_id=other.user_id + 1, name="Öteki", roles=frozenset({Role.UNIT_USER}), unit="eshot")
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, hidden)
        with pytest.raises(NotFoundError):
            await privacy.reveal_citizen(session, one, stranger, now=NOW)
        one.routed_unit = "eshot"
        with pytest.raises(ForbiddenError):
            await privacy.reveal_citizen(session, one, stranger, now=NOW)
        one.routed_unit = "izsu"
        await privacy.end_lift(session, one, city.actor("mudur"), key=1, now=NOW)
        with pytest.raises(ForbiddenError):
            await privacy.reveal_citizen(session, one, other, now=NOW)
        with pytest.raises(ConflictError):
            await privacy.end_lift(session, one, city.actor("mudur"), key=1, now=NOW)


async def test_nobody_else_lifts(city: City, hidden: int) -> None:
    """Lifting needs chief or manager, a reason, a unit that has the application, and a user of that unit [İ7d11]."""
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, hidden)
        for login in set(city.users) - {"mudur"}:
            with pytest.raises(ForbiddenError):
                await privacy.lift(session, one, city.actor(login), user_id=None, reason="gerekiyor", now=NOW)
        chief = city.actor("mudur")
        with pytest.raises(InputError, match="Gerekçe"):
            await privacy.lift(session, one, chief, user_id=None, reason="", now=NOW)
        with pytest.raises(InputError, match="birimde değil"):
            await privacy.lift(session, one, chief, user_id=city.users["elif"].id, reason="gerekiyor", now=NOW)
        one.routed_unit = None
        with pytest.raises(ConflictError):
            await privacy.lift(session, one, chief, user_id=None, reason="gerekiyor", now=NOW)


async def test_a_file_is_withheld_and_a_permitted_look_recorded(city: City, hidden: int, logged_in: LogIn) -> None:
    """Files of a confidential application are looked at by permission alone, each look recorded [İ7d10, İ19h]."""
    async with city.desk.database.write() as session:
        unit = city.actor("izsu")
        row = (await session.exec(select(MessageAttachment).where(MessageAttachment.stored_as == "a/1"))).one()
        with pytest.raises(NotFoundError):
            await attachments.stored_file(session, row.id or 0, unit, now=NOW)
        one = await session.get_one(Application, hidden)
        await privacy.lift(session, one, city.actor("mudur"), user_id=None, reason="rapor okunacak", now=NOW)
        assert (await attachments.stored_file(session, row.id or 0, unit, now=NOW)).look_at == hidden
    await (await logged_in("izsu")).get(f"/files/{row.id}")
    assert (await looks(city))[-1][:2] == (city.users["izsu"].id, "file")


async def test_the_desk_hides_and_the_chief_ends_it(city: City, logged_in: LogIn) -> None:
    """The desk hides a citizen who asks for it; only chief or manager end it, with a reason [İ7d10, İ7d11]."""
    key = city.applications["deniz.kaya35"]
    address = f"/applications/{key}/privacy/mark"
    await route_to_units(city, "deniz.kaya35")
    elif_, unit = await logged_in("elif"), await logged_in("izsu")
    assert "Deniz" in (await unit.get(f"/applications/{key}")).text
    assert (await unit.post(address, confidential=1, reason="istiyoruz")).status_code == 403
    assert (await elif_.post(address, confidential=1, reason="kendisi istedi")).status_code == 303
    assert "Deniz" not in (await unit.get(f"/applications/{key}")).text
    assert (await elif_.post(address, confidential=0, reason="yanlışlıkla")).status_code == 403
    chief = await logged_in("mudur")
    assert (await chief.post(address, confidential=0, reason="")).status_code == 422
    assert (await chief.post(address, confidential=0, reason="yanlışlıkla")).status_code == 303
    assert "Deniz" in (await unit.get(f"/applications/{key}")).text


async def test_violence_and_health_are_confidential_from_the_start(city: City) -> None:
    """Violence, health and shelter matters are confidential from the start [İ7d10, İ19h]."""
    assert {"siddet_siginma", "engelli_yasli"} <= city.desk.profile.confidential_topics
    async with city.desk.database.read() as session:
        found = [await session.get_one(Application, city.applications[name]) for name in ("Zeynep Koç", "Fatma Şahin")]
    assert all(one.confidential for one in found)
