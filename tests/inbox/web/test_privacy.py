"""What persons ask of their data: identity first, then a full export, a correction, an erasure or a reasoned no."""

import json
import re
from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.rules.masking import without_others
from inbox.rules.retention import retention_policy
from inbox.services import person_requests
from models.clock import StillClock
from models.enums import ApplicationState, Outcome, RequestKind, RequestState
from models.errors import ConflictError, ForbiddenError
from models.tables import AccessRecord, Application, Citizen, Message, Note, PersonRequest
from tests.conftest import NOW
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor

OTHER = "0555 111 22 33"


async def ask(city: City, visitor: Visitor, name: str, kind: RequestKind, *, identified: bool = True) -> str:
    """The address of a new request of the person."""
    async with city.desk.database.read() as session:
        number = (await session.get_one(Application, city.applications[name])).number
    made = await visitor.post("/privacy/requests", number=number, kind=kind)
    assert made.status_code == 303
    address = made.headers["location"]
    if identified:
        assert (await visitor.post(f"{address}/identify", proof="e-Devlet ile girdi")).status_code == 303
    return str(address)


async def stored(city: City, address: str) -> PersonRequest:
    async with city.desk.database.read() as session:
        return await session.get_one(PersonRequest, int(address.rsplit("/", 1)[1]))


@pytest.mark.parametrize("login", ["mudur", "yonetici"])
async def test_a_person_gets_everything_about_her(city: City, logged_in: LogIn, login: str) -> None:
    """A person may have all that is kept about her; third persons are masked in it (law 6698, 11) [İ7d11]."""
    key = city.applications["905327654300"]
    async with city.desk.database.write() as session:
        session.add(Note(application_id=key, user_id=1, text=f"Komşusu {OTHER} de aradı", created_at=NOW))
    visitor = await logged_in(login)
    address = await ask(city, visitor, "905327654300", RequestKind.EXPORT)
    answer = await visitor.post(f"{address}/export", form="json")
    assert "attachment" in answer.headers["content-disposition"]
    data = json.loads(answer.text)
    (one,) = data["applications"]
    assert data["known_as"][0]["id"] == "905327654300"
    assert "0532 765 43 00" in one["messages"][0]["text"]
    assert OTHER not in answer.text
    assert "Komşusu 0555 ••• •• 33" in one["notes"][0]["text"]
    assert "Elif Aydın" not in answer.text
    page = await visitor.post(f"{address}/export", form="html")
    assert "0532 765 43 00" in page.text
    assert OTHER not in page.text
    assert "23.11.2026" in page.text
    assert not re.search(r"\d{4}-\d\d-\d\dT", page.text)
    async with city.desk.database.read() as session:
        looks = (await session.exec(select(AccessRecord))).all()
    assert [(look.user_id, look.what) for look in looks] == [(city.users[login].id, "person_request")] * 2
    assert (await stored(city, address)).state is RequestState.FULFILLED


async def test_a_number_is_taken_as_it_was_typed(city: City, logged_in: LogIn) -> None:
    """A wrong one comes back with the kind that was chosen, the mistake beside its field."""
    visitor = await logged_in("mudur")
    refused = await visitor.post("/privacy/requests", number="HİM-2026-9999999", kind="erase")
    assert refused.status_code == 422
    assert 'value="HİM-2026-9999999"' in refused.text
    assert '<option value="erase" selected>' in refused.text
    assert "numaralı bir başvuru yok" in refused.text
    async with city.desk.database.read() as session:
        number = (await session.get_one(Application, city.applications["905327654300"])).number
    typed = f" {number.replace('İ', 'i').lower()} "
    assert (await visitor.post("/privacy/requests", number=typed, kind="erase")).status_code == 303


async def test_identity_comes_first(city: City, logged_in: LogIn) -> None:
    """Nothing is given out before the identity check; numbers of documents are not kept (law 6698, 13) [İ7d10]."""
    visitor = await logged_in("mudur")
    address = await ask(city, visitor, "deniz.kaya35", RequestKind.EXPORT, identified=False)
    assert (await visitor.post(f"{address}/export", form="json")).status_code == 409
    assert (await visitor.post(f"{address}/identify", proof="")).status_code == 422
    await visitor.post(f"{address}/identify", proof="kimlik kartı 10000000146")
    assert "10000000146" not in (await stored(city, address)).identity_proof
    assert (await visitor.post(f"{address}/correct", name="Deniz")).status_code == 409


async def test_thirty_days(city: City, logged_in: LogIn) -> None:
    """A request of a person is answered within 30 days; the page shows what is left (law 6698, 13) [İ20a]."""
    visitor = await logged_in("mudur")
    address = await ask(city, visitor, "deniz.kaya35", RequestKind.EXPORT)
    assert (await stored(city, address)).due_at == NOW.replace(
        month=12, hour=20, minute=59, second=59, microsecond=999999
    )
    assert "30 gün" in (await visitor.get(address)).text
    clock = city.desk.clock
    assert isinstance(clock, StillClock)
    async with city.desk.database.write() as session:
        one = await session.get_one(PersonRequest, 1)
        one.due_at = NOW - timedelta(days=2)
        session.add(one)
    assert "late" in (await visitor.get("/privacy")).text


