"""Units and topics as the administrator changes them: routing, limits and the next start follow."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.repositories import organisation as rows
from inbox.rules.permissions import Actor
from inbox.services import applications, learning, organisation, routing, topics, units
from inbox.services.applications import Correction
from inbox.services.security_events import SHELL
from inbox.services.topics import TopicChange
from inbox.services.units import UnitChange
from inbox.services.users import By
from models.enums import ApplicationState, Kind, Role, UnitKind, Urgency
from models.errors import ConflictError, ForbiddenError, InputError
from models.profile import Profile
from models.tables import Application, SecurityEvent, Topic, Unit
from tests.conftest import NOW
from tests.factories import City, play
from tests.scenes import SCENES

WATER = replace(
    next(scene for scene in SCENES if scene.topic == "su_kesintisi"), who="Yeni Kişi", handle="yenikisi35", sender_id=""
)
NEW = UnitChange(name="Su Müdürlüğü", short_name="Su", contact="0232 000 00 00", integrated=False)


def by(city: City, login: str = "yonetici") -> By:
    return By(actor=city.actor(login), now=NOW, where=SHELL)


def of_topic(**changes: object) -> TopicChange:
    fields = {"name": "Su kesintisi", "unit": "izsu", "other_units": (), "days": None, **changes}
    return TopicChange(**fields)  # type: ignore[arg-type]


async def change_topic(city: City, **changes: object) -> int:
    async with city.desk.database.write() as session:
        profile = city.desk.profile
        return await topics.change(session, "su_kesintisi", of_topic(**changes), profile=profile, by=by(city))


async def water(city: City) -> Application:
    """What a citizen writes now about a water cut."""
    await play(city, WATER, number=900)
    async with city.desk.database.read() as session:
        return await session.get_one(Application, city.applications["yenikisi35"])


async def add_unit(city: City, **changes: object) -> str:
    async with city.desk.database.write() as session:
        return (await units.add(session, UnitKind.DEPARTMENT, replace(NEW, **changes), by=by(city))).id  # type: ignore[arg-type]


async def test_new_applications_follow_a_topic_to_its_new_unit(city: City) -> None:
    """[İ6a5] The machine's routing, its findings and what it is taught follow one plan."""
    assert await add_unit(city) == "su_mudurlugu"
    await change_topic(city, unit="su_mudurlugu", other_units=["ilce"])
    one = await water(city)
    assert (one.topic, one.unit) == ("su_kesintisi", "su_mudurlugu")
    async with city.desk.database.read() as session:
        plan = await topics.read_plan(session, city.desk.profile)
    assert plan.topics["su_kesintisi"].allowed == ("su_mudurlugu", "ilce", "diger_kurum")


async def test_the_desks_word_about_a_moved_topic_still_teaches(city: City) -> None:
    await add_unit(city)
    await change_topic(city, unit="su_mudurlugu")
    key, elif_ = (await water(city)).id or 0, city.actor("elif")
    wanted = Correction(kind=Kind.REQUEST, topic="su_kesintisi", unit="su_mudurlugu", urgency=Urgency.NORMAL)
    async with city.desk.database.write() as session:
        one = await applications.read(session, key, elif_, change=True)
        await applications.correct(
            session, one, elif_, correction=wanted, profile=city.desk.profile, seen_version=one.version, now=NOW
        )
    async with city.desk.database.read() as session:
        until = NOW + timedelta(days=1)
        texts = await learning.settled_texts(session, profile=city.desk.profile, until=until, answered=False)
    (row,) = [row for row in learning.corpus_rows(texts, city.desk.profile) if row["id"] == f"desk-a{key}"]
    assert (row["topic"], row["unit"]) == ("su_kesintisi", "izsu")


async def test_another_limit_moves_open_applications(city: City) -> None:
    """[İ20a] A topic's shorter limit counts for what is open, by the one path, and back again."""
    one = await water(city)
    moved = await change_topic(city, days=5)
    assert moved >= 1
    async with city.desk.database.read() as session:
        shorter = await session.get_one(Application, one.id)
        closed = (await session.exec(select(Application).where(Application.state == ApplicationState.CLOSED))).all()
    assert one.due_at - shorter.due_at == timedelta(days=25)
    assert all(each.topic != "su_kesintisi" or each.due_at - each.received_at > timedelta(days=6) for each in closed)
    assert await change_topic(city) == moved


