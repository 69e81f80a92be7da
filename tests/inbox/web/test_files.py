"""Citizens' files in the conversation: who may have them, how they are served, what is shown beside them."""

from pathlib import Path

import pytest
from sqlmodel import select

from bots.file_folder import FolderFileStore
from inbox.services import erasure
from models.enums import AttachmentKind
from models.tables import Application, Message, MessageAttachment
from tests.conftest import NOW
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor
from tests.inbox.web.test_applications import address

NAME = "deniz.kaya35"


@pytest.fixture
async def elif_(logged_in: LogIn) -> Visitor:
    return await logged_in("elif")


@pytest.fixture(autouse=True)
def files(city: City, tmp_path: Path) -> FolderFileStore:
    city.desk.files = made = FolderFileStore(tmp_path / "files")
    return made


async def attach(city: City, files: FolderFileStore, *, name: str = NAME, **facts: object) -> int:
    """Put a stored file to the citizen's first message; its id."""
    async with city.desk.database.write() as session:
        query = select(Message).where(Message.application_id == city.applications[name]).order_by(Message.id)
        message = (await session.exec(query)).first()
        assert message
        fields = {"kind": AttachmentKind.IMAGE, "mime_type": "image/jpeg", "stored_as": "a", "thumbnail": "b", **facts}
        row = MessageAttachment(message_id=message.id or 0, size=250_000, **fields)  # type: ignore[arg-type]
        session.add(row)
        await session.flush()
    await files.put("a", b"whole")
    await files.put("b", b"small")
    return row.id or 0


async def test_a_picture_is_shown_small_and_opens_whole(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    key = await attach(city, files)
    page = (await elif_.get(address(city, NAME))).text
    assert f'<a href="/files/{key}" target="_blank"' in page
    assert f'<img src="/files/{key}/small" alt="Fotoğraf (244 KB)"' in page
    whole, small = await elif_.get(f"/files/{key}"), await elif_.get(f"/files/{key}/small")
    assert (whole.content, whole.headers["content-type"]) == (b"whole", "image/jpeg")
    assert whole.headers["content-disposition"].startswith("inline; ")
    assert (small.content, small.headers["cache-control"]) == (b"small", "private, max-age=300")


async def test_a_file_can_do_nothing_in_the_browser(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    key = await attach(
        city, files, kind=AttachmentKind.FILE, mime_type="application/pdf", thumbnail="", file_name="dilekçe (1).exe"
    )
    response = await elif_.get(f"/files/{key}")
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''dilek%C3%A7e%20%281%29.pdf"
    assert "sandbox" in response.headers["content-security-policy"]
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


async def test_heic_is_a_file_to_download_and_says_why(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    key = await attach(city, files, mime_type="image/heic", thumbnail="")
    page = (await elif_.get(address(city, NAME))).text
    assert "(HEIC) gösteremez" in page
    assert f"/files/{key}/small" not in page
    response = await elif_.get(f"/files/{key}")
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''dosya.heic"


async def test_a_voice_message_is_heard_in_place(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    key = await attach(city, files, kind=AttachmentKind.AUDIO, mime_type="audio/ogg", thumbnail="")
    assert f'<audio controls preload="none" src="/files/{key}"' in (await elif_.get(address(city, NAME))).text


async def test_a_story_is_a_link_and_never_a_file(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    await attach(
        city, files, kind=AttachmentKind.STORY, mime_type="", stored_as="", thumbnail="", url="https://example.org/s/1"
    )
    assert '<a href="https://example.org/s/1" target="_blank" rel="noopener noreferrer">Hikâye' in (
        (await elif_.get(address(city, NAME))).text
    )


async def test_why_a_file_is_not_here(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    await attach(city, files, stored_as="", thumbnail="", fetch_problem="Dosya izin verilenden büyük; indirilmedi.")
    assert "Dosya izin verilenden büyük" in (await elif_.get(address(city, NAME))).text


async def test_only_readers_of_the_application_get_its_files(
    city: City, logged_in: LogIn, stranger: Visitor, files: FolderFileStore
) -> None:
    own, foreign = await attach(city, files), await attach(city, files, name="gizemlisokak")
    assert (await stranger.get(f"/files/{own}")).status_code == 303
    unit = await logged_in("izsu")
    async with city.desk.database.write() as session:
        application = await session.get_one(Application, city.applications[NAME])
        application.unit = "izsu"
        application.routed_unit = "izsu"
        session.add(application)
    assert (await unit.get(f"/files/{own}")).status_code == 200
    assert (await unit.get(f"/files/{foreign}/small")).status_code == 404
    for nobody in ("saha", "kalite"):
        assert (await (await logged_in(nobody)).get(f"/files/{own}")).status_code == 404


async def test_a_file_of_the_check_queue_is_for_the_desk_alone(
    city: City, logged_in: LogIn, files: FolderFileStore
) -> None:
    key = await attach(city, files)
    async with city.desk.database.write() as session:
        row = await session.get_one(MessageAttachment, key)
        row.message_id = city.checks["kriptokazan"]
        session.add(row)
    assert (await (await logged_in("elif")).get(f"/files/{key}")).status_code == 200
    for nobody in ("izsu", "saha"):
        assert (await (await logged_in(nobody)).get(f"/files/{key}")).status_code == 404


async def test_a_file_that_was_erased_is_gone(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    key = await attach(city, files)
    await files.delete("a")
    response = await elif_.get(f"/files/{key}")
    assert response.status_code == 404
    assert "burada yok ya da silinmiş" in response.text


async def test_the_position_of_a_picture_is_offered_and_taken_as_place(
    city: City, elif_: Visitor, files: FolderFileStore
) -> None:
    key = await attach(city, files, latitude=38.4189, longitude=27.1287)
    page = (await elif_.get(address(city, NAME))).text
    assert "Fotoğrafın konumu: " in page
    assert "Yer olarak kullan" in page
    response = await elif_.post(address(city, NAME, "place"), attachment=key, part=True)
    assert "Konum başvurunun yeri olarak kaydedildi." in response.text
    side = (await elif_.get(address(city, NAME, "side"))).text
    assert "38.41890, 27.12870" in side
    assert "Ekteki konum başvurunun yeri olarak alındı" in side


async def test_a_position_of_another_conversation_is_not_taken(
    city: City, elif_: Visitor, files: FolderFileStore
) -> None:
    key = await attach(city, files, name="gizemlisokak", latitude=38.4, longitude=27.1)
    assert (await elif_.post(address(city, NAME, "place"), attachment=key)).status_code == 404


async def test_the_place_goes_with_the_picture_it_came_from(city: City, elif_: Visitor, files: FolderFileStore) -> None:
    key = await attach(city, files, latitude=38.4189, longitude=27.1287)
    await elif_.post(address(city, NAME, "place"), attachment=key)
    async with city.desk.database.write() as session:
        row = await session.get_one(MessageAttachment, key)
        await erasure.erase(session, await session.get_one(Message, row.message_id), at=NOW)
    async with city.desk.database.read() as session:
        assert (await session.get_one(Application, city.applications[NAME])).latitude is None
