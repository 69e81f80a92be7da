"""The classifier's page in a real browser: readable for everybody, on a phone too, and promoted by a button."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from models.learning import ReplayVerdict
from tests.e2e.watching import let_in
from tests.factories import City
from tests.inbox.web.test_learning import Shelf, compare, store_weeks


async def test_a_chief_promotes_the_challenger(page: Page, city: City, address: str) -> None:
    city.desk.models = shelf = Shelf()
    await compare(city, ReplayVerdict.BETTER)
    await store_weeks(city)
    await let_in(page.context, city, address, login="mudur")
    await page.goto(f"{address}/learning")
    for width in (1366, 375):
        await page.set_viewport_size({"width": width, "height": 800})
        found = (await Axe().run(page)).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await page.click("text=Adayı çalıştır")
    await expect(page.locator("text=eski → yeni")).to_be_visible()
    await page.click("text=Önceki modele dön")
    await expect(page.locator("text=Önceki modele dönüldü.")).to_be_visible()
    assert shelf.places == ["eski", "", "yeni"]
