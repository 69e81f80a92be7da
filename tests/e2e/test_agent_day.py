"""An agent's day: a call on its whole way to the unit and back, and the small work of the list."""

from playwright.async_api import expect
from sqlmodel import select

from inbox.services import responses
from models.enums import ApplicationState, Outcome
from models.tables import Application, Submission
from tests.conftest import NOW
from tests.e2e.conftest import Enter
from tests.e2e.deeds import go, key_of, open_row, open_steps, register, take_step, told
from tests.factories import City
from tests.process_bench import Bench, process_bench


async def answer(bench: Bench, key: int, text: str) -> None:
    """The unit's work is done."""
    async with bench.database.write() as session:
        one = await bench.read(session, key, "izsu")
        await responses.give_answer(session, one, bench.staff["izsu"], text=text, seen_version=one.version, now=NOW)


async def test_a_call_on_its_way_to_the_unit(enter: Enter, city: City) -> None:
    """[İ8a2, İ8b2] Registered by hand, sent, withdrawn, sent again."""
    elif_ = await enter("elif")
    await register(elif_)
    await open_steps(elif_)
    await take_step(elif_, "Birime gönder", "Gönder", text="Sokakta su yok.")
    await told(elif_, "onaya gönderildi")
    await take_step(elif_, "Onaydan geri çek", "Geri çek")
    await told(elif_, "Onaydan geri çekildi.")
    await take_step(elif_, "Birime gönder", "Gönder", text="Bir sokakta su yok.")
    await told(elif_, "onaya gönderildi")
    async with city.desk.database.read() as session:
        texts = (await session.exec(select(Submission.text).order_by(Submission.id))).all()
    assert texts == ["Sokakta su yok.", "Bir sokakta su yok."]


async def test_what_the_unit_says_on_its_way_to_the_citizen(enter: Enter, city: City, address: str) -> None:
    """[İ6a10, İ6a11, İ19ç] An interim notice is passed on, an answer sent back, the better one passed on and closed."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    key = await bench.route()
    await bench.accept(key)
    async with city.desk.database.write() as session:
        one = await bench.read(session, key, "izsu")
        await responses.give_interim(
            session, one, bench.staff["izsu"], text="Ekip yolda.", seen_version=one.version, now=NOW
        )
    elif_ = await enter("elif")
    await open_row(elif_, key)
    await open_steps(elif_)
    await take_step(elif_, "Ara bilgiyi vatandaşa ilet", "İlet", given_by="telefon")
    await told(elif_, "Vatandaşa bildirildi.")
    await answer(bench, key, "Yapıldı.")
    await elif_.reload()
    await take_step(elif_, "Birimin cevabı", "Birime geri gönder")
    await expect(elif_.get_by_label("Geri gönderme gerekçesi")).to_be_focused()
    await elif_.get_by_label("Geri gönderme gerekçesi").fill("Ne yapıldığını yazınız.")
    await elif_.get_by_role("button", name="Birime geri gönder").click()
    await told(elif_, "Gerekçesiyle birime geri gönderildi.")
    await answer(bench, key, "Arıza 23 Kasım'da giderildi.")
    await elif_.reload()
    await expect(elif_.get_by_label("Vatandaşa gidecek cevap")).to_have_value("Arıza 23 Kasım'da giderildi.")
    await take_step(elif_, "Birimin cevabı", "Vatandaşa ilet", given_by="telefon")
    await told(elif_, "Verdiğiniz cevap kaydedildi.")
    await expect(elif_.locator("#head .tag.state")).to_have_text("Cevaplandı")
    await elif_.keyboard.press("e")
    await elif_.get_by_label("Olumlu", exact=True).check()
    await elif_.keyboard.press("Control+Enter")
    await expect(elif_.locator("#head .tag.state")).to_have_text("Sonuçlandı")
    closed = await bench.now_is(key)
    assert (closed.state, closed.outcome) == (ApplicationState.CLOSED, Outcome.POSITIVE)


async def test_the_small_work_of_the_list(enter: Enter, city: City) -> None:
    """Many at once and back, a list that is kept, a colleague who is named."""
    elif_ = await enter("elif")
    for name in ("gizemlisokak", "kerem_35"):
        await elif_.locator(f"#row-a{city.applications[name]} input").check()
    await elif_.locator("#bulk").get_by_role("button", name="Üzerime al").click()
    await told(elif_, "2 başvuru güncellendi.")
    await elif_.locator("#notice").get_by_role("button", name="Geri al").click()
    await expect(elif_.locator(f"#row-a{city.applications['kerem_35']} .me")).to_have_count(0)
    await elif_.get_by_text("Liste", exact=True).click()
    await elif_.get_by_label("Bu listeyi görünüm olarak sakla").fill("Benim listem")
    await elif_.get_by_role("button", name="Sakla").click()
    await told(elif_, "Görünüm sol menüye eklendi.")
    await expect(elif_.locator("#rail")).to_contain_text("Benim listem")
    await open_row(elif_, city.applications["kerem_35"])
    await elif_.keyboard.press("n")
    await elif_.keyboard.type("@burcu bu rögar için ne dersin?")
    await elif_.keyboard.press("Control+Enter")
    await told(elif_, "adını andığınız kişiler görecek")
    burcu = await enter("burcu")
    await burcu.locator("#rail").get_by_role("link", name="Adınızın geçtiği notlar").click()
    await burcu.get_by_role("main").get_by_role("link").first.click()
    await expect(burcu.locator(".noted")).to_contain_text("ne dersin?")
    assert key_of(burcu) == city.applications["kerem_35"]
    await expect(burcu.locator("#rail")).not_to_contain_text("Adınızın geçtiği")


async def test_what_is_taken_is_hers(enter: Enter, city: City) -> None:
    """By the keyboard: taken, corrected, seen among her own; somebody else's list does not have it."""
    elif_ = await enter("elif")
    await open_row(elif_, city.applications["onurtan"])
    await elif_.keyboard.press("a")
    await expect(elif_.locator("#head .holder")).to_contain_text("Sizde")
    await elif_.keyboard.press("c")
    await elif_.locator("#correct-urgency").select_option("yuksek")
    await elif_.locator("#correcting").get_by_role("button", name="Kaydet").click()
    await told(elif_, "Sınıflandırma kaydedildi.")
    await elif_.locator("#rail").get_by_role("link", name="Bana atananlar").click()
    await expect(elif_.locator(f"#row-a{city.applications['onurtan']}")).to_be_visible()
    async with city.desk.database.read() as session:
        taken = await session.get_one(Application, city.applications["onurtan"])
    assert (taken.assignee_id, taken.urgency) == (city.users["elif"].id, "yuksek")
    await go(elif_, "Süre uyarıları")
    await expect(elif_.locator("h1")).to_have_text("Süre uyarıları")
