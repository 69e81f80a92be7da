"""Private messages to commenters, texts of which nobody knows, and what is said before writing."""

import pytest
from sqlmodel import select

from inbox.repositories import accounts, organisation
from models.enums import ApplicationState, ChannelName, OutboxState, SendMode, Surface
from models.tables import Conversation, Message, OutboxItem
from tests.factories import City, play, send_all
from tests.inbox.web.conftest import LogIn, Visitor
from tests.inbox.web.test_applications import actions, address, answers, stored
from tests.scenes import Scene


@pytest.fixture
async def elif_(logged_in: LogIn) -> Visitor:
    return await logged_in("elif")


async def settle(city: City, name: str, state: OutboxState, **facts: object) -> OutboxItem:
    """Let the newest answer end so."""
    (*_, item) = await answers(city, name)
    async with city.desk.database.write() as session:
        item.state = state
        for field, value in facts.items():
            setattr(item, field, value)
        session.add(item)
    return item


async def answer(city: City, visitor: Visitor, name: str, text: str) -> None:
    version = await visitor.version(city.applications[name])
    await visitor.post(address(city, name, "answer"), text=text, version=version)


async def test_a_comment_is_answered_privately_once(city: City, elif_: Visitor) -> None:
    page = (await elif_.get(address(city, "deniz.kaya35"))).text
    for words in ("Yorumu yazana özel mesaj", "yazıldığı günden başlayarak 7 gün içinde", "Kalan süre: 6 gün", "bayt"):
        assert words in page
    response = await elif_.post(address(city, "deniz.kaya35", "private"), text="Adresinizi yazar mısınız?", part=True)
    assert "Özel mesaj 10 saniye içinde gönderilecek." in response.text
    assert "yoruma özel mesaj" in response.text
    (item,) = [one for one in await answers(city, "deniz.kaya35") if one.mode is SendMode.PRIVATE_REPLY]
    await send_all(city, at=item.not_before)
    page = (await elif_.get(address(city, "deniz.kaya35"))).text
    assert "yoruma özel mesaj" in page
    assert "platform ikincisine izin vermiyor" in page
    again = await elif_.post(address(city, "deniz.kaya35", "private"), text="Bir daha")
    assert again.status_code == 409


async def test_a_private_text_taken_back_stays_private(city: City, elif_: Visitor) -> None:
    """It must not stand in the field whose text everybody would read."""
    await elif_.post(address(city, "deniz.kaya35", "private"), text="Telefonunuz 0532 mi?")
    (item,) = [one for one in await answers(city, "deniz.kaya35") if one.mode is SendMode.PRIVATE_REPLY]
    page = (await elif_.post(address(city, "deniz.kaya35", "undo"), item=item.id, part=True)).text
    public, _, private = page.partition('id="private-text"')
    assert "0532" not in public.partition('id="text"')[2]
    assert "Telefonunuz 0532 mi?" in private.partition("</textarea>")[0]


async def test_a_private_text_that_is_not_approved_stays_private(city: City, elif_: Visitor, logged_in: LogIn) -> None:
    """[İ8b2] It waits like any reply; given back it stands in its own field, approved it leaves once."""
    onay = await logged_in("onay")
    async with city.desk.database.write() as session:
        await accounts.put_setting(session, organisation.APPROVES_REPLIES, True)

    async def hand_in(text: str) -> str:
        told = await elif_.post(address(city, "deniz.kaya35", "private"), text=text, part=True)
        assert "onaya gönderildi" in told.text
        queue = (await onay.get("/approvals")).text
        assert "Yorumu yazana özel mesaj" in queue
        return queue.partition('action="/approvals/')[2].partition("/")[0]

    await onay.post(f"/approvals/{await hand_in('Telefonunuz 0532 mi?')}/reject", reason="Selam veriniz.")
    page = (await elif_.get(address(city, "deniz.kaya35"))).text
    public, _, private = page.partition('id="private-text"')
    assert "0532" not in public.partition('id="text"')[2]
    assert "Telefonunuz 0532 mi?" in private.partition("</textarea>")[0]
    await onay.post(f"/approvals/{await hand_in('Merhaba, telefonunuz?')}/approve", text="Merhaba, telefonunuz?")
    assert [one.text for one in await answers(city, "deniz.kaya35") if one.mode is SendMode.PRIVATE_REPLY] == [
        "Merhaba, telefonunuz?"
    ]


