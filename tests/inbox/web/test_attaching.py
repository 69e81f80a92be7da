"""Files that people send with forms: for an answer, of a unit's work, of a look on the spot; and the preview."""

import re
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from bots.file_folder import FolderFileStore
from bots.pictures import Picture, prepare
from inbox.repositories import organisation
from models.enums import ApplicationState, ResponseKind, ResponseState
from models.tables import Application, FieldCheck, OutboxItem, Setting, StaffFile, UnitResponse
from tests.bots.test_pictures import SECRET, picture
from tests.conftest import NOW
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor
from tests.inbox.web.test_applications import address

CITIZEN, MENTION = "Fatma Şahin", "gizemlisokak"
"""One writes on WhatsApp, the other publicly on X."""
PDF = ("plan.pdf", b"%PDF-1.7 ...", "application/pdf")


async def opened(data: bytes) -> Picture | None:
    return prepare(data)


@pytest.fixture(autouse=True)
def files(city: City, tmp_path: Path) -> FolderFileStore:
    city.desk.files = made = FolderFileStore(tmp_path / "files")
    city.desk.prepare_picture = opened
    return made


def photo(name: str = "foto.jpg") -> tuple[str, bytes, str]:
    return name, picture(), "image/jpeg"


async def post(
    visitor: Visitor, path: str, *chosen: tuple[str, bytes, str], part: bool = False, field: str = "files",
    **fields: object,
) -> httpx.Response:  # fmt: skip
    """As a browser posts a form with files."""
    return await visitor.client.post(
        path,
        data={"csrf": visitor.csrf, **{name: str(value) for name, value in fields.items()}},
        files=[(field, one) for one in chosen] or [(field, ("", b"", "application/octet-stream"))],
        headers={"HX-Request": "true"} if part else {},
    )


async def stored(city: City) -> list[StaffFile]:
    async with city.desk.database.read() as session:
        return list((await session.exec(select(StaffFile).order_by(StaffFile.id))).all())


async def newest_answer(city: City, name: str = CITIZEN) -> OutboxItem:
    async with city.desk.database.read() as session:
        query = select(OutboxItem).where(OutboxItem.application_id == city.applications[name])
        return (await session.exec(query.order_by(OutboxItem.id.desc()))).first() or pytest.fail("nothing queued")


async def test_a_file_is_chosen_seen_and_sent_without_script(
    city: City, logged_in: LogIn, files: FolderFileStore
) -> None:
    """What she wrote waits with it; the picture leaves without what is hidden in it."""
    elif_ = await logged_in("elif")
    response = await post(elif_, address(city, CITIZEN, "files"), photo(), PDF, text="Plan ektedir.")
    assert response.headers["location"].startswith(f"/applications/{city.applications[CITIZEN]}")
    page = (await elif_.get(address(city, CITIZEN))).text
    chosen, _ = await stored(city)
    assert f'<img src="/staff-files/{chosen.id}/small"' in page
    assert "plan.pdf" in page
    assert ">Plan ektedir.</textarea>" in page
    whole = await elif_.get(f"/staff-files/{chosen.id}")
    assert SECRET.encode() not in whole.content
    assert "sandbox" in whole.headers["content-security-policy"]
    assert (await elif_.get(f"/staff-files/{chosen.id}/small")).headers["content-type"] == "image/jpeg"
    version = await elif_.version(city.applications[CITIZEN])
    await post(elif_, address(city, CITIZEN, "answer"), photo("son.jpg"), text="Plan ektedir.", version=version)
    item = await newest_answer(city)
    assert [row["file_name"] for row in item.files] == ["foto.jpg", "plan.pdf", "son.jpg"]
    assert await stored(city) == []
    await elif_.post(address(city, CITIZEN, "undo"), item=item.id)
    assert len(await stored(city)) == 3


