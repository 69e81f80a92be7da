"""The command bar, approval by keys, the bell of Merkez 1 and notifications of the desktop in a real browser."""

import asyncio

from playwright.async_api import APIResponse, Browser, Page, Route, expect

from models.tables import EmergencyAlarm
from tests.e2e.browser import log_in
from tests.e2e.watching import violations
from tests.factories import PASSWORD, City
from tests.inbox.web.test_approvals import queue_of

RECORDED = """
window.Notification = class {
  static permission = "granted";
  static requestPermission() { return Promise.resolve("granted"); }
  constructor(title, options) { document.documentElement.dataset.told += `[${title}: ${options.body}]`; }
  close() {}
};
"""
"""Stands for the desktop, which no test has."""


async def ask(page: Page, words: str) -> None:
    """In the command bar, with the keyboard alone, once the page's scripts hear it."""
    await page.wait_for_load_state("domcontentloaded")
    await page.keyboard.press("Control+k")
    await page.keyboard.type(words)


async def choose(page: Page, words: str) -> None:
    await ask(page, words)
    await expect(page.locator("#command-list [aria-selected=true]")).to_contain_text(words, ignore_case=True)
    await page.keyboard.press("Enter")


async def test_the_command_bar_finds_applications_pages_and_what_can_be_done(
    page: Page, city: City, address: str
) -> None:
    """What it offered is done even where the page has come anew meanwhile."""
    await log_in(page, address, login="elif")
    await choose(page, "0000003")
    await expect(page.locator("#work h1")).to_contain_text("HİM-2026-0000003")
    await ask(page, "üzerime al")
    button = await page.query_selector("#head [data-key=take]")
    await page.evaluate("htmx.trigger('#talk', 'refresh')")
    await page.wait_for_function("(button) => !button.isConnected", arg=button)
    await page.keyboard.press("Enter")
    await expect(page.locator("#head .holder")).to_contain_text("Sizde")
    await ask(page, "üzerime al")
    await expect(page.locator("#command-told")).to_have_text("Bulunamadı.")
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await choose(page, "iç not")
    await expect(page.locator("#note-text")).to_be_focused()
    await page.keyboard.press("Escape")
    await choose(page, "Olaylar")
    await expect(page).to_have_url(f"{address}/incidents")
    await ask(page, "")
    await page.keyboard.press("ArrowDown")
    option = page.locator("#command-list [aria-selected=true]")
    assert await page.get_attribute("#command-text", "aria-activedescendant") == await option.get_attribute("id")
    assert await violations(page) == []


async def test_the_approval_desk_by_keys_alone(page: Page, city: City, address: str) -> None:
    """One key approves and the next is open; a reason gives the other back."""
    await queue_of(city, "Bir sokakta su yok.", "İki sokakta su yok.", "Üç sokakta su yok.")
    await log_in(page, address, login="onay")
    text = page.locator("textarea[name=text]")
    await page.keyboard.press("j")
    await expect(text).to_have_value("İki sokakta su yok.")
    await page.keyboard.press("o")
    await expect(text).to_have_value("Üç sokakta su yok.")
    await expect(page.locator("#waiting")).to_have_text("2 kayıt")
    await page.keyboard.press("i")
    await page.keyboard.type("Hangi sokak?")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".told")).to_have_text("Gerekçesiyle iade edildi.")
    await expect(text).to_have_value("Bir sokakta su yok.")
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_contain_text("Onayla, sıradakine geç")


