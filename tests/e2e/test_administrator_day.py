"""An administrator's day, and quality's: a unit user invited and authorised, rules changed, an account silenced."""

from playwright.async_api import Browser, expect

from models.enums import ApplicationState
from models.tables import Application
from tests.e2e.browser import log_in
from tests.e2e.conftest import Enter
from tests.e2e.deeds import card, go, key_of, open_steps, register, take_step, told
from tests.factories import City

NEW = "turuncu kedi 7 balkon"


async def test_a_unit_user_is_invited_authorised_and_comes_in(
    enter: Enter, chromium: Browser, city: City, address: str
) -> None:
    """[İ9a8] Invited by the administrator, authorised by quality; before that nothing is there for her."""
    yonetici, kalite = await enter("yonetici"), await enter("kalite")
    await go(yonetici, "Kullanıcılar")
    await yonetici.get_by_role("link", name="Kullanıcı davet et").click()
    await yonetici.get_by_label("Kullanıcı adı").fill("derya")
    await yonetici.get_by_label("Ad soyad").fill("Derya Deniz")
    await yonetici.get_by_label("Birim HİM Kullanıcısı").check()
    await yonetici.locator("#unit").select_option("izsu")
    await yonetici.get_by_role("button", name="Davet et").click()
    link = await yonetici.locator("code").inner_text()

    context = await chromium.new_context(locale="tr-TR")
    hers = await context.new_page()
    await hers.goto(link)
    await hers.fill("#password", NEW)
    await hers.fill("#again", NEW)
    await hers.get_by_role("button", name="Parolayı kaydet").click()
    await log_in(hers, address, login="derya", password=NEW)
    await expect(hers.get_by_role("navigation").get_by_role("link", name="Birimim")).to_have_count(0)

    await (
        kalite.get_by_role("link", name="Derya Deniz")
        .or_(kalite.get_by_role("link", name="Kullanıcılar"))
        .first.click()
    )
    await kalite.get_by_role("link", name="Derya Deniz").click()
    await kalite.get_by_role("button", name="Birim kullanıcısı olarak yetkilendir").click()
    await expect(kalite.get_by_role("button", name="Birim kullanıcısı olarak yetkilendir")).to_have_count(0)
    await log_in(hers, address, login="derya", password=NEW)
    await expect(hers.locator("h1")).to_contain_text("İZSU")
    await context.close()

    await go(yonetici, "Güvenlik kayıtları")
    await expect(yonetici.locator("main")).to_contain_text("Birim kullanıcısı yetkilendirildi")


async def test_a_rule_changes_what_happens_next(enter: Enter, city: City) -> None:
    """[İ8b2] Telephone calls need no approval any more; a day of leave is declared and taken back."""
    yonetici, elif_ = await enter("yonetici"), await enter("elif")
    await go(yonetici, "Kurallar")
    await yonetici.get_by_label("Telefon").uncheck()
    await card(yonetici, "Onay").get_by_role("button", name="Kaydet").click()
    await told(yonetici, "Kurallar kaydedildi.")
    await expect(yonetici.get_by_label("Telefon")).not_to_be_checked()
    await yonetici.get_by_label("Gün", exact=True).fill("2026-12-31")
    await yonetici.get_by_label("Gerekçe").fill("Yılbaşı arifesi")
    await yonetici.get_by_role("button", name="Ekle").click()
    await expect(card(yonetici, "İdari izin günleri")).to_contain_text("31.12.2026")
    await yonetici.get_by_role("button", name="31.12.2026 gününü kaldır").click()
    await expect(card(yonetici, "İdari izin günleri")).not_to_contain_text("31.12.2026")

    await register(elif_)
    await open_steps(elif_)
    await take_step(elif_, "Birime gönder", "Gönder", text="Bir sokakta su yok.")
    await told(elif_, "Başvuru birime gönderildi.")
    async with city.desk.database.read() as session:
        one = await session.get_one(Application, key_of(elif_))
    assert one.state is ApplicationState.ROUTED


async def test_an_account_only_listens(enter: Enter, city: City) -> None:
    yonetici = await enter("yonetici")
    first = yonetici.locator("main .card", has=yonetici.get_by_role("button", name="Yalnız dinle")).first
    name = await first.locator("h2").inner_text()
    await first.get_by_role("button", name="Yalnız dinle").click()
    await expect(card(yonetici, name)).to_contain_text("yalnız dinliyor")
    await card(yonetici, name).get_by_role("button", name="Yanıt vermeye başla").click()
    await expect(card(yonetici, name)).not_to_contain_text("yalnız dinliyor")
