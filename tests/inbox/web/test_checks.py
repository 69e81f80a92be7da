"""The check queue through its page: opened or dismissed by a person, and both on record."""

import pytest
from sqlmodel import select

from models.enums import ApplicationState, Kind, Purpose
from models.tables import Application, ClassificationRecord, HistoryEntry, Message, OutboxItem
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor

LABELS = {"kind": "ihbar", "topic": "isgal_seyyar", "unit": "zabita", "urgency": "normal", "district": "Konak"}


@pytest.fixture
async def elif_(logged_in: LogIn) -> Visitor:
    return await logged_in("elif")


async def waiting(city: City, name: str) -> Message:
    async with city.desk.database.read() as session:
        found = await session.get(Message, city.checks[name])
    assert found
    return found


async def test_the_queue_lists_messages_and_doubtful_applications(city: City, elif_: Visitor) -> None:
    text = (await elif_.get("/inbox?view=review")).text
    for key in (*(f"m{one}" for one in city.checks.values()), f"a{city.applications['Cem Öz']}"):
        assert f'id="row-{key}"' in text
    assert f'id="row-a{city.applications["deniz.kaya35"]}"' not in text
    assert "Kontrol bekleyen <b>4</b>" in text


async def test_a_message_is_shown_with_the_machines_reasons(city: City, elif_: Visitor) -> None:
    text = (await elif_.get(f"/checks/{city.checks['kriptokazan']}?view=review")).text
    assert "Günde 5000 TL kazanmak" in text
    assert "yapılacak bir iş görmüyor (%94)" in text
    assert "kripto k•••" in text


async def test_dismissing_is_recorded_with_a_name(city: City, elif_: Visitor) -> None:
    key = city.checks["kriptokazan"]
    response = await elif_.post(f"/checks/{key}/dismiss", part=True)
    assert not (await waiting(city, "kriptokazan")).awaits_check
    async with city.desk.database.read() as session:
        query = select(ClassificationRecord).where(ClassificationRecord.message_id == key)
        machine, person = (await session.exec(query.order_by(ClassificationRecord.id))).all()
    assert machine.corrected_by is None
    assert (person.kind, person.corrected_by) == (Kind.INVALID, city.users["elif"].id)
    assert f'id="row-m{key}" hx-swap-oob="delete"' in response.text
    assert "Sıradaki mesaj" in response.text
    assert f"/checks/{city.checks['elifnaz__']}" in response.text
    again = await elif_.post(f"/checks/{key}/dismiss")
    assert again.status_code == 409


async def test_a_dismissal_is_taken_back(city: City, elif_: Visitor) -> None:
    key = city.checks["kriptokazan"]
    await elif_.post(f"/checks/{key}/dismiss")
    response = await elif_.post(f"/checks/{key}/restore", messages=str(key))
    assert response.status_code == 303
    assert (await waiting(city, "kriptokazan")).awaits_check


async def test_opening_makes_an_application_and_tells_the_citizen(city: City, elif_: Visitor) -> None:
    key = city.checks["elifnaz__"]
    response = await elif_.post(f"/checks/{key}/open", **LABELS)
    assert response.status_code == 303
    message = await waiting(city, "elifnaz__")
    assert not message.awaits_check
    async with city.desk.database.read() as session:
        one = await session.get(Application, message.application_id)
        assert one
        history = (await session.exec(select(HistoryEntry).where(HistoryEntry.application_id == one.id))).all()
        (item,) = (await session.exec(select(OutboxItem).where(OutboxItem.application_id == one.id))).all()
    assert (one.number, one.state, one.topic) == ("HİM-2026-0000015", ApplicationState.DRAFT, "isgal_seyyar")
    assert (one.assignee_id, one.district) == (city.users["elif"].id, "Konak")
    assert [entry.action for entry in history] == ["registered"]
    assert (item.purpose, item.unique_key) == (Purpose.ACKNOWLEDGEMENT, f"{one.id}:acknowledgement")
    assert one.number in item.text
    assert one.number in (await elif_.get(response.headers["location"])).text
    assert (
        one.number in (await elif_.get("/inbox?q=mahalle+canan")).text
        or "row-a15" in (await elif_.get("/inbox?q=canan")).text
    )


async def test_opening_needs_a_topic(city: City, elif_: Visitor) -> None:
    response = await elif_.post(f"/checks/{city.checks['elifnaz__']}/open", **{**LABELS, "topic": ""}, part=True)
    assert response.status_code == 422
    assert "listeden seçilmelidir" in response.text
    assert (await waiting(city, "elifnaz__")).awaits_check


async def test_what_was_opened_cannot_go_back(city: City, elif_: Visitor) -> None:
    key = city.checks["elifnaz__"]
    await elif_.post(f"/checks/{key}/open", **LABELS)
    assert (await elif_.post(f"/checks/{key}/restore", messages=str(key))).status_code == 409
    assert (await elif_.get(f"/checks/{key}")).status_code == 409


async def test_a_message_that_is_not_there(elif_: Visitor) -> None:
    assert (await elif_.get("/checks/99999")).status_code == 404
