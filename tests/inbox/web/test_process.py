"""The process through the pages: registered by hand, approved, worked on by the unit, answered, closed."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlmodel import select

from bots.file_folder import FolderFileStore
from inbox.services import approval, organisation
from models.enums import ApplicationState, SubmissionKind
from models.tables import Application, Setting, Submission, UnitResponse
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor

CALL = {
    "channel": "phone", "text": "Sokağımızda su yok", "name": "Ayşe Yılmaz", "phone": "0532 123 45 67", "email": "",
    "on_behalf_of": "", "received": "2026-11-23T11:30", "kind": "sikayet", "topic": "su_kesintisi", "unit": "izsu",
    "urgency": "normal", "district": "Bornova",
}  # fmt: skip


async def register(visitor: Visitor, **changes: object) -> int:
    response = await visitor.post("/register", **{**CALL, **changes})
    found = re.match(r"/applications/(\d+)", response.headers.get("location", ""))
    assert found, response.text
    return int(found[1])


async def step(visitor: Visitor, key: int, name: str, **fields: object) -> str:
    """Take it from its page, with the version that stands there; where the browser is sent."""
    page = await visitor.get(f"/applications/{key}/steps")
    version = re.search(r'name="version" value="(\d+)"', page.text)
    extra = {"version": version[1]} if version else {}
    response = await visitor.post(f"/applications/{key}/steps/{name}", **{**extra, **fields})
    assert response.status_code == 303, response.text
    return response.headers["location"]


async def state_of(city: City, key: int) -> ApplicationState:
    async with city.desk.database.read() as session:
        return (await session.get_one(Application, key)).state


async def waiting(city: City, key: int) -> int:
    async with city.desk.database.read() as session:
        query = select(Submission.id).where(Submission.application_id == key).order_by(Submission.id.desc())
        return (await session.exec(query)).first() or 0


async def test_a_call_on_its_whole_way(city: City, logged_in: LogIn) -> None:
    """[İ8a2, İ8b2, İ9a8, İ20a] From the phone to the answer, each by her own page."""
    elif_, onay, izsu = [await logged_in(who) for who in ("elif", "onay", "izsu")]
    key = await register(elif_)
    assert (await izsu.get(f"/applications/{key}/steps")).status_code == 404
    await step(elif_, key, "submit", text="Mahallede su yok.")
    queue = (await onay.get("/approvals")).text
    assert all(words in queue for words in ("Mahallede su yok.", CALL["text"], "İZSU"))
    done = await onay.post(f"/approvals/{await waiting(city, key)}/approve", text="Mahallede su yok.")
    assert done.status_code == 303
    arrived = (await izsu.get("/unit")).text
    assert all(words in arrived for words in ("Mahallede su yok.", "Kabul ya da iade et", "iade için son an"))
    await step(izsu, key, "accept")
    accepted = (await izsu.get("/unit")).text
    assert "Cevapla</a>" in accepted
    assert "iade için son an" not in accepted
    await step(izsu, key, "interim", text="Ekip yolda.")
    async with city.desk.database.read() as session:
        response = (await session.exec(select(UnitResponse.id).where(UnitResponse.application_id == key))).one()
    await step(elif_, key, "pass_interim", response=response, text="Ekip yolda.", given_by="telefon")
    await step(izsu, key, "unit_answer", text="Su verildi.")
    assert f'href="/applications/{key}/steps"' not in (await izsu.get("/unit")).text, "the centre's turn"
    page = (await elif_.get(f"/applications/{key}/steps")).text
    assert "Birimin cevabı" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    await elif_.post(f"/applications/{key}/answer", version=version[1], text="Su verildi.", given_by="telefon")
    assert await state_of(city, key) is ApplicationState.ANSWERED
    await step(elif_, key, "close", outcome="olumlu", text="")
    assert await state_of(city, key) is ApplicationState.CLOSED


async def test_a_unit_that_returns_is_sent_to_its_list(city: City, logged_in: LogIn) -> None:
    """[İ20a] After the return the application is out of the unit's sight."""
    elif_, onay, izsu = [await logged_in(who) for who in ("elif", "onay", "izsu")]
    key = await register(elif_)
    await step(elif_, key, "submit", text="Su yok.")
    await onay.post(f"/approvals/{await waiting(city, key)}/approve", text="Su yok.")
    assert (await step(izsu, key, "return", text="Bizim değil.")).startswith("/unit")
    assert (await izsu.get(f"/applications/{key}/steps")).status_code == 404


