"""What stands beside a message, in a real browser: pictures, voices, hiding, uncertain texts; and nothing for axe."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect
from sqlmodel import select

from bots.file_folder import FolderFileStore
from models.enums import AttachmentKind, ChannelName, OutboxState
from models.tables import Message, MessageAttachment, OutboxItem
from tests.e2e.watching import let_in, violations
from tests.factories import City
from tests.inbox.web.test_moderation import connect


async def furnish(city: City, folder: Path) -> None:
    """A picture with its place, a voice message, a HEIC file, a story; an account that hides; an uncertain answer."""
    city.desk.files = files = FolderFileStore(folder)
    out = io.BytesIO()
    Image.new("RGB", (320, 200), "steelblue").save(out, "JPEG")
    await files.put("picture", out.getvalue())
    await files.put("voice", b"OggS")
    connect(city, ChannelName.INSTAGRAM)
    stored = {"stored_as": "picture", "mime_type": "image/jpeg", "size": 180_000}
    async with city.desk.database.write() as session:
        query = select(Message.id).where(Message.application_id == city.applications["deniz.kaya35"])
        message_id = (await session.exec(query.order_by(Message.id))).first() or 0
        for kind, facts in (
            (AttachmentKind.IMAGE, {**stored, "thumbnail": "picture", "latitude": 38.4189, "longitude": 27.1287}),
            (AttachmentKind.AUDIO, {**stored, "stored_as": "voice", "mime_type": "audio/ogg"}),
            (AttachmentKind.FILE, {**stored, "mime_type": "image/heic", "file_name": "IMG_2041.HEIC"}),
            (AttachmentKind.STORY, {"url": "https://example.org/story"}),
        ):
            session.add(MessageAttachment(message_id=message_id, kind=kind, **facts))


async def doubt_newest(city: City) -> None:
    async with city.desk.database.write() as session:
        item = (await session.exec(select(OutboxItem).order_by(OutboxItem.id.desc()).limit(1))).one()
        item.state = OutboxState.UNKNOWN
        session.add(item)


async def test_a_comment_with_a_picture_is_seen_and_hidden(
    page: Page, city: City, address: str, tmp_path: Path
) -> None:
    await furnish(city, tmp_path / "files")
    await let_in(page.context, city, address, login="burcu")
    await page.goto(f"{address}/applications/{city.applications['deniz.kaya35']}")
    picture = page.locator(".clips img").first
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 320)
    await page.locator("button:text('Yorumu gizle')").first.click()
    await expect(page.locator("#notice")).to_contain_text("Yorum herkesten gizlendi")
    await expect(page.locator(".msg.hidden-there")).to_have_count(1)
    await page.click("text=Yeniden göster")
    await expect(page.locator(".msg.hidden-there")).to_have_count(0)


async def test_a_private_reply_and_an_uncertain_answer(page: Page, city: City, address: str, tmp_path: Path) -> None:
    await furnish(city, tmp_path / "files")
    await let_in(page.context, city, address, login="burcu")
    await page.goto(f"{address}/applications/{city.applications['deniz.kaya35']}")
    await page.click("label:text-is('Özel mesaj')")
    await page.fill("#private-text", "Açık adresinizi yazar mısınız?")
    await expect(page.locator("#private-count")).to_contain_text("/ 1.000 bayt")
    await page.click("text=Özel gönder")
    await expect(page.locator(".msg.pending")).to_contain_text("yoruma özel mesaj")
    await doubt_newest(city)
    await page.reload()
    await expect(page.locator(".msg.pending")).to_contain_text("Gidip gitmediği bilinmiyor")
    await page.click("text=Gönderildi say")
    await expect(page.locator("#notice")).to_contain_text("gönderildi sayıldı")
    await expect(page.locator(".msg.pending")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 360])
async def test_axe_finds_nothing(chromium: Browser, city: City, address: str, tmp_path: Path, width: int) -> None:
    await furnish(city, tmp_path / "files")
    await doubt_newest(city)
    context = await chromium.new_context(viewport={"width": width, "height": 800}, color_scheme="dark")
    page = await context.new_page()
    await let_in(page.context, city, address, login="burcu")
    await page.goto(f"{address}/applications/{city.applications['deniz.kaya35']}")
    await page.click("label:text-is('Özel mesaj')")
    found = await violations(page)
    if width == 360:
        await page.click("text=Bilgiler")
    await page.click("text=Kişiyi engelle")
    found += await violations(page)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.screenshot(path=str(tmp_path / "page.png"))
    await context.close()
    assert found == []
