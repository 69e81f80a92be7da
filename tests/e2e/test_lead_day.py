"""A team lead's day: work given out, the roster, a pause, a person blocked; an incident answered for all."""

from playwright.async_api import expect
from sqlmodel import select

from inbox.services import incidents
from models.enums import SOCIAL_CHANNELS, ApplicationState, IncidentState
from models.tables import Application, Incident, OutboxItem
from tests.e2e.conftest import Enter
from tests.e2e.deeds import card, go, open_row, open_steps, take_step, told
from tests.factories import City, play
from tests.scenes import Scene

ANSWER = "Ana boru onarıldı; su 18.00'de verilecek."


async def test_work_is_given_out(enter: Enter, city: City) -> None:
    """[İ17, İ18] One by one and many at once, with the way back."""
    burcu = await enter("burcu")
    await open_row(burcu, city.applications["gizemlisokak"])
    await burcu.locator("#head").get_by_text("Ata", exact=True).click()
    await burcu.get_by_label("Kimin üzerine?").select_option(label="Elif Aydın")
    await burcu.locator("#head").get_by_role("button", name="Kaydet").click()
    await told(burcu, "Atama kaydedildi.")
    await expect(burcu.locator("#head .holder")).to_contain_text("Elif Aydın üzerinde")
    for name in ("kerem_35", "onurtan"):
        await burcu.locator(f"#row-a{city.applications[name]} input").check()
    await burcu.locator("#bulk").get_by_text("Ata", exact=True).first.click()
    await burcu.get_by_label("Kime?").select_option(label="Elif Aydın")
    await burcu.locator("#bulk").get_by_role("button", name="Ata", exact=True).click()
    await told(burcu, "2 başvuru güncellendi.")
    await burcu.locator("#notice").get_by_role("button", name="Geri al").click()
    await expect(burcu.locator(f"#row-a{city.applications['onurtan']} .me")).to_have_count(0)
    await expect(burcu.locator(f"#row-a{city.applications['gizemlisokak']} .me")).to_have_count(1)


async def test_the_roster(enter: Enter, city: City) -> None:
    """[İ17, İ18]"""
    burcu = await enter("burcu")
    await go(burcu, "Vardiya ve dağıtım")
    await burcu.get_by_label("Yeni başvurular nasıl dağıtılsın?").select_option(
        label="Sırayla (orada olanlar arasında)"
    )
    await burcu.locator("form", has=burcu.locator("#method")).get_by_role("button", name="Kaydet").click()
    await told(burcu, "Değişiklik kaydedildi.")
    hers = card(burcu, "Elif Aydın")
    await hers.get_by_text("Vardiya ekle", exact=True).click()
    await hers.get_by_label("Başlangıç", exact=True).fill("08:00")
    await hers.get_by_label("Bitiş", exact=True).fill("17:00")
    await hers.get_by_role("button", name="Vardiyayı ekle").click()
    await expect(hers).to_contain_text("Vardiya 08.00–17.00")
    await hers.get_by_text("İzin ekle", exact=True).click()
    await hers.get_by_label("Neden").fill("Yıllık izin")
    await hers.get_by_role("button", name="İzni ekle").click()
    await expect(hers).to_contain_text("burada değil")
    await hers.get_by_role("button", name="Bitir").click()
    await expect(hers).not_to_contain_text("Yıllık izin")


async def test_a_limit_is_paused_and_a_person_blocked(enter: Enter, city: City) -> None:
    burcu = await enter("burcu")
    await open_row(burcu, city.applications["Mehmet Akın"])
    await burcu.get_by_text("Kişiyi engelle").click()
    await burcu.get_by_label("Gerekçe", exact=True).fill("Hakaret ediyor")
    await burcu.get_by_role("button", name="Engelle").click()
    await told(burcu, "engellendi")
    await burcu.get_by_role("button", name="Engeli kaldır").click()
    await told(burcu, "Kişinin engeli kaldırıldı.")
    await burcu.locator("#rail").get_by_role("link", name="Bekleyenler").click()
    await open_row(burcu, city.applications["deniz.kaya35"])
    await open_steps(burcu)
    await take_step(burcu, "Süreyi durdur", "Durdur", text="Vatandaştan belge bekleniyor.")
    await told(burcu, "Cevap süresi durduruldu.")
    await take_step(burcu, "Süreyi yeniden başlat", "Başlat")
    await told(burcu, "Cevap süresi yeniden işliyor.")
    await go(burcu, "Gecikenler")
    await expect(burcu.locator("h1")).to_have_text("Geciken başvurular")


async def neighbours(city: City) -> list[int]:
    """Three of them write of the same cut, and the clock sees it."""
    names = []
    for number, channel in enumerate(SOCIAL_CHANNELS[:3]):
        names.append(f"Komşu {number}")
        scene = Scene(
            channel=channel, who=names[-1], texts=["Sular akmıyor"], minutes=9 - number, topic="su_kesintisi",
            unit="izsu", district="Buca", neighbourhood="Şirinyer",
        )  # fmt: skip
        await play(city, scene, number=700 + number)
    async with city.desk.database.write() as session:
        await incidents.propose(session, now=city.desk.clock.now())
    return [city.applications[name] for name in names]


async def test_an_incident_is_answered_for_all(enter: Enter, city: City) -> None:
    keys = await neighbours(city)
    burcu = await enter("burcu")
    await go(burcu, "Olaylar")
    await burcu.get_by_role("main").get_by_role("link", name="Su kesintisi").first.click()
    for key in keys:
        await expect(burcu.locator(f"#member-{key}")).to_be_visible()
    await burcu.get_by_role("button", name="Aynı olay, onayla").click()
    await burcu.get_by_label("Hepsine ortak cevap").fill(ANSWER)
    await burcu.get_by_role("button", name="Hepsine gönder").click()
    await expect(burcu.locator(".told")).to_be_visible()
    async with city.desk.database.read() as session:
        told_ = (await session.exec(select(OutboxItem.application_id).where(OutboxItem.text.contains(ANSWER)))).all()
        found = [await session.get_one(Application, key) for key in keys]
        incident = (await session.exec(select(Incident))).first()
    assert set(keys) <= set(told_)
    assert incident
    await burcu.get_by_label("Hepsini birlikte sonuçlandır").select_option("olumlu")
    await burcu.get_by_role("button", name="Sonuçlandır").click()
    await expect(burcu.locator(".told")).to_be_visible()
    async with city.desk.database.read() as session:
        found = [await session.get_one(Application, key) for key in keys]
        incident = await session.get_one(Incident, incident.id)
    assert {one.state for one in found} == {ApplicationState.CLOSED}
    assert incident.state is IncidentState.ANSWERED