async def test_a_file_is_taken_out_again(city: City, logged_in: LogIn) -> None:
    elif_, burcu = await logged_in("elif"), await logged_in("burcu")
    part = await post(elif_, address(city, CITIZEN, "files"), PDF, part=True)
    assert part.text.lstrip().startswith('<div id="answer-files"')
    (one,) = await stored(city)
    assert "plan.pdf" not in (await burcu.get(address(city, CITIZEN))).text
    assert (await burcu.get(f"/staff-files/{one.id}")).status_code == 404
    remove = address(city, CITIZEN, f"files/{one.id}/remove")
    assert (await burcu.post(remove)).status_code == 404
    assert "plan.pdf" not in (await elif_.post(remove, part=True)).text
    assert await stored(city) == []


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (("foto.jpg", b"<svg><script>alert(1)</script></svg>", "image/jpeg"), "türü tanınmıyor"),
        (("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"), "türü tanınmıyor"),
        (("../../etc/foto.jpg", picture()[:900], "image/jpeg"), "«foto.jpg» eklenemez"),
        (("foto.png", b"\x89PNG\r\n\x1a\n" + bytes(6 * 1024 * 1024), "image/png"), "en çok 5 MB"),
        (PDF, "bu türde dosya eklenemiyor"),
    ],
)
async def test_what_is_refused_is_said_and_nothing_is_kept(
    city: City, logged_in: LogIn, files: FolderFileStore, tmp_path: Path, chosen: tuple[str, bytes, str], words: str
) -> None:
    """[ASVS 12.2.1] X takes pictures of at most 5 MB; what a file is its bytes tell."""
    elif_ = await logged_in("elif")
    response = await post(elif_, address(city, MENTION, "files"), chosen, text="Yazdığım durur.")
    assert response.status_code == 422
    assert words in response.text
    assert "Yazdığım durur." in response.text
    assert await stored(city) == []
    assert [one for one in (tmp_path / "files").rglob("*") if one.is_file()] == []


async def test_only_who_may_answer_brings_files(
    city: City, logged_in: LogIn, tmp_path: Path, files: FolderFileStore
) -> None:
    for login in ("onay", "izsu", "kalite"):
        for tail in ("files", "answer"):
            response = await post(await logged_in(login), address(city, CITIZEN, tail), PDF, text="x", version=1)
            assert response.status_code in (403, 404), (login, tail)
    assert not (tmp_path / "files").exists()


async def routed_to_izsu(city: City) -> int:
    key = city.applications[CITIZEN]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        one.state, one.unit, one.routed_unit = ApplicationState.IN_PROGRESS, "izsu", "izsu"
        one.routed_at = one.accepted_at = NOW
        session.add(one)
    return key


async def version_of(visitor: Visitor, key: int) -> str:
    found = re.search(r'name="version" value="(\d+)"', (await visitor.get(f"/applications/{key}/steps")).text)
    assert found
    return found[1]


async def test_pictures_of_the_work_go_to_the_desk_and_by_its_choice_to_the_citizen(
    city: City, logged_in: LogIn
) -> None:
    """[İ20a] The unit shows its work; the desk decides, one by one, what the citizen gets."""
    izsu, elif_, key = await logged_in("izsu"), await logged_in("elif"), await routed_to_izsu(city)
    steps = f"/applications/{key}/steps"
    sent = await post(
        izsu, f"{steps}/unit_answer", photo("once.jpg"), photo("sonra.jpg"), text="Onarıldı.",
        version=await version_of(izsu, key),
    )  # fmt: skip
    assert sent.status_code == 303, sent.text
    before, after = await stored(city)
    await post(elif_, address(city, CITIZEN, "files"), PDF)
    page = (await elif_.get(steps)).text
    assert f'name="unit_file_{before.id}"' in page
    assert "seçtiğiniz dosyalar da birlikte gider" in page
    assert f"/staff-files/{after.id}/small" in page
    assert (await izsu.get(f"/staff-files/{after.id}")).status_code == 200
    fields = {"text": "Onarıldı.", "version": await version_of(elif_, key), f"unit_file_{after.id}": 1}
    await elif_.post(address(city, CITIZEN, "answer"), **fields)
    item = await newest_answer(city)
    assert [row["file_name"] for row in item.files] == ["plan.pdf", "sonra.jpg"]
    assert item.files[1]["stored_as"] != after.stored_as
    assert len(await stored(city)) == 2
    async with city.desk.database.read() as session:
        assert (await session.exec(select(UnitResponse))).one().state is ResponseState.PASSED_ON


async def test_an_interim_notice_brings_files_too(city: City, logged_in: LogIn) -> None:
    """[İ6a11]"""
    izsu, elif_, key = await logged_in("izsu"), await logged_in("elif"), await routed_to_izsu(city)
    await post(
        izsu, f"/applications/{key}/steps/interim", PDF, text="Kazı sürüyor.", version=await version_of(izsu, key)
    )
    (one,) = await stored(city)
    async with city.desk.database.read() as session:
        response = (await session.exec(select(UnitResponse))).one()
    assert (response.kind, one.response_id) == (ResponseKind.INTERIM, response.id)
    fields = {"text": "Kazı sürüyor.", "response": response.id, f"unit_file_{one.id}": 1}
    assert (await elif_.post(f"/applications/{key}/steps/pass_interim", **fields)).status_code == 303
    assert [row["file_name"] for row in (await newest_answer(city)).files] == ["plan.pdf"]