async def test_the_page_offers_what_the_table_allows(city: City, logged_in: LogIn) -> None:
    """[İ8a2] Pages offer only the steps of the state and of the reader."""
    elif_, onay = await logged_in("elif"), await logged_in("onay")
    key = await register(elif_)
    page = (await elif_.get(f"/applications/{key}/steps")).text
    assert all(word in page for word in ("Birime gönder", "Sonuçlandır", "Dış kuruma yönlendir", "İşlem gerektirmiyor"))
    assert not any(word in page for word in ("Kabul et<", "İade et", "Yeniden aç", "Süreyi durdur"))
    assert "Birime gönder" not in (await onay.get(f"/applications/{key}/steps")).text


@pytest.mark.parametrize(
    ("login", "address", "status"),
    [
        ("elif", "/approvals", 403),
        ("onay", "/approvals", 200),
        ("izsu", "/unit", 200),
        ("elif", "/unit", 403),
        ("elif", "/register", 200),
        ("anket", "/register", 200),
        ("onay", "/register", 403),
        ("elif", "/documents", 200),
        ("onay", "/documents", 403),
        ("saha", "/approvals", 403),
    ],
)
async def test_each_page_for_its_people(logged_in: LogIn, login: str, address: str, status: int) -> None:
    """[İ7ç, İ7d, İ8a, İ9a8] Who works with what."""
    assert (await (await logged_in(login)).get(address)).status_code == status


async def test_a_survey_agent_reads_the_number_of_what_she_registered(logged_in: LogIn) -> None:
    """[İ7d3] What a survey brings up becomes a new application."""
    response = await (await logged_in("anket")).post("/register", **{**CALL, "channel": "survey"})
    assert response.headers["location"].startswith("/register?made=H")


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"text": " "}, '</textarea><p class="problem" role="alert" id="wrong">Vatandaşın ne dediğini'),
        ({"unit": "yok"}, '</select><p class="problem" role="alert" id="wrong">Konu ve birim listeden'),
        ({"received": "2025-01-01T09:00"}, '<p class="problem" role="alert" id="wrong">Geliş zamanı bugünden'),
    ],
)
async def test_a_refused_registration_comes_back_as_it_was(
    logged_in: LogIn, wrong: dict[str, str], beside: str
) -> None:
    """[İ8a2] Nothing that was typed or chosen is lost; what is wrong is said beside its field."""
    sent = {**CALL, "on_behalf_of": "Annesi", "urgency": "yuksek", **wrong}
    response = await (await logged_in("elif")).post("/register", **sent)
    assert response.status_code == 422
    assert beside in response.text
    assert re.search(rf'name="{next(iter(wrong))}"[^>]* aria-invalid="true" aria-describedby="wrong"', response.text)
    for field in ("received", "name", "phone", "on_behalf_of"):
        assert f'name="{field}" value="{sent[field]}"' in response.text
    for chosen in set(sent.values()) & {"phone", "su_kesintisi", "izsu", "yuksek", "sikayet"}:
        assert re.search(rf'<option value="{chosen}"[^>]* selected>', response.text)
    assert "<option selected>Bornova" in response.text


