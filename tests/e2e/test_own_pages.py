"""People's own pages in a real browser: invited, a second factor, a password."""

import re

import pyotp
from playwright.async_api import Browser, Page

from models.clock import StillClock
from tests.factories import PASSWORD, City

NEW = "turuncu kedi 7 balkon"


async def invite(page: Page, address: str) -> str:
    """The administrator invites somebody; her link."""
    await page.goto(f"{address}/login")
    await page.fill("#login", "yonetici")
    await page.fill("#password", PASSWORD)
    await page.click("button.pri")
    await page.wait_for_url("**/accounts")
    await page.goto(f"{address}/people/new")
    await page.fill("#login", "derya")
    await page.fill("#name", "Derya Deniz")
    await page.click("text=Başvuru Personeli")
    await page.click("text=Davet et >> nth=-1")
    link = await page.inner_text("code")
    assert re.match(rf"{address}/invitations/[\w-]{{40,}}$", link)
    return link


async def test_from_an_invitation_to_a_log_in_with_two_steps(
    chromium: Browser, page: Page, city: City, address: str
) -> None:
    link = await invite(page, address)
    hers = await (await chromium.new_context(java_script_enabled=False)).new_page()
    await hers.goto(link)
    await hers.fill("#password", NEW)
    await hers.fill("#again", NEW)
    await hers.click("text=Parolayı kaydet")
    await hers.fill("#login", "derya")
    await hers.fill("#password", NEW)
    await hers.click("button.pri")
    await hers.wait_for_url("**/inbox")
    await hers.goto(f"{address}/profile/second-factor")
    secret = await hers.inner_text("code")
    clock = city.desk.clock
    assert isinstance(clock, StillClock)
    await hers.fill("#code", pyotp.TOTP(secret).at(clock.now()))
    await hers.click("text=İki adımlı girişi aç")
    assert await hers.locator("ol code").count() == 10
    await hers.click("text=Kodları sakladım")
    await hers.goto(f"{address}/profile")
    await hers.click("header .menu summary")
    await hers.click("header >> text=Çıkış yap")
    clock.advance(minutes=2)
    await hers.fill("#login", "derya")
    await hers.fill("#password", NEW)
    await hers.click("button.pri")
    await hers.wait_for_url("**/login/code")
    await hers.fill("#code", pyotp.TOTP(secret).at(clock.now()))
    await hers.click("button.pri")
    await hers.wait_for_url("**/inbox")


async def test_a_password_can_be_looked_at_and_is_weighed(page: Page, address: str) -> None:
    """[ASVS 2.1.8, 2.1.12] It leaves hidden again, so that no browser keeps it as a plain text."""
    await page.goto(await invite(page, address))
    await page.fill("#password", "kısa")
    assert await page.inner_text("[role=status]") == "çok zayıf"
    await page.fill("#password", NEW)
    assert await page.inner_text("[role=status]") == "güçlü"
    await page.click("text=Parolayı göster >> nth=0")
    assert await page.get_attribute("#password", "type") == "text"
    assert await page.get_attribute("#again", "type") == "password"
