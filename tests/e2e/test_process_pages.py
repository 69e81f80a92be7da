"""The pages of the process in a real browser: a call on its way to the unit; nothing for axe."""

import pytest
from playwright.async_api import Browser, Page, expect
from sqlmodel import select

from models.tables import Submission
from tests.e2e.browser import log_in
from tests.e2e.test_pages import violations
from tests.factories import PASSWORD, City
from tests.process_bench import process_bench


async def furnish(city: City) -> tuple[int, int]:
    """Two calls: one waits for approval, one lies with İZSU."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    waiting = await bench.register()
    await bench.submit(waiting, brief="Herkez susuz, birşey yapılmalı.")
    return waiting, await bench.route(phone="0533 111 22 33")


async def enter(page: Page, address: str, login: str) -> None:
    """Log in; everybody's day begins on a page of her own."""
    await page.goto(f"{address}/login")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.click("text=Giriş yap")
    await page.wait_for_url(lambda url: "/login" not in url)


async def register(page: Page) -> None:
    await page.select_option("#channel", "phone")
    await page.fill("#text", "Sokağımızda su yok")
    await page.fill("#name", "Ayşe Yılmaz")
    await page.fill("#phone", "0532 123 45 67")
    await page.select_option("#new-topic", "su_kesintisi")
    await page.select_option("#new-unit", "izsu")
    await page.click("button.pri")


async def test_a_call_is_registered_and_sent(page: Page, city: City, address: str) -> None:
    """[İ8a2, İ8b2] Registered by hand, then on its way to the unit."""
    await log_in(page, address, login="elif")
    await page.goto(f"{address}/register")
    await register(page)
    await expect(page.locator("#head")).to_contain_text("Su kesintisi")
    await page.click("text=Adımlar")
    await page.fill("#submit-text", "Bir sokakta su yok.")
    await page.get_by_role("button", name="Gönder", exact=True).click()
    await expect(page.locator(".told")).to_contain_text("onaya gönderildi")
    async with city.desk.database.read() as session:
        (text,) = (await session.exec(select(Submission.text))).all()
    assert text == "Bir sokakta su yok."


@pytest.mark.parametrize("width", [1280, 360])
async def test_axe_finds_nothing(chromium: Browser, city: City, address: str, width: int) -> None:
    """Every page of the process, for those who work with it."""
    waiting, routed = await furnish(city)
    paths = {
        "elif": ["/register", "/documents", f"/applications/{waiting}/steps", f"/applications/{routed}/steps"],
        "onay": ["/approvals"],
        "izsu": ["/unit", f"/applications/{routed}/steps"],
        "yonetici": ["/rules"],
    }
    found = {}
    for login, addresses in paths.items():
        context = await chromium.new_context(viewport={"width": width, "height": 800})
        page = await context.new_page()
        await enter(page, address, login)
        for path in addresses:
            await page.goto(address + path)
            found[path] = await violations(page)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        await context.close()
    assert [f"{path} {one}" for path, ones in found.items() for one in ones] == []