async def test_what_is_half_written_outlives_the_session_for_its_writer_alone(
    page: Page, city: City, address: str
) -> None:
    here = f"{address}/applications/{city.applications['deniz.kaya35']}?view=all"
    note = page.locator("#note-text")

    async def write(words: str) -> None:
        await page.click("label[for=tab-note]")
        await note.fill(words)

    async def come_in(login: str) -> None:
        await page.unroute_all(behavior="ignoreErrors")
        await page.fill("#login", login)
        await page.fill("#password", PASSWORD)
        await page.click("text=Giriş yap")
        await expect(page).to_have_url(here)
        await page.wait_for_load_state()

    async def hold_back(route: Route) -> None:
        asked = route.request
        by_itself = asked.resource_type in ("xhr", "fetch", "eventsource") and "/measure" not in asked.url
        await (route.abort() if by_itself else route.continue_())

    async def end_log_in() -> None:
        """Nothing that the page asks by itself takes her to the form before she writes on."""
        await page.route("**/*", hold_back)
        await page.context.clear_cookies()

    await page.goto(here)
    await come_in("elif")
    await write("Yarın aranacak")
    await end_log_in()
    await page.click("label[for=tab-answer]")
    await page.fill("#text", "Yapıştırılan cevap")
    await come_in("elif")
    await expect(page.locator("#text")).to_have_value("Yapıştırılan cevap")
    await expect(note).to_have_value("Yarın aranacak")
    await page.click("label[for=tab-note]")
    await page.click("[data-key=save-note]")
    await expect(page.locator("#notice")).to_contain_text("İç not eklendi")
    await page.reload()
    await expect(note).to_have_value("")
    await write("Yalnız bana")
    await end_log_in()
    await page.reload()
    await come_in("burcu")
    await expect(note).to_have_value("")


async def test_the_bell_rings_until_somebody_takes_it(page: Page, city: City, address: str) -> None:
    """[İ7b2] It says whether it can be heard, and asks by itself where no stream is."""
    await log_in(page, address, login="nobet")
    await page.goto(f"{address}/emergencies")
    await page.click("[data-sound]")
    await expect(page.locator("[data-sound]")).to_have_text("Ses açık")
    async with city.desk.database.write() as session:
        session.add(EmergencyAlarm(application_id=city.applications["Hatice Demir"], raised_at=city.desk.clock.now()))
    await page.evaluate("htmx.trigger('#alarm', 'refresh')")
    await expect(page.locator("body[data-rings]")).to_have_count(1)
    await page.keyboard.press("f")
    await expect(page.locator("html:fullscreen")).to_have_count(1)
    await page.route("**/emergencies", lambda route: route.abort())
    await page.evaluate("htmx.trigger('#alarm', 'refresh')")
    await expect(page.locator("[data-sound]")).to_contain_text("Bağlantı yok")
    await page.keyboard.press("u")
    await expect(page.locator("#notice")).to_contain_text("Acil başvuru sizin üzerinizde")
    await expect(page.locator("body[data-rings]")).to_have_count(0)


async def test_a_notice_is_shown_once_whatever_is_open(chromium: Browser, city: City, address: str) -> None:
    """Asked for on her own page; two tabs, one notice, no personal data."""
    context = await chromium.new_context()
    await context.add_init_script(RECORDED)
    page, other = await context.new_page(), await context.new_page()
    await log_in(page, address, login="elif")
    await page.goto(f"{address}/profile")
    await expect(page.locator("#notices [role=status]")).to_have_text("Kapalı.")
    await page.click("text=Bildirimleri aç")
    await expect(page.locator("#notices [role=status]")).to_contain_text("Açık")
    async with page.expect_response("**/events"):
        await page.goto(f"{address}/texts")
    await other.goto(f"{address}/inbox")
    await expect(other.locator("#stream")).to_be_visible()
    key, hers = city.applications["deniz.kaya35"], [city.users["elif"].id]
    await city.desk.bus.publish("application", {"id": key, "what": "message", "users": hers})
    once = "undefined[Size atanmış başvuruya yeni mesaj: HİM-2026-0000002 · Su kesintisi]"
    await expect(page.locator("html")).to_have_attribute("data-told", once)
    for _ in range(5):
        await city.desk.bus.publish("application", {"id": key, "what": "mentioned", "users": hers})
    await expect(page.locator("html")).to_have_attribute("data-told", f"{once}[HİM: 5 yeni bildirim]")
    assert await other.get_attribute("html", "data-told") is None
    await context.close()


