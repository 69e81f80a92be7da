"""An agent's way in a real browser: list, conversation, answer, undo, keyboard, live news, a phone, no script."""

from datetime import timedelta

from playwright.async_api import Browser, Locator, Page, expect

from models.enums import ApplicationState, ChannelName, Outcome
from models.tables import Application
from tests.e2e.browser import log_in
from tests.e2e.watching import arrive, faults, let_in
from tests.factories import City, play, send_all
from tests.scenes import Scene


async def state_of(city: City, name: str) -> Application:
    async with city.desk.database.read() as session:
        found = await session.get(Application, city.applications[name])
    assert found
    return found


async def tell(city: City, application_id: int, what: str) -> None:
    await city.desk.bus.publish("application", {"id": application_id, "what": what})


def row(page: Page, city: City, name: str) -> Locator:
    return page.locator(f"#row-a{city.applications[name]} .row")


async def test_from_the_list_to_a_sent_answer(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await row(page, city, "gizemlisokak").click()
    await expect(page.locator("#work h1")).to_contain_text("HİM-2026-0000003")
    await expect(page).to_have_url(f"{address}/applications/3")
    await expect(row(page, city, "gizemlisokak")).to_have_attribute("aria-current", "true")
    await expect(row(page, city, "gizemlisokak")).not_to_have_class("unread")
    await page.fill("#text", "Seferi inceliyoruz, sonucu buradan bildireceğiz.")
    await expect(page.locator("#count")).to_have_text("48 / 280 karakter")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".msg.pending")).to_contain_text("Seferi inceliyoruz")
    await expect(page.locator("#notice")).to_contain_text("10 saniye içinde")
    await expect(page.locator("#text")).to_have_value("")
    await expect(page.locator("#row-a3 .me")).to_have_attribute("title", "Elif Aydın")
    await send_all(city, at=city.desk.clock.now() + timedelta(seconds=11))
    await tell(city, 3, "sent")
    await expect(page.locator(".msg.out")).to_contain_text("gönderildi")
    await expect(page.locator("#head .tag.state")).to_have_text("Cevaplandı")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await page.get_by_label("Olumlu").check()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#head .tag.state")).to_have_text("Sonuçlandı")
    closed = await state_of(city, "gizemlisokak")
    assert (closed.state, closed.outcome) == (ApplicationState.CLOSED, Outcome.POSITIVE)


