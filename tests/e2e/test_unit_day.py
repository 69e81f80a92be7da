"""A unit user's day: her own list alone; accepted, interim, answered; returned; scheduled until its date."""

import re
from datetime import timedelta

from playwright.async_api import expect

from bots.clock import DeskClock
from bots.notifier import PageNotifier
from bots.queues.local import LocalBus, LocalLease
from models.enums import ApplicationState
from tests.conftest import NOW
from tests.e2e.conftest import Enter
from tests.e2e.deeds import card, find, go, open_steps, take_step, told
from tests.factories import City
from tests.process_bench import process_bench


async def test_accepted_interim_answered(enter: Enter, city: City, address: str) -> None:
    """[İ9a8, İ6a11, İ20a] What is not with her unit is not there."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    key = await bench.route()
    number = (await bench.now_is(key)).number
    izsu = await enter("izsu")
    await card(izsu, number).get_by_role("link", name="Kabul ya da iade et").click()
    await take_step(izsu, "Kabul et", "Birimimizin işi, başladık")
    await told(izsu, "Başvuru biriminizde işlemde.")
    await expect(card(izsu, "İade et")).to_have_count(0)
    await take_step(izsu, "Ara bilgi ver", "Merkeze gönder", text="Ekip yolda.")
    await told(izsu, "Hemşehri İletişim Merkezi'ne gönderildi.")
    await take_step(izsu, "Cevabı gönder", "Merkeze gönder", text="Arıza giderildi.")
    await told(izsu, "Hemşehri İletişim Merkezi'ne gönderildi.")
    await expect(card(izsu, "Durum")).to_contain_text("Cevap Kontrolünde")
    assert (await bench.now_is(key)).state is ApplicationState.ANSWER_REVIEW
    await izsu.goto(f"{address}/applications/{city.applications['gizemlisokak']}")
    await expect(izsu.get_by_role("alert")).to_contain_text("Bu numarada bir başvuru yok")


async def test_what_is_not_hers_goes_back(enter: Enter, city: City) -> None:
    """[İ20a] Within three days, with a reason that the desk reads."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    key = await bench.route()
    number = (await bench.now_is(key)).number
    izsu, elif_ = await enter("izsu"), await enter("elif")
    await expect(card(izsu, number)).to_contain_text("iade için son an")
    await card(izsu, number).get_by_role("link", name="Kabul ya da iade et").click()
    await take_step(izsu, "İade et", "Merkeze iade et", text="İzmirgaz'ın işi.")
    await told(izsu, "Başvuru merkeze iade edildi.")
    await expect(card(izsu, number)).to_have_count(0)
    await find(elif_, number)
    await expect(elif_.locator("#head .tag.state")).to_have_text("Birimden İade")
    await expect(elif_.locator("#side .past")).to_contain_text("İzmirgaz'ın işi.")
    assert (await bench.now_is(key)).routed_unit is None


async def test_scheduled_until_its_date(enter: Enter, city: City) -> None:
    """[İ20a] Asked by the unit, consented by the desk, told to the citizen, looked at again on the date."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    key = await bench.route()
    await bench.accept(key)
    number = (await bench.now_is(key)).number
    izsu, elif_ = await enter("izsu"), await enter("elif")
    await card(izsu, number).get_by_role("link", name="Cevapla").click()
    day = (NOW + timedelta(days=60)).date()
    await take_step(izsu, "Programa al", "Termin iste", date=day.isoformat(), text="Hat yenilenecek.")
    await told(izsu, "Hemşehri İletişim Merkezi'ne gönderildi.")

    await find(elif_, number)
    await open_steps(elif_)
    asked = elif_.get_by_role("region", name="Termin talebi")
    await expect(asked).to_contain_text("Hat yenilenecek.")
    await expect(asked.get_by_label("Vatandaşa gidecek bilgi")).to_have_value(re.compile(number))
    await asked.locator("[name=given_by]").select_option("telefon")
    await asked.get_by_role("button", name="Onayla ve bildir").click()
    await told(elif_, "Başvuru programa alındı")

    await go(izsu, "Birimim")
    await expect(card(izsu, number)).to_contain_text("Programa Alındı")
    city.desk.clock.advance(days=61)
    await DeskClock(
        database=city.desk.database, bus=LocalBus(), lease=LocalLease(), clock=city.desk.clock,
        profile=city.desk.profile, notifier=PageNotifier(),
    ).look()  # fmt: skip
    assert (await bench.now_is(key)).state is ApplicationState.IN_PROGRESS
    again = await enter("izsu")
    await expect(card(again, number)).to_contain_text("İşlemde")