async def test_an_other_unit_brings_none(city: City, logged_in: LogIn, tmp_path: Path) -> None:
    """[İ9a8]"""
    izsu, key = await logged_in("izsu"), city.applications[CITIZEN]
    for name in ("unit_answer", "interim"):
        response = await post(izsu, f"/applications/{key}/steps/{name}", PDF, text="x", version=1)
        assert response.status_code == 404
    assert not (tmp_path / "files").exists()


async def test_a_look_on_the_spot_shows_what_was_seen(city: City, logged_in: LogIn) -> None:
    """[İ6b9] The pictures stand with the finding; their place is offered, and stripped from the copies."""
    saha, elif_, key = await logged_in("saha"), await logged_in("elif"), await routed_to_izsu(city)
    await elif_.post(address(city, CITIZEN, "field-check"), reason="Bakılsın")
    async with city.desk.database.read() as session:
        check = (await session.exec(select(FieldCheck))).one()
    page = (await saha.get("/field-checks")).text
    assert 'accept="image/*" capture="environment" multiple' in page
    too_bad = await post(saha, f"/field-checks/{check.id}", PDF, finding="done", text="Su akıyor.", field="taken")
    assert too_bad.status_code == 422
    assert "Su akıyor.</textarea>" in too_bad.text
    assert 'value="done" required checked' in too_bad.text
    done = await post(saha, f"/field-checks/{check.id}", photo(), finding="done", text="Su akıyor.", field="taken")
    assert done.status_code == 303
    (one,) = await stored(city)
    side = (await elif_.get(address(city, CITIZEN, "side"))).text
    assert "Su akıyor." in side
    assert f'<img src="/staff-files/{one.id}/small"' in side
    assert f'name="file" value="{one.id}"' in side
    assert SECRET.encode() not in (await elif_.get(f"/staff-files/{one.id}")).content
    assert (await elif_.post(address(city, CITIZEN, "place"), file=one.id)).status_code == 303
    async with city.desk.database.read() as session:
        application = await session.get_one(Application, key)
    assert (round(application.latitude or 0, 2), round(application.longitude or 0, 2)) == (38.42, 27.13)
    assert (await elif_.post(address(city, MENTION, "place"), file=one.id)).status_code == 404


async def test_files_wait_for_the_approval_of_the_reply(city: City, logged_in: LogIn) -> None:
    """[İ7ç2]"""
    async with city.desk.database.write() as session:
        setting = await session.get_one(Setting, organisation.APPROVES_REPLIES)
        setting.value = True
        session.add(setting)
    elif_, onay = await logged_in("elif"), await logged_in("onay")
    version = await elif_.version(city.applications[CITIZEN])
    await post(elif_, address(city, CITIZEN, "answer"), photo(), text="Fotoğraf ektedir.", version=version)
    (one,) = await stored(city)
    assert one.submission_id
    assert (await onay.get(f"/staff-files/{one.id}/small")).status_code == 200
    assert f"/staff-files/{one.id}/small" in (await onay.get("/approvals")).text
    await onay.post(f"/approvals/{one.submission_id}/approve", text="Fotoğraf ektedir.")
    assert [row["file_name"] for row in (await newest_answer(city)).files] == ["foto.jpg"]


async def test_the_preview_shows_the_answer_as_it_leaves(city: City, logged_in: LogIn) -> None:
    """Split and numbered by X's own measure, public, with its pictures; and the same without script."""
    elif_ = await logged_in("elif")
    await post(elif_, address(city, MENTION, "files"), photo())
    text = "Ekiplerimiz yarın sabah sokağınızda olacak. " * 8
    part = (await elif_.post(address(city, MENTION, "preview"), text=text, part=True)).text
    assert re.findall(r"\((\d/\d)\)", part) == ["1/2", "2/2"]
    assert "Herkese açık cevap" in part
    assert "/small" in part
    assert "/ 280" in part
    away = await post(elif_, address(city, MENTION, "preview"), text=text)
    page = (await elif_.get(away.headers["location"])).text
    assert "Vatandaşın göreceği hâl" in page
    assert "(2/2)" in page
    assert (await elif_.get(address(city, MENTION))).text.count("(2/2)") == 0


async def test_the_preview_shows_what_may_be_pressed(city: City, logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    for citizen, shown in ((CITIZEN, True), (MENTION, False)):
        page = await elif_.post(address(city, citizen, "preview"), text="Sorununuz çözüldü mü?", part=True)
        assert ("Altında düğmeler: Evet · Hayır" in page.text) is shown