async def test_a_name_is_corrected_everywhere(city: City, logged_in: LogIn) -> None:
    """Wrong data are corrected (law 6698, 11d) [İ7d10]."""
    visitor = await logged_in("yonetici")
    address = await ask(city, visitor, "deniz.kaya35", RequestKind.CORRECT)
    assert (await visitor.post(f"{address}/correct", name=" ")).status_code == 422
    assert (await visitor.post(f"{address}/correct", name="Derya Kaya")).status_code == 303
    key = city.applications["deniz.kaya35"]
    agent = await logged_in("elif")
    assert f'id="row-a{key}"' in (await agent.get("/inbox?q=Derya")).text
    assert (await stored(city, address)).state is RequestState.FULFILLED


async def test_an_open_application_stays_with_the_reason(city: City, logged_in: LogIn) -> None:
    """Erasure is refused, with the reason, where an application is open or its years are not over [İ7d10]."""
    visitor = await logged_in("mudur")
    address = await ask(city, visitor, "deniz.kaya35", RequestKind.ERASE)
    assert (await visitor.post(f"{address}/erase")).status_code == 303
    found = await stored(city, address)
    assert found.state is RequestState.REFUSED
    assert "sonuçlanmadı" in found.reason
    assert "sonuçlanmadı" in (await visitor.get(address)).text
    key = city.applications["deniz.kaya35"]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.state, one.is_open, one.outcome, one.closed_at = ApplicationState.CLOSED, False, Outcome.POSITIVE, NOW
        session.add(one)
    address = await ask(city, visitor, "deniz.kaya35", RequestKind.ERASE)
    await visitor.post(f"{address}/erase")
    assert "23.11.2031" in (await stored(city, address)).reason


async def test_what_no_duty_keeps_is_erased(city: City, logged_in: LogIn) -> None:
    """Where no archive or legal duty remains everything of the person is erased (law 6698, 7) [İ7d10]."""
    key = city.applications["deniz.kaya35"]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.state, one.is_open, one.outcome = ApplicationState.CLOSED, False, Outcome.POSITIVE
        one.closed_at = NOW - timedelta(days=6 * 366)
        citizen_id, conversation_id = one.citizen_id, one.conversation_id
        session.add(one)
        first = (await session.exec(select(Message).where(Message.application_id == key))).first()
        assert first
        session.add(
            Message(**{
                **first.model_dump(exclude={"id"}), "application_id": None, "external_id": "young",
                "text": "Adım Deniz", "received_at": NOW,
            })
        )  # fmt: skip
    visitor = await logged_in("mudur")
    address = await ask(city, visitor, "deniz.kaya35", RequestKind.ERASE)
    assert (await visitor.post(f"{address}/erase")).status_code == 303
    found = await stored(city, address)
    assert (found.state, found.reason) == (RequestState.FULFILLED, "")
    async with city.desk.database.read() as session:
        citizen = await session.get_one(Citizen, citizen_id)
        messages = (await session.exec(select(Message).where(Message.conversation_id == conversation_id))).all()
    assert (citizen.display_name, citizen.erased_at) == ("", NOW)
    assert {message.text for message in messages} == {""}
    assert "Deniz" not in (await (await logged_in("elif")).get(f"/applications/{key}")).text


async def test_a_refusal_needs_its_reason(city: City, logged_in: LogIn) -> None:
    """A refusal names its reason (law 6698, 13) [İ7d10]."""
    visitor = await logged_in("mudur")
    address = await ask(city, visitor, "deniz.kaya35", RequestKind.ERASE, identified=False)
    assert (await visitor.post(f"{address}/refuse", reason="")).status_code == 422
    await visitor.post(f"{address}/refuse", reason="Kimliği doğrulanamadı")
    assert (await stored(city, address)).reason == "Kimliği doğrulanamadı"
    assert (await visitor.post(f"{address}/erase")).status_code == 409


async def test_nobody_else_answers(city: City) -> None:
    """Requests of persons are for chief and administrator [İ19h]."""
    async with city.desk.database.write() as session:
        one = PersonRequest(citizen_id=1, kind=RequestKind.ERASE, received_at=NOW, due_at=NOW)
        session.add(one)
        await session.flush()
        policy = retention_policy(city.desk.profile)
        for login in set(city.users) - {"mudur", "yonetici"}:
            with pytest.raises(ForbiddenError):
                await person_requests.erase(session, one, city.actor(login), policy=policy, now=NOW)
        with pytest.raises(ConflictError, match="kimlik"):
            await person_requests.erase(session, one, city.actor("mudur"), policy=policy, now=NOW)


def test_only_her_own_numbers_stay() -> None:
    text = "Numaram 0532 765 43 00, komşumunki 0555 111 22 33, TC 10000000146"
    assert without_others(text, ["905327654300"]) == "Numaram 0532 765 43 00, komşumunki 0555 ••• •• 33, TC ••••••"
