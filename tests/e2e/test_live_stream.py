"""The line of news drops: the page says so, goes on by asking, and comes back by itself."""

import pytest
from playwright.async_api import Browser, Route, expect

from inbox.web.app import create_app
from inbox.web.routes import events
from models.enums import ChannelName
from tests.e2e.browser import log_in, serving
from tests.factories import City, play
from tests.scenes import Scene

NEW = Scene(channel=ChannelName.TELEGRAM, who="Sessiz", texts=["köprüde çukur var"], minutes=0, topic="yol_bozuk",
            unit="fen_isleri")  # fmt: skip


async def test_without_the_stream_the_page_asks(chromium: Browser, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "RETRY_MILLISECONDS", 100)
    context = await chromium.new_context(locale="tr-TR")
    page = await context.new_page()
    await page.clock.install()
    app = create_app(city.desk)
    async with serving(app) as address:
        await log_in(page, address, login="elif")
        stream = page.locator("#stream")
        await expect(stream).to_have_text("Canlı")

        async def gone(route: Route) -> None:
            await route.abort()

        await page.route("**/events", gone)
        app.state.closing.set()
        await expect(stream).to_have_text("Bağlantı yok, yeniden deneniyor")
        await play(city, NEW, number=70)
        await page.clock.fast_forward("02:00")
        await expect(page.locator("#fresh .new")).to_have_text("1 yeni mesaj · göster")

        app.state.closing.clear()
        await page.unroute("**/events")
        await page.clock.fast_forward("02:00")
        await expect(stream).to_have_text("Canlı", timeout=10_000)
        await city.desk.bus.publish("application", {"id": city.applications["Sessiz"], "what": "opened"})
        await page.click("#fresh .new")
        await expect(page.locator(f"#row-a{city.applications['Sessiz']}")).to_be_visible()
        await context.close()