async def test_keys_press_what_the_page_offers(page: Page, city: City, address: str) -> None:
    await log_in(page, address, login="elif")
    await page.goto(f"{address}/applications/{city.applications['Mehmet Akın']}?view=review")
    await page.keyboard.press("d")
    await expect(page.locator("#side")).not_to_contain_text("kesin değil")
    await page.fill("#text", "Yazdım")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".msg.pending")).to_contain_text("Yazdım")
    await expect(page.locator(".msg.pending [data-key=undo]")).to_be_in_viewport()
    await page.keyboard.press("z")
    await expect(page.locator(".msg.pending")).to_have_count(0)
    await expect(page.locator("#text")).to_have_value("Yazdım")
    await page.goto(f"{address}/inbox")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await expect(page.locator("#rows .pick input:checked")).to_have_count(1)
    await page.keyboard.press("x")
    await expect(page.locator("#rows .pick input:checked")).to_have_count(0)
    await page.goto(f"{address}/profile")
    await page.get_by_label("Tek tuşlu kısayollar açık").uncheck()
    await page.get_by_role("region", name="Klavye kısayolları").get_by_role("button").click()
    await expect(page.locator(".told")).to_be_visible()
    await page.keyboard.press("?")
    await page.keyboard.press("Control+k")
    await expect(page.locator("dialog[open]")).to_have_id("command")


async def test_a_refresh_from_before_her_change_brings_no_old_version(page: Page, city: City, address: str) -> None:
    """Her next answer would be refused as stale."""
    await log_in(page, address, login="elif")
    await page.goto(f"{address}/applications/{city.applications['kerem_35']}")
    await expect(page.locator("#stream")).to_be_visible()
    held: asyncio.Queue[tuple[Route, APIResponse]] = asyncio.Queue()

    async def hold(route: Route) -> None:
        await held.put((route, await route.fetch()))

    await page.route("**/talk", hold, times=1)
    await page.evaluate("htmx.trigger('#talk', 'refresh')")
    route, old = await held.get()
    await page.keyboard.press("a")
    await expect(page.locator("#head .holder")).to_contain_text("Sizde")
    version = await page.input_value("#answer-version")
    older = f"({{detail}}) => detail.fragment.querySelector('[name=version]')?.value < {version}"
    mark = "document.body.dataset.old = 'came'"
    await page.evaluate(f"addEventListener('htmx:oobBeforeSwap', (event) => {{ if (({older})(event)) {mark}; }})")
    await route.fulfill(response=old)
    await expect(page.locator("body[data-old=came]")).to_have_count(1)
    assert await page.input_value("#answer-version") == version


async def test_a_refresh_from_before_she_began_closes_nothing(page: Page, city: City, address: str) -> None:
    """What she has opened in the side panel stays open, with what she has written there."""
    await log_in(page, address, login="burcu")
    await page.goto(f"{address}/applications/{city.applications['Mehmet Akın']}")
    await expect(page.locator("#stream")).to_be_visible()
    held: asyncio.Queue[tuple[Route, APIResponse]] = asyncio.Queue()

    async def hold(route: Route) -> None:
        await held.put((route, await route.fetch()))

    await page.route("**/side", hold, times=1)
    await page.evaluate("htmx.trigger('#side', 'refresh')")
    route, old = await held.get()
    await page.get_by_text("Kişiyi engelle").click()
    await page.get_by_label("Gerekçe", exact=True).fill("Hakaret ediyor")
    await page.evaluate("addEventListener('htmx:beforeOnLoad', () => { document.body.dataset.old = 'came'; })")
    await route.fulfill(response=old)
    await expect(page.locator("body[data-old=came]")).to_have_count(1)
    await expect(page.get_by_label("Gerekçe", exact=True)).to_have_value("Hakaret ediyor")
