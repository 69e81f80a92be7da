"""Files of an answer and of a look on the spot, in a real browser."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect
from sqlmodel import select

from bots.file_folder import FolderFileStore
from bots.pictures import Picture, prepare
from inbox.services import field_checks
from models.tables import Application, FieldCheck, OutboxItem, StaffFile
from tests.bots.test_pictures import picture
from tests.e2e.watching import arrive, let_in, violations
from tests.factories import City

CITIZEN, ANSWERED = "Fatma Şahin", "Ayşe Nur Yıldız"


async def opened(data: bytes) -> Picture | None:
    return prepare(data)


@pytest.fixture(autouse=True)
def files(city: City, tmp_path: Path) -> None:
    city.desk.files, city.desk.prepare_picture = FolderFileStore(tmp_path / "files"), opened


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "sokak.jpg"
    path.write_bytes(picture())
    return path


async def test_a_picture_is_added_previewed_and_sent(page: Page, city: City, address: str, photo: Path) -> None:
    """Chosen, it stands there at once; the preview follows what is typed; what is refused leaves the text alone."""
    await let_in(page.context, city, address, login="elif")
    await page.goto(f"{address}/applications/{city.applications[CITIZEN]}")
    await page.fill("#text", "Sokağınızın fotoğrafı ektedir.")
    await page.set_input_files("#answer-file", {"name": "a.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"})
    await expect(page.locator("#notice")).to_contain_text("«a.svg» eklenemez")
    await page.set_input_files("#answer-file", photo)
    shown = page.locator("#answer-files img")
    await expect(shown).to_have_js_property("naturalWidth", 480)
    await page.click("text=Önizle")
    await expect(page.locator(".preview .msg")).to_contain_text("fotoğrafı ektedir")
    await page.fill("#text", "Yarın sabah geliyoruz; fotoğraf ektedir.")
    await expect(page.locator(".preview .msg")).to_contain_text("Yarın sabah")
    assert await violations(page) == []
    await page.screenshot(path=str(photo.with_name("desk.png")))
    await page.click(".preview >> text=Kapat")
    await expect(page.locator(".preview")).to_have_count(0)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#notice")).to_contain_text("10 saniye içinde")
    async with city.desk.database.read() as session:
        item = (await session.exec(select(OutboxItem).order_by(OutboxItem.id.desc()))).first()
    assert item
    assert (item.text, [row["file_name"] for row in item.files]) == (
        "Yarın sabah geliyoruz; fotoğraf ektedir.",
        ["sokak.jpg"],
    )


async def test_a_look_is_recorded_on_a_phone(chromium: Browser, city: City, address: str, photo: Path) -> None:
    """[İ6b9] With pictures, at 360 px; the picture tells where it was."""
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications[ANSWERED])
        await field_checks.ask(session, one, city.actor("elif"), reason="Bakılsın", now=city.desk.clock.now())
    context = await chromium.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark", locale="tr-TR")
    page = await context.new_page()
    await arrive(page, city, address, login="saha")
    await page.check("input[value=done]")
    await page.fill("textarea[name=text]", "Çukur kapatılmış.")
    await page.set_input_files("input[name=taken]", photo)
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await page.screenshot(path=str(photo.with_name("phone.png")), full_page=True)
    await page.click("text=Tespiti kaydet")
    await expect(page.locator(".told")).to_contain_text("kaydedildi")
    await context.close()
    async with city.desk.database.read() as session:
        check = (await session.exec(select(FieldCheck))).one()
        kept = (await session.exec(select(StaffFile))).one()
    assert (kept.check_id, check.latitude) == (check.id, 38.4188)
