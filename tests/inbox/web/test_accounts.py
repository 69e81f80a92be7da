"""The administrator's pages: how the accounts fare, what was switched by whom, what they cost, what is uncertain."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from inbox.repositories import operations
from inbox.services import costs, sending
from models.enums import AccountState, ChannelName, DeliveryState, OutboxState, ReconciliationState
from models.tables import Account, Delivery, OutboxItem, ReconciliationRun
from tests.conftest import NOW
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor


@pytest.fixture
async def admin(logged_in: LogIn) -> Visitor:
    return await logged_in("yonetici")


async def account_of(city: City, channel: ChannelName) -> Account:
    async with city.desk.database.read() as session:
        return (await session.exec(select(Account).where(Account.channel == channel))).one()


def card(page: str, account: Account) -> str:
    """The part of the page that is about the account."""
    return page.partition(f'id="account-{account.id}"')[2].partition("</section>")[0]


async def test_the_rail_leads_the_administrator_there_and_nobody_else(admin: Visitor, logged_in: LogIn) -> None:
    assert '<a href="/accounts/costs">Maliyet</a>' in (await admin.get("/inbox")).text
    assert "/accounts" not in (await (await logged_in("elif")).get("/inbox")).text


async def test_a_card_says_all_of_an_account(city: City, admin: Visitor) -> None:
    account = await account_of(city, ChannelName.TWITTER)
    async with city.desk.database.write() as session:
        health = await operations.health(session, account.id or 0)
        health.probed_at, health.expires_at = NOW - timedelta(hours=2), NOW + timedelta(days=4)
        health.silent_since = NOW - timedelta(hours=7)
        health.refused_pushes, health.refused_at = 3, NOW - timedelta(hours=3)
        run = ReconciliationRun(
            account_id=account.id or 0,
            state=ReconciliationState.LISTED,
            since=NOW - timedelta(hours=6),
            started_at=NOW,
            finished_at=NOW - timedelta(minutes=58),
            missing=2,
        )
        lost = Delivery(
            channel=ChannelName.TWITTER, account_id=account.id, source="poll:mentions", received_at=NOW,
            state=DeliveryState.PARTIAL,
        )  # fmt: skip
        session.add_all([health, run, lost])
    text = card((await admin.get("/accounts")).text, account)
    for words in (
        "çalışıyor",
        "0 kayıp (2 eksik bulundu ve alındı), son denetim 23 Kasım Pazartesi 11.02",
        "Alışılmadık sessizlik: 23 Kasım Pazartesi 05.00 tarihinden beri",
        '<dd class="late">4 gün</dd>',
        "3 (reddedildi), sonuncusu 23 Kasım Pazartesi 09.00",
        "1 teslimat",
        "Son başarılı gönderim</dt><dd>23 Kasım",
    ):
        assert words in text


async def test_whatsapp_shows_webhooks_and_signs_instead_of_a_list(city: City, admin: Visitor) -> None:
    account = await account_of(city, ChannelName.WHATSAPP)
    async with city.desk.database.write() as session:
        run = ReconciliationRun(
            account_id=account.id or 0,
            state=ReconciliationState.SIGNS,
            since=NOW,
            started_at=NOW,
            finished_at=NOW,
            signs={"without_receipt": 2},
        )
        session.add(run)
    text = card((await admin.get("/accounts")).text, account)
    assert "Son anlık bildirim</dt><dd>23 Kasım" in text
    assert "2 alındısı gelmeyen gönderim, son denetim" in text


async def test_who_stopped_the_bots_is_shown_and_what_waits(city: City, admin: Visitor) -> None:
    await admin.post("/accounts/bots", enabled=0)
    item = await queue(city, by_person=False)
    page = (await admin.get("/accounts?notice=bots_stopped")).text
    for words in (
        "Otomatik yanıtlar kapalı",
        "1 metin sırada bekliyor",
        "Son değiştiren: Yönetici, 23 Kasım Pazartesi 12.00",
        "bütün otomatik yanıtları durdurdu",
    ):
        assert words in page
    assert await claimed(city, item) == []
    await admin.post("/accounts/bots", enabled=1)
    assert await claimed(city, item) == [item.id]


async def test_the_bots_silence_does_not_hold_people_back(city: City, admin: Visitor) -> None:
    await admin.post("/accounts/bots", enabled=0)
    item = await queue(city, by_person=True)
    assert await claimed(city, item) == [item.id]


async def test_an_account_that_only_listens_says_who_wanted_it(city: City, admin: Visitor) -> None:
    item = await queue(city, by_person=False)
    await admin.post(f"/accounts/{item.account_id}/switches", listen_only=1)
    account = await account_of(city, ChannelName.TELEGRAM)
    text = card((await admin.get("/accounts")).text, account)
    assert "yalnız dinliyor" in text
    assert "Yalnız dinlemeye alan</dt><dd>Yönetici, 23 Kasım Pazartesi 12.00" in text
    assert await claimed(city, item) == []
    await admin.post(f"/accounts/{item.account_id}/switches", listen_only=0)
    assert await claimed(city, item) == [item.id]


async def test_a_switch_changes_only_what_it_names(city: City, admin: Visitor) -> None:
    account = await account_of(city, ChannelName.FACEBOOK)
    await admin.post(f"/accounts/{account.id}/switches", listen_only=1)
    await admin.post(f"/accounts/{account.id}/switches", enabled=0)
    after = await account_of(city, ChannelName.FACEBOOK)
    assert (after.listen_only, after.enabled) == (True, False)
    page = (await admin.get("/accounts")).text
    assert "İzmir HİM: hesabı kapattı" in page
    assert "İzmir HİM: yalnız dinlemeye aldı" in page


async def test_an_account_in_trouble_says_so(city: City, admin: Visitor) -> None:
    account = await account_of(city, ChannelName.FACEBOOK)
    async with city.desk.database.write() as session:
        account.state, account.state_detail = AccountState.REAUTHORISE, "Oturum sona ermiş"
        session.add(account)
    text = card((await admin.get("/accounts")).text, account)
    assert '<span class="tag sos">yeniden yetki verilmeli</span>' in text
    assert "Oturum sona ermiş" in text


async def spend(city: City, account: Account, dollars: str, *, days_ago: int = 0, kind: str = "read:mentions") -> None:
    async with city.desk.database.write() as session:
        at = NOW - timedelta(days=days_ago)
        await costs.note(session, account.id or 0, kind=kind, pieces=1, price=Decimal(dollars), at=at)


@pytest.mark.parametrize(
    ("spent", "words"),
    [
        ("3.00", "Harcama sınırın içinde"),
        ("4.20", "Sınırın %80 kadarı harcandı: anahtar kelime ve etiket dinlemesi durduruldu"),
        ("5.00", "Günlük sınır doldu: dinleme ve otomatik metinler durduruldu"),
    ],
)
async def test_the_days_money_and_what_it_paused(city: City, admin: Visitor, spent: str, words: str) -> None:
    account = await account_of(city, ChannelName.TWITTER)
    await admin.post("/accounts/costs", account=account.id, budget="5", price="")
    await spend(city, account, spent)
    page = (await admin.get("/accounts/costs")).text
    assert words in page
    assert f"<b>{spent.replace('.', ',')} $</b> / 5,00 $ sınır" in page


async def test_thirty_days_of_costs_by_day(city: City, admin: Visitor) -> None:
    account = await account_of(city, ChannelName.TWITTER)
    for days_ago, dollars in ((0, "0.005"), (3, "1.25"), (29, "2"), (30, "7")):
        await spend(city, account, dollars, days_ago=days_ago)
    page = (await admin.get("/accounts/costs")).text
    assert "Son 30 gün</dt><dd>3,2" in page
    assert '<th scope="row">20 Kasım</th><td>1 · 1,25 $</td>' in page
    assert "24 Ekim" not in page
    assert "İzmir HİM" not in page
    assert "Günlük sınır konmamış" in page


async def test_a_limit_is_set_recorded_and_checked(city: City, admin: Visitor) -> None:
    account = await account_of(city, ChannelName.WHATSAPP)
    await admin.post("/accounts/costs", account=account.id, budget="2,5", price="0,02")
    page = (await admin.get("/accounts/costs")).text
    assert 'name="budget" inputmode="decimal" value="2,5"' in page
    assert 'name="price" inputmode="decimal" value="0,02"' in page
    assert "günlük sınırı değiştirdi (2,5 $)" in (await admin.get("/accounts")).text
    refused = await admin.post("/accounts/costs", account=account.id, budget="çok", price="")
    assert refused.status_code == 422


async def test_uncertain_texts_are_listed_with_their_application(city: City, admin: Visitor) -> None:
    item = await queue(city, by_person=True)
    async with city.desk.database.write() as session:
        row = await session.get_one(OutboxItem, item.id)
        row.state, row.problem = OutboxState.UNKNOWN, "yanıt gelmedi"
        session.add(row)
    page = (await admin.get("/accounts/uncertain")).text
    assert "yanıt gelmedi" in page
    assert f'href="/applications/{item.application_id}"' in page
    assert "1 metin karar bekliyor" in card(
        (await admin.get("/accounts")).text, await account_of(city, ChannelName.TELEGRAM)
    )


async def queue(city: City, *, by_person: bool) -> OutboxItem:
    """A text that is due, in a Telegram conversation."""
    account = await account_of(city, ChannelName.TELEGRAM)
    async with city.desk.database.write() as session:
        known = (await session.exec(select(OutboxItem).where(OutboxItem.account_id == account.id))).all()
        item = OutboxItem(
            unique_key="test:1",
            application_id=known[0].application_id,
            conversation_id=known[0].conversation_id,
            account_id=account.id or 0,
            purpose=known[0].purpose,
            text="merhaba",
            user_id=city.users["elif"].id if by_person else None,
            not_before=NOW,
            created_at=NOW,
        )
        session.add(item)
    return item


async def claimed(city: City, item: OutboxItem) -> list[int]:
    """What a sender of the account would take now."""
    facts = city.desk.connectors[item.account_id].facts
    async with city.desk.database.write() as session:
        errands = await sending.claim(session, item.account_id, facts=facts, now=NOW, seconds=1)
        found = [errand.item.id or 0 for errand in errands]
        for errand in errands:
            errand.item.state = OutboxState.QUEUED
            session.add(errand.item)
    return found
