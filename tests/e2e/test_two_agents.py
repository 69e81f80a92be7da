"""Two agents at one application: each sees the other before it hurts, and whoever is later loses nothing."""

from playwright.async_api import Route, expect

from inbox.services import applications
from tests.e2e.conftest import Enter
from tests.e2e.deeds import open_row
from tests.factories import City


async def test_each_sees_that_the_other_is_there(enter: Enter, city: City) -> None:
    elif_, burcu = await enter("elif"), await enter("burcu")
    key = city.applications["kerem_35"]
    await open_row(elif_, key)
    await expect(elif_.locator("#others")).to_have_text("")
    async with elif_.expect_response("**/unsent"):
        await elif_.locator("#text").press_sequentially("Ekip yola çıktı.")
    await open_row(burcu, key)
    await expect(burcu.locator("#others")).to_have_text("Elif Aydın yazıyor")


async def test_the_later_answer_is_refused_in_words_and_kept(enter: Enter, city: City) -> None:
    """The second one's page has heard nothing: her line is down."""
    elif_, burcu = await enter("elif"), await enter("burcu")
    key = city.applications["kerem_35"]
    for page in (elif_, burcu):
        await open_row(page, key)
        await expect(page.locator("#work h1")).to_contain_text("HİM-")

    async def nothing(route: Route) -> None:
        await route.abort()

    await elif_.route("**/talk*", nothing)
    await elif_.locator("#text").fill("Rögar kapağı için ekip gönderdik.")
    await burcu.locator("#text").fill("Kapak kapatıldı.")
    await burcu.keyboard.press("Control+Enter")
    await expect(burcu.locator(".msg.pending")).to_contain_text("Kapak kapatıldı.")

    await elif_.keyboard.press("Control+Enter")
    await expect(elif_.locator("#notice")).to_contain_text("siz bakarken değişti")
    await expect(elif_.locator("#text")).to_have_value("Rögar kapağı için ekip gönderdik.")
    await elif_.unroute("**/talk*")
    await elif_.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(elif_.locator("#notice")).to_contain_text("az önce bir cevap yazıldı")
    await expect(elif_.locator(".msg.pending")).to_be_in_viewport()
    await elif_.reload()
    await expect(elif_.locator(".msg.pending")).to_contain_text("Kapak kapatıldı.")
    await expect(elif_.locator("#text")).to_have_value("Rögar kapağı için ekip gönderdik.")
    async with city.desk.database.read() as session:
        sent = await applications.read(session, key, city.actor("elif"))
    assert sent.assignee_id == city.users["burcu"].id