async def test_an_answer_taken_back_stands_in_the_composer(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await row(page, city, "kerem_35").click()
    await page.fill("#text", "Yanlış oldu")
    await page.click("#answer .pri")
    await page.click(".msg.pending >> text=Geri al")
    await expect(page.locator("#text")).to_have_value("Yanlış oldu")
    await expect(page.locator(".msg.pending")).to_have_count(0)


async def test_the_keyboard_does_everything(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(row(page, city, "deniz.kaya35")).to_be_focused()
    await page.keyboard.press("k")
    await page.keyboard.press("Enter")
    await expect(page.locator("#work h1")).to_contain_text("HİM-2026-0000001")
    await page.keyboard.press("a")
    await expect(page.locator("#head .holder")).to_contain_text("Sizde")
    await page.keyboard.press("r")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    await expect(page.locator("#note-text")).to_be_focused()
    await page.keyboard.type("112 arandı")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".noted")).to_contain_text("112 arandı")
    await page.keyboard.press("c")
    await expect(page.locator("#correct-kind")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()
    await page.keyboard.press("/")
    await page.keyboard.type("salıncak")
    await page.keyboard.press("Escape")
    await expect(page.locator("#q")).not_to_be_focused()


async def test_a_doubtful_topic_is_one_key_away(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await row(page, city, "Mehmet Akın").click()
    await expect(page.locator("#side")).to_contain_text("kesin değil")
    await page.keyboard.press("1")
    await expect(page.locator("#side dd b").nth(1)).to_have_text("Sokak aydınlatması")
    await expect(page.locator("#side")).not_to_contain_text("kesin değil")
    await expect(page.locator("#row-a4 .tag")).to_have_text("Sokak aydınlatması")


async def test_news_come_without_moving_anything(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await row(page, city, "deniz.kaya35").click()
    await page.fill("#text", "Yarım kalan cevap")
    await expect(page.locator("#stream")).to_be_visible()
    first = await page.locator("#rows li").first.get_attribute("id")
    new = Scene(channel=ChannelName.TELEGRAM, who="Yeni Gelen", texts=["köprüde çukur var"], minutes=0,
                topic="yol_bozuk", unit="fen_isleri")  # fmt: skip
    await play(city, new, number=70)
    again = Scene(channel=ChannelName.INSTAGRAM, who="Deniz Kaya", handle="deniz.kaya35", minutes=0,
                  texts=["hâlâ su yok"], topic="su_kesintisi", unit="izsu")  # fmt: skip
    await play(city, again, number=71)
    await tell(city, city.applications["Yeni Gelen"], "opened")
    await tell(city, city.applications["deniz.kaya35"], "message")
    await expect(page.locator("#fresh .new")).to_have_text("2 yeni mesaj · göster")
    await expect(page.locator("#talk")).to_contain_text("hâlâ su yok")
    await expect(page.locator("#text")).to_have_value("Yarım kalan cevap")
    assert await page.locator("#rows li").first.get_attribute("id") == first
    await expect(row(page, city, "Yeni Gelen")).to_have_count(0)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".msg.pending")).to_contain_text("Yarım kalan cevap")
    await page.click("#fresh .new")
    await expect(row(page, city, "Yeni Gelen")).to_be_visible()
    await expect(page.locator("#work h1")).to_contain_text("HİM-2026-0000002")


async def test_what_came_while_the_line_was_down_is_shown(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await expect(page.locator("#stream")).to_be_visible()
    new = Scene(channel=ChannelName.TELEGRAM, who="Sessiz", texts=["köprüde çukur var"], minutes=0,
                topic="yol_bozuk", unit="fen_isleri")  # fmt: skip
    await play(city, new, number=70)
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(page.locator("#fresh .new")).to_have_text("1 yeni mesaj · göster")


async def test_somebody_faster_is_told_and_the_text_stays(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await row(page, city, "deniz.kaya35").click()
    await page.fill("#text", "Uzun emek")
    async with city.desk.database.write() as session:
        one = await session.get(Application, city.applications["deniz.kaya35"])
        assert one
        one.version += 1
        session.add(one)
    await page.click("#answer .pri")
    await expect(page.locator("#notice")).to_contain_text("siz bakarken değişti")
    await expect(page.locator("#text")).to_have_value("Uzun emek")


async def test_the_check_queue_from_message_to_message(page: Page, city: City, address: str) -> None:
    await let_in(page.context, city, address, login="elif")
    await page.goto(f"{address}/inbox?view=review")
    await page.click(f"#row-m{city.checks['kriptokazan']} .row")
    await expect(page.locator("#talk")).to_contain_text("5000 TL")
    await page.keyboard.press("e")
    await expect(page.locator(f"#row-m{city.checks['kriptokazan']}")).to_have_count(0)
    await page.click("text=Sıradaki mesaj")
    await expect(page.locator("#talk")).to_contain_text("bizim mahalle")
    await page.click("#notice >> text=Geri al")
    await page.wait_for_url(f"**/checks/{city.checks['kriptokazan']}?view=review**")
    await page.select_option("#open-topic", "isgal_seyyar")
    await expect(page.locator("#open-unit")).to_have_value("zabita")
    await page.click("#opening button")
    await expect(page.locator("#work h1")).to_contain_text("HİM-2026-0000015")


async def test_a_key_is_heard_the_moment_its_page_stands_there(page: Page, city: City, address: str) -> None:
    await let_in(page.context, city, address, login="elif")
    await page.goto(f"{address}/inbox?view=review")
    key = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'e', bubbles: true}))"
    shown = "event.detail.target.id === 'work' && document.querySelector('#opening')"
    await page.evaluate(f"addEventListener('htmx:afterSwap', event => {shown} && setTimeout(() => {key}))")
    await page.click(f"#row-m{city.checks['kriptokazan']} .row")
    await expect(page.locator("#work")).to_contain_text("Sıradaki mesaj")


async def test_without_script_the_work_goes_on(chromium: Browser, city: City, address: str) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await log_in(page, address, login="elif")
    await row(page, city, "kerem_35").click()
    await page.click("#work >> text=Üzerime al")
    await expect(page.locator("#notice")).to_contain_text("Başvuru sizin üzerinizde")
    await page.fill("#text", "Ekip yola çıktı")
    await page.click("#answer .pri")
    await expect(page.locator(".msg.pending")).to_contain_text("Ekip yola çıktı")
    await context.close()


async def test_on_a_phone_the_panes_are_steps(chromium: Browser, city: City, address: str) -> None:
    context = await chromium.new_context(viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await arrive(page, city, address, login="elif")
    await expect(page.locator("#list")).to_be_visible()
    await expect(page.locator("#work")).to_be_hidden()
    await row(page, city, "deniz.kaya35").click()
    await expect(page.locator("#talk")).to_be_visible()
    await expect(page.locator("#list")).to_be_hidden()
    await page.click("text=Bilgiler")
    await expect(page.locator("#side")).to_be_visible()
    await page.click("text=‹ Konuşma")
    await expect(page.locator("#side")).to_be_hidden()
    await page.click("text=‹ Liste")
    await expect(page.locator("#list")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    await context.close()


async def test_the_theme_is_chosen_and_kept(page: Page, city: City, address: str) -> None:
    await arrive(page, city, address, login="elif")
    await page.click("[data-theme-toggle]")
    assert await page.get_attribute("html", "data-theme") == "dark"
    await page.reload()
    assert await page.get_attribute("html", "data-theme") == "dark"


async def test_axe_finds_nothing_in_what_is_unfolded(page: Page, city: City, address: str) -> None:
    await let_in(page.context, city, address, login="burcu")
    await page.goto(f"{address}/applications/4?view=review")
    await page.keyboard.press("c")
    found = await faults(page)
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    found += await faults(page)
    assert found == []
