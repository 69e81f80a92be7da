"""The administrator's pages in a real browser: the way there, the one switch, the costs."""

from datetime import timedelta
from decimal import Decimal

from playwright.async_api import Page, expect
from sqlmodel import select

from inbox.repositories import operations
from inbox.services import costs
from models.enums import AccountState, OutboxState, ReconciliationState
from models.tables import Account, OutboxItem, ReconciliationRun
from tests.conftest import NOW
from tests.e2e.watching import let_in
from tests.factories import City


async def furnish(city: City) -> None:
    """A month of costs, an account in trouble, an uncertain text, comparisons with the platforms' lists."""
    async with city.desk.database.write() as session:
        accounts = (await session.exec(select(Account).order_by(Account.id))).all()
        await costs.set_budget(session, accounts[0].id or 0, "5")
        for day in range(30):
            at, price = NOW - timedelta(days=day), Decimal("0.005") * (1 + day % 7)
            await costs.note(session, accounts[0].id or 0, kind="read:mentions", pieces=120, price=price, at=at)
            await costs.note(session, accounts[0].id or 0, kind="send", pieces=9, price=Decimal("0.01"), at=at)
        await costs.note(session, accounts[0].id or 0, kind="send", pieces=1, price=Decimal("3.7"), at=NOW)
        accounts[2].state, accounts[2].state_detail = AccountState.REAUTHORISE, "Oturumun süresi dolmuş"
        health = await operations.health(session, accounts[2].id or 0)
        health.probed_at, health.expires_at, health.silent_since = NOW, NOW + timedelta(days=3), NOW
        session.add_all([accounts[2], health])
        for account in accounts:
            state = ReconciliationState.SIGNS if account.id == accounts[3].id else ReconciliationState.LISTED
            session.add(
                ReconciliationRun(
                    account_id=account.id or 0, state=state, since=NOW, started_at=NOW, finished_at=NOW, signs={}
                )
            )
        item = (await session.exec(select(OutboxItem).limit(1))).one()
        item.state, item.problem = OutboxState.UNKNOWN, "Platform yanıt vermeden bağlantı kesildi"
        session.add(item)


async def test_the_administrator_stops_all_bots(page: Page, city: City, address: str) -> None:
    await let_in(page.context, city, address, login="yonetici")
    await page.goto(f"{address}/inbox")
    await page.click("#rail >> text=Hesaplar ve kanallar")
    await page.click("text=Tüm otomatik yanıtları durdur")
    await expect(page.locator(".told")).to_contain_text("Bütün otomatik yanıtlar durduruldu")
    await expect(page.locator("#bots")).to_have_text("Otomatik yanıtlar kapalı")
    await expect(page.locator(".deeds")).to_contain_text("Yönetici · bütün otomatik yanıtları durdurdu")
    await page.click("text=Otomatik yanıtları başlat")
    await expect(page.locator("#bots")).to_have_text("Otomatik yanıtlar açık")


async def test_a_days_money_is_limited(page: Page, city: City, address: str) -> None:
    await furnish(city)
    await let_in(page.context, city, address, login="yonetici")
    await page.goto(f"{address}/accounts/costs")
    await expect(page.locator(".card").first).to_contain_text("dinlemesi durduruldu")
    await page.get_by_label("Günlük sınır ($)").first.fill("20")
    await page.click("text=Kaydet >> nth=0")
    await expect(page.locator(".card").first).to_contain_text("Harcama sınırın içinde")