async def test_the_private_text_is_measured_by_its_own_limit(city: City, elif_: Visitor) -> None:
    response = await elif_.post(address(city, "deniz.kaya35", "private/measure"), text="ş" * 600, part=True)
    assert 'id="private-count"' in response.text
    assert "1.200 / 1.000 bayt · özel mesaj tek parça gider" in response.text


async def test_a_channel_without_private_replies_offers_none(city: City, elif_: Visitor) -> None:
    assert 'id="private"' not in (await elif_.get(address(city, "gizemlisokak"))).text


async def test_an_uncertain_text_is_sent_again(city: City, elif_: Visitor) -> None:
    await answer(city, elif_, "gizemlisokak", "Bakıyoruz")
    item = await settle(city, "gizemlisokak", OutboxState.UNKNOWN, attempts=3, perhaps_sent=True)
    page = (await elif_.get(address(city, "gizemlisokak"))).text
    assert "Gidip gitmediği bilinmiyor" in page
    assert "Gönderildi say" in page
    response = await elif_.post(address(city, "gizemlisokak", "decide"), item=item.id, decision="again", part=True)
    assert "gönderiliyor" in response.text
    (queued,) = await answers(city, "gizemlisokak")
    assert (queued.state, queued.attempts, queued.perhaps_sent) == (OutboxState.QUEUED, 0, False)
    assert queued.not_before > city.desk.clock.now()
    user = f"user:{city.users['elif'].id}"
    assert (user, "send_repeated") in await actions(city, "gizemlisokak")


async def test_an_uncertain_text_is_counted_as_sent(city: City, elif_: Visitor) -> None:
    await answer(city, elif_, "gizemlisokak", "Bakıyoruz")
    item = await settle(city, "gizemlisokak", OutboxState.UNKNOWN, attempts=3, perhaps_sent=True)
    response = await elif_.post(address(city, "gizemlisokak", "decide"), item=item.id, decision="sent", part=True)
    assert "Metin gönderildi sayıldı." in response.text
    assert "bilinmiyor" not in response.text
    assert (await stored(city, "gizemlisokak")).state is ApplicationState.ANSWERED
    async with city.desk.database.read() as session:
        (message,) = (await session.exec(select(Message).where(Message.outbox_id == item.id))).all()
    assert (message.text, message.user_id) == ("Bakıyoruz", city.users["elif"].id)
    late = await elif_.post(address(city, "gizemlisokak", "decide"), item=item.id, decision="again")
    assert late.status_code == 409


async def test_a_failed_text_can_be_tried_again_but_not_counted(city: City, elif_: Visitor) -> None:
    await answer(city, elif_, "gizemlisokak", "Bakıyoruz")
    item = await settle(city, "gizemlisokak", OutboxState.FAILED, problem="platform kapalıydı")
    assert "Gönderildi say" not in (await elif_.get(address(city, "gizemlisokak"))).text
    counted = await elif_.post(address(city, "gizemlisokak", "decide"), item=item.id, decision="sent")
    assert counted.status_code == 409
    await elif_.post(address(city, "gizemlisokak", "decide"), item=item.id, decision="again")
    assert (await answers(city, "gizemlisokak"))[0].state is OutboxState.QUEUED


async def test_a_text_of_another_application_is_not_decided_on(city: City, elif_: Visitor) -> None:
    await answer(city, elif_, "gizemlisokak", "Bakıyoruz")
    item = await settle(city, "gizemlisokak", OutboxState.UNKNOWN)
    response = await elif_.post(address(city, "deniz.kaya35", "decide"), item=item.id, decision="again")
    assert response.status_code == 404


async def test_window_price_and_other_channels_stand_before_the_text(city: City, elif_: Visitor) -> None:
    twin = Scene(channel=ChannelName.TELEGRAM, who="Gizem", texts=["bir de buradan yazayım"], minutes=2, topic="diger",
                 unit="him")  # fmt: skip
    await play(city, twin, number=95)
    async with city.desk.database.write() as session:
        here = await session.get_one(Conversation, (await stored(city, "gizemlisokak")).conversation_id)
        there = await stored(city, "Gizem")
        other = await session.get_one(Conversation, there.conversation_id)
        other.citizen_id = there.citizen_id = here.citizen_id
        session.add_all([other, there])
    page = (await elif_.get(address(city, "gizemlisokak"))).text
    assert "Ücret: 0,01" in page
    assert "bağlantılı 0,2 $" in page
    assert f'<a class="link" href="/applications/{there.id}">Telegram · ' in page
    assert other.surface is Surface.DIRECT
