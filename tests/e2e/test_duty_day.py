"""The duty desk's day: an emergency rings until it is taken; one that comes by telephone goes out at once."""

from playwright.async_api import expect

from inbox.services import emergencies
from models.enums import ApplicationState
from models.tables import Application
from tests.e2e.conftest import Enter
from tests.e2e.deeds import card, go, key_of, open_steps, register, take_step, told
from tests.factories import City


async def ring(city: City) -> None:
    """What the clock of the desk does every minute."""
    async with city.desk.database.write() as session:
        raised = await emergencies.ring_missed(session, now=city.desk.clock.now(), zone=city.desk.profile.time_zone)
    for one in raised:
        await city.desk.bus.publish("application", {"id": one, "what": "emergency", "emergency": True})


async def test_it_rings_until_it_is_taken(enter: Enter, city: City) -> None:
    """[İ7b2] While the list stands open; at everybody's who may take it, until somebody does."""
    nobet, burcu, elif_ = await enter("nobet"), await enter("burcu"), await enter("elif")
    for page in (nobet, burcu):
        await expect(page.locator("#stream")).to_have_text("Canlı")
    await ring(city)
    await expect(burcu.locator("#alarm [role=alert]")).to_be_visible()
    await nobet.locator("#alarm").get_by_role("button", name="Üstlen").click()
    await told(nobet, "Acil başvuru sizin üzerinizde; uyarı sustu.")
    assert key_of(nobet) == city.applications["Hatice Demir"]
    await nobet.keyboard.press("n")
    await nobet.keyboard.type("112 arandı, ekip yolda")
    await nobet.keyboard.press("Control+Enter")
    await expect(nobet.locator("#side .noted")).to_contain_text("112 arandı")
    await expect(burcu.locator("#alarm [role=alert]")).to_have_count(0)
    await expect(elif_.locator("#alarm [role=alert]")).to_have_count(0)
    await go(nobet, "Acil başvurular")
    await expect(nobet.locator("main .card").first).to_contain_text("Üstlenen: Nöbetçi Merkez")


async def test_an_emergency_by_telephone_waits_for_no_approval(enter: Enter, city: City) -> None:
    """[İ7b2-4]"""
    nobet = await enter("nobet")
    number = await register(nobet, urgency="acil")
    key = key_of(nobet)
    await open_steps(nobet)
    await take_step(nobet, "Birime gönder", "Gönder", text="Gaz kokusu.")
    await told(nobet, "Başvuru birime gönderildi.")
    onay, izsu = await enter("onay"), await enter("izsu")
    await expect(onay.locator("main")).to_contain_text("birime gitti, onayı sonradan")
    await expect(card(izsu, number)).to_contain_text("Acil")
    async with city.desk.database.read() as session:
        one = await session.get_one(Application, key)
    assert (one.state, one.approval_owed) == (ApplicationState.ROUTED, True)
