"""An approver's day: given back with a reason, sent again by the agent, corrected by a word and approved."""

from playwright.async_api import expect
from sqlmodel import select

from models.enums import ApplicationState
from models.tables import Submission
from tests.e2e.conftest import Enter
from tests.e2e.deeds import find, go, open_row, open_steps, take_step, told
from tests.factories import City
from tests.process_bench import process_bench


async def test_rejected_resubmitted_approved(enter: Enter, city: City) -> None:
    """[İ7ç2, İ8b2]"""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    key = await bench.register()
    await bench.submit(key, brief="Herkez susuz, birşey yapılmalı.")
    number = (await bench.now_is(key)).number
    onay, elif_ = await enter("onay"), await enter("elif")
    await expect(onay.locator("h1")).to_have_text("Onay bekleyenler")
    await expect(onay.locator("mark").first).to_be_visible()
    await onay.get_by_label("İade gerekçesi").fill("Yazımı düzeltiniz.")
    await onay.get_by_role("button", name="İade et").click()
    await told(onay, "Gerekçesiyle iade edildi.")
    await expect(onay.locator("main")).to_contain_text("Onay bekleyen bir şey yok.")

    await find(elif_, number)
    await expect(elif_.locator("#head .tag.state")).to_have_text("Onaydan İade")
    await open_steps(elif_)
    await expect(elif_.get_by_text("Gerekçe: Yazımı düzeltiniz.")).to_be_visible()
    await take_step(elif_, "Birime gönder", "Gönder", text="Bir sokakta su yok.")
    await told(elif_, "onaya gönderildi")

    await go(onay, "Onay")
    await expect(onay.get_by_label("Birime gidecek özet")).to_have_value("Bir sokakta su yok.")
    await onay.get_by_label("Birime gidecek özet").fill("Bir sokakta üç gündür su yok.")
    await onay.get_by_role("button", name="Onayla").click()
    await told(onay, "Onaylandı.")
    one = await bench.now_is(key)
    assert (one.state, one.routed_unit, one.brief) == (ApplicationState.ROUTED, "izsu", "Bir sokakta üç gündür su yok.")
    async with city.desk.database.read() as session:
        states = (await session.exec(select(Submission.state).order_by(Submission.id))).all()
    assert [state.value for state in states] == ["rejected", "approved"]


async def test_she_reads_everything_and_answers_nobody(enter: Enter, city: City) -> None:
    onay = await enter("onay")
    await go(onay, "Gelen kutusu")
    await open_row(onay, city.applications["deniz.kaya35"])
    await expect(onay.locator("#talk")).to_contain_text("bütün sokakta yok")
    await expect(onay.locator("#answer")).to_have_count(0)
    await onay.fill("#note-text", "Özeti kısaltınız.")
    await onay.get_by_role("button", name="Notu ekle").click()
    await expect(onay.locator("#side .noted").first).to_be_visible()