async def test_what_was_changed_is_not_overwritten_at_the_next_start(city: City, profile: Profile) -> None:
    await add_unit(city)
    await change_topic(city, name="Suyun kesilmesi", unit="su_mudurlugu", days=7)
    async with city.desk.database.write() as session:
        await units.change(session, "izsu", replace(NEW, name="İZSU"), by=by(city))
    async with city.desk.database.write() as session:
        await organisation.seed(session, profile)
    async with city.desk.database.read() as session:
        topic, unit = await session.get_one(Topic, "su_kesintisi"), await session.get_one(Unit, "izsu")
        events = (await session.exec(select(SecurityEvent.detail).order_by(SecurityEvent.id))).all()
    assert (topic.name, topic.unit, topic.days) == ("Suyun kesilmesi", "su_mudurlugu", 7)
    assert (unit.name, unit.integrated, unit.contact) == ("İZSU", False, "0232 000 00 00")
    assert events[-3:] == [
        "birim eklendi: Su Müdürlüğü, yazıyla",
        "su_kesintisi: Su kesintisi; izsu; genel süre → Suyun kesilmesi; su_mudurlugu; 7 gün",
        "İZSU Genel Müdürlüğü, sistemde → İZSU, yazıyla",
    ]


async def test_a_unit_closes_when_nothing_is_left_with_it(city: City) -> None:
    """Refused while it has open applications, saying how many, and while topics go to it."""
    async with city.desk.database.write() as session:
        with pytest.raises(ConflictError, match=r"Birimde \d+ açık başvuru var"):
            await units.close(session, "izsu", by=by(city))
        with pytest.raises(ConflictError, match="konuları başka birime"):
            await units.close(session, "mezarliklar", by=by(city))
        with pytest.raises(ConflictError, match="Kurallar"):
            await units.close(session, "ilce", by=by(city))
    key = await add_unit(city)
    async with city.desk.database.write() as session:
        await units.close(session, key, by=by(city))
    with pytest.raises(InputError):
        await change_topic(city, unit=key)
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        one.unit = key
        with pytest.raises(InputError, match="artık başvuru almıyor"):
            await routing.receiver(session, one)
        await session.rollback()
    async with city.desk.database.write() as session:
        await units.reopen(session, key, by=by(city))
        assert (await rows.unit(session, key) or Unit()).active


async def test_a_closed_unit_is_nobodys_choice(city: City) -> None:
    key = await add_unit(city)
    await change_topic(city, other_units=[key])
    async with city.desk.database.write() as session:
        await units.close(session, key, by=by(city))
    async with city.desk.database.read() as session:
        plan = await topics.read_plan(session, city.desk.profile)
        with pytest.raises(InputError):
            await applications.known_topic(
                session, Correction(kind=Kind.COMPLAINT, topic="su_kesintisi", unit=key, urgency=Urgency.NORMAL)
            )
    assert key not in plan.topics["su_kesintisi"].allowed


async def test_names_make_codes_once(city: City) -> None:
    await add_unit(city)
    with pytest.raises(ConflictError):
        await add_unit(city, name="su müdürlüğü")
    with pytest.raises(InputError):
        await add_unit(city, name="!!!")
    async with city.desk.database.write() as session:
        with pytest.raises(InputError):
            await units.add(session, UnitKind.DISTRICT, NEW, by=by(city))


@pytest.mark.parametrize(
    "changes", [{"name": " "}, {"unit": "yok"}, {"other_units": ["yok"]}, {"days": 0}, {"days": 30}]
)
async def test_a_topic_refuses_what_cannot_be(city: City, changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        await change_topic(city, **changes)


async def test_the_organisation_is_the_administrators(city: City) -> None:
    lead: Actor = city.actor("mudur")
    assert Role.ADMINISTRATOR not in lead.roles
    async with city.desk.database.write() as session:
        with pytest.raises(ForbiddenError):
            await units.add(session, UnitKind.DEPARTMENT, NEW, by=by(city, "mudur"))
        with pytest.raises(ForbiddenError):
            await topics.change(session, "su_kesintisi", of_topic(), profile=city.desk.profile, by=by(city, "mudur"))
