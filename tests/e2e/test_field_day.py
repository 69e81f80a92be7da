"""The field team's day on a phone: taken, looked at, undone: back to the unit."""

from playwright.async_api import expect

from inbox.services import field_checks
from models.enums import ApplicationState
from tests.conftest import NOW
from tests.e2e.conftest import Enter
from tests.e2e.deeds import card, told
from tests.factories import City
from tests.process_bench import process_bench


async def test_undone_work_goes_back_to_the_unit(enter: Enter, city: City) -> None:
    """[İ6b9, İ7d5]"""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    key = await bench.route()
    async with city.desk.database.write() as session:
        one = await bench.read(session, key, "elif")
        one.state, one.answered_at = ApplicationState.ANSWERED, NOW
        await field_checks.ask(session, one, city.actor("elif"), reason="Vatandaş yapılmadı diyor", now=NOW)
        number = one.number
    saha = await enter("saha")
    await saha.set_viewport_size({"width": 360, "height": 740})
    look = card(saha, number)
    await expect(look).to_contain_text("Vatandaş yapılmadı diyor")
    await expect(saha.locator("body")).not_to_contain_text("Ayşe")
    await look.get_by_role("button", name="Üzerime al").click()
    await told(saha, "Değişiklik kaydedildi.")
    await expect(look).to_contain_text("sizde")
    await look.get_by_label("İş yapılmamış").check()
    await look.get_by_label("Açıklama").fill("Boru hâlâ açıkta, 12 numaranın önü.")
    await look.get_by_role("button", name="Tespiti kaydet").click()
    await told(saha, "başvuru birime geri gitti")
    await expect(saha.locator("main")).to_contain_text("Bekleyen yerinde tespit yok.")
    izsu = await enter("izsu")
    await expect(card(izsu, number)).to_contain_text("İşlemde")