async def test_words_of_a_refused_step_can_be_copied_and_the_page_is_one_press_away(logged_in: LogIn) -> None:
    """[S13(4)j] The way back stays on this site, whatever the browser says."""
    elif_ = await logged_in("elif")
    here = f"/applications/{await register(elif_)}/steps"
    for origin in ("http://desk", "https://elsewhere.example"):
        fields = {"csrf": elif_.csrf, "version": "1", "text": "Çok uzun düşündüm.", "date": "yarın"}
        response = await elif_.client.post(
            f"{here}/ask_schedule", data=fields, headers={"Referer": f"{origin}{here}?a=1"}
        )
        assert response.status_code >= 400
        assert "Çok uzun düşündüm.</textarea>" in response.text
        assert f'href="{here}?a=1">Geldiğiniz sayfaya dön' in response.text


async def test_a_stale_page_is_told(city: City, logged_in: LogIn) -> None:
    """[S13(4)j] Where two people meet, the slower one reads it and nothing is overwritten."""
    elif_ = await logged_in("elif")
    key = await register(elif_)
    response = await elif_.post(f"/applications/{key}/steps/submit", version=0, text="Su yok.")
    assert (response.status_code, await state_of(city, key)) == (409, ApplicationState.DRAFT)


async def test_an_unknown_step_is_not_there(city: City, logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    assert (await elif_.post(f"/applications/{city.applications['deniz.kaya35']}/steps/x")).status_code == 404


async def test_a_reply_goes_to_the_approval_desk_where_the_setting_says_so(city: City, logged_in: LogIn) -> None:
    """[İ8b2] Approval of replies: the answer waits, is approved, and leaves in ten seconds."""
    async with city.desk.database.write() as session:
        setting = await session.get_one(Setting, organisation.rows.APPROVES_REPLIES)
        setting.value = True
        session.add(setting)
    elif_, onay = await logged_in("elif"), await logged_in("onay")
    key = city.applications["gizemlisokak"]
    version = await elif_.version(key)
    await elif_.post(f"/applications/{key}/answer", version=version, text="Teşekkür ederiz.")
    async with city.desk.database.read() as session:
        assert await approval.process.waiting_submission(session, key, SubmissionKind.REPLY)
    assert "Teşekkür ederiz." in (await onay.get("/approvals")).text
    done = await onay.post(f"/approvals/{await waiting(city, key)}/approve", text="Teşekkür ederiz.")
    assert "gönderiliyor" in (await elif_.get(f"/applications/{key}")).text
    item = re.search(rf"undo={key}-(\d+)", done.headers["location"])
    assert item
    assert "Geri al" in (await onay.get(done.headers["location"])).text
    assert (await onay.post(f"/applications/{key}/undo", item=item[1])).status_code == 303
    assert "gönderiliyor" not in (await elif_.get(f"/applications/{key}")).text


@pytest.mark.skipif(find_spec("weasyprint") is None, reason="weasyprint is not installed")
async def test_a_district_gets_a_letter(city: City, logged_in: LogIn, tmp_path: Path) -> None:
    """[İ6a7, İ8a4] Approved, printed, signed in EBYS; then it lies with the district."""
    city.desk.files = FolderFileStore(tmp_path)
    elif_, onay = await logged_in("elif"), await logged_in("onay")
    key = await register(elif_, topic="yol_bozuk", unit="ilce")
    await step(elif_, key, "submit", text="Yol bozuk.")
    done = await onay.post(f"/approvals/{await waiting(city, key)}/approve", text="Yol bozuk.")
    assert (done.status_code, await state_of(city, key)) == (303, ApplicationState.AWAITING_SIGNATURE)
    found = re.search(r"/documents/(\d+)\.pdf", (await elif_.get("/documents")).text)
    assert found
    assert (await elif_.get(found[0])).content.startswith(b"%PDF")
    await elif_.post(f"/documents/{found[1]}/sign", number="E-2026-1", signed_on="2026-11-23")
    assert await state_of(city, key) is ApplicationState.ROUTED
    assert (await elif_.get(f"/documents/{found[1]}.json")).json()["number"] == "E-2026-1"
    assert (await onay.get(f"/documents/{found[1]}.json")).status_code == 403
