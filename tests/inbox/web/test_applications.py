"""The work on an application through its page: take, correct, answer, take back, note, close, open again."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.repositories import applications, outbox
from inbox.services import sending
from models.clock import StillClock
from models.enums import ApplicationState, ChannelName, Decision, Kind, OutboxState, Outcome, Purpose, Surface, Urgency
from models.tables import Account, Application, ArticleRevision, ClassificationRecord, HistoryEntry, OutboxItem
from tests.factories import City, errand_of, play, send_all
from tests.inbox.web.conftest import LogIn, Visitor
from tests.scenes import Scene

LABELS = {"kind": "talep", "topic": "su_fatura", "unit": "izsu", "urgency": "yuksek", "district": "Konak"}


@pytest.fixture
async def elif_(logged_in: LogIn) -> Visitor:
    return await logged_in("elif")


async def stored(city: City, name: str) -> Application:
    async with city.desk.database.read() as session:
        found = await session.get(Application, city.applications[name])
    assert found
    return found


async def answers(city: City, name: str) -> list[OutboxItem]:
    query = select(OutboxItem).where(
        OutboxItem.application_id == city.applications[name], OutboxItem.purpose == Purpose.ANSWER
    )
    async with city.desk.database.read() as session:
        return list((await session.exec(query.order_by(OutboxItem.id))).all())


async def actions(city: City, name: str) -> list[tuple[str, str]]:
    query = select(HistoryEntry).where(HistoryEntry.application_id == city.applications[name])
    async with city.desk.database.read() as session:
        found = (await session.exec(query.order_by(HistoryEntry.position))).all()
    return [(entry.actor, entry.action) for entry in found]


def address(city: City, name: str, step: str = "") -> str:
    return f"/applications/{city.applications[name]}" + (f"/{step}" if step else "")


async def test_the_page_shows_what_an_agent_needs(city: City, elif_: Visitor) -> None:
    text = (await elif_.get(address(city, "deniz.kaya35"))).text
    for words in (
        "HİM-2026-0000002",
        "<mark>su akmıyor</mark>",
        "Herkese açık yorum",
        "Otomatik cevap",
        "Fotoğraf",
        "Kaynak: <b>",
        "2.200 karakter",
        "İZSU arıza masası saat 15.00 diyor.",
        "Başvuru kaydedildi",
        "Elif Aydın üzerine alındı",
        "Buca, Adatepe",
    ):
        assert words in text


async def test_x_gets_the_short_draft_measured_by_its_own_weight(city: City, elif_: Visitor) -> None:
    text = (await elif_.get(address(city, "gizemlisokak"))).text
    assert "/ 280 " in text
    assert "Merhaba," in text


async def test_without_an_article_the_page_says_so(city: City, elif_: Visitor) -> None:
    scene = Scene(channel=ChannelName.TELEGRAM, who="Yeni", texts=["bambaşka"], minutes=1, topic="diger", unit="him")
    await play(city, scene, number=90)
    text = (await elif_.get(address(city, "Yeni"))).text
    assert "bu mesaja uyan bir metin bulunamadı" in text


async def test_a_draft_says_what_its_article_says_today(city: City, elif_: Visitor) -> None:
    """[İ8a10] Changed since the message came, the new words stand there; taken out of use or over, none."""
    async with city.desk.database.write() as session:
        draft = await applications.latest_draft(session, city.applications["deniz.kaya35"])
        assert draft
        now = city.desk.clock.now()
        facts = {"topic": "su_kesintisi", "unit": "izsu", "questions": ["su"], "source": "İZSU", "created_at": now}
        row = ArticleRevision(
            article_id=draft.article_id, title="Kesinti", short_text="Zeplin kalktı.", long_text="Zeplin uçtu.",
            valid_until=now.date(), **facts,
        )  # fmt: skip
        session.add(row)
    place = address(city, "deniz.kaya35")
    page = (await elif_.get(place)).text
    assert "Kaynak: <b>Kesinti</b>" in page
    assert "Zeplin " in page
    async with city.desk.database.write() as session:
        row.valid_until = now.date() - timedelta(days=1)
        await session.merge(row)
    page = (await elif_.get(place)).text
    assert "metni artık geçerli değil" in page
    assert "Zeplin " not in page


async def test_taking_it(city: City, elif_: Visitor) -> None:
    response = await elif_.post(address(city, "gizemlisokak", "take"))
    assert response.headers["location"].endswith("notice=taken")
    assert (await stored(city, "gizemlisokak")).assignee_id == city.users["elif"].id
    assert (f"user:{city.users['elif'].id}", "assigned") in await actions(city, "gizemlisokak")


async def test_reading_takes_the_unread_mark_without_a_trace(city: City, elif_: Visitor) -> None:
    before = await stored(city, "gizemlisokak")
    await elif_.get(address(city, "gizemlisokak"))
    after = await stored(city, "gizemlisokak")
    assert (before.unread, after.unread, after.version) == (True, False, before.version)


async def test_only_leads_assign_to_others(city: City, elif_: Visitor, logged_in: LogIn) -> None:
    to = city.users["mudur"].id
    assert (await elif_.post(address(city, "kerem_35", "assign"), user=to)).status_code == 403
    lead = await logged_in("burcu")
    assert (await lead.post(address(city, "kerem_35", "assign"), user=to)).status_code == 303
    assert (await stored(city, "kerem_35")).assignee_id == to
    approver = city.users["onay"].id
    assert (await lead.post(address(city, "kerem_35", "assign"), user=approver)).status_code == 422


async def test_laying_it_down(city: City, elif_: Visitor) -> None:
    await elif_.post(address(city, "deniz.kaya35", "assign"), user="")
    assert (await stored(city, "deniz.kaya35")).assignee_id is None


async def test_correcting_keeps_both_words(city: City, elif_: Visitor) -> None:
    version = await elif_.version(city.applications["Mehmet Akın"])
    response = await elif_.post(address(city, "Mehmet Akın", "correct"), version=version, **LABELS)
    one = await stored(city, "Mehmet Akın")
    assert response.status_code == 303
    assert (one.kind, one.topic, one.unit, one.urgency) == (Kind.REQUEST, "su_fatura", "izsu", Urgency.HIGH)
    assert (one.district, one.neighbourhood, one.decision) == ("Konak", None, Decision.AUTO)
    async with city.desk.database.read() as session:
        query = select(ClassificationRecord).where(ClassificationRecord.application_id == one.id)
        machine, person = (await session.exec(query.order_by(ClassificationRecord.id))).all()
    assert (machine.topic, machine.corrected_by) == ("park_bakim", None)
    assert (person.topic, person.corrected_by) == ("su_fatura", city.users["elif"].id)
    text = (await elif_.get(address(city, "Mehmet Akın"))).text
    assert "konu: Park, oyun alanı, spor aleti → Su faturası, abonelik, sayaç" in text


async def test_an_emergency_by_hand_stands_on_top(city: City, elif_: Visitor) -> None:
    version = await elif_.version(city.applications["kerem_35"])
    fields = {**LABELS, "urgency": "acil", "topic": "kanalizasyon"}
    await elif_.post(address(city, "kerem_35", "correct"), version=version, **fields)
    assert (await stored(city, "kerem_35")).rank == 0


async def test_confirming_without_a_change(city: City, elif_: Visitor) -> None:
    one = await stored(city, "Cem Öz")
    fields = {"kind": one.kind, "topic": one.topic, "unit": one.unit, "urgency": one.urgency, "district": ""}
    await elif_.post(address(city, "Cem Öz", "correct"), version=one.version, **fields)
    assert (await stored(city, "Cem Öz")).decision is Decision.AUTO
    assert (await actions(city, "Cem Öz"))[-1][1] == "confirmed"


async def test_a_confidential_topic_makes_it_confidential(city: City, elif_: Visitor) -> None:
    version = await elif_.version(city.applications["kerem_35"])
    fields = {**LABELS, "topic": "siddet_siginma", "unit": "sosyal_hizmetler"}
    await elif_.post(address(city, "kerem_35", "correct"), version=version, **fields)
    assert (await stored(city, "kerem_35")).confidential


@pytest.mark.parametrize(
    "wrong", [{"topic": "yok"}, {"unit": "yok"}, {"kind": "yok"}, {"urgency": ""}, {"version": "x"}]
)
async def test_labels_that_do_not_exist_change_nothing(city: City, elif_: Visitor, wrong: dict[str, str]) -> None:
    before = await stored(city, "kerem_35")
    fields = {"version": before.version, **LABELS, **wrong}
    assert (await elif_.post(address(city, "kerem_35", "correct"), **fields)).status_code == 422
    assert (await stored(city, "kerem_35")).version == before.version


async def test_an_answer_leaves_after_ten_seconds(city: City, elif_: Visitor) -> None:
    name, now = "deniz.kaya35", city.desk.clock.now()
    version = await elif_.version(city.applications[name])
    response = await elif_.post(address(city, name, "answer"), version=version, text=" Ekipler\r\nyolda. ")
    assert response.headers["location"].endswith("notice=queued")
    (item,) = await answers(city, name)
    assert (item.text, item.user_id) == ("Ekipler\nyolda.", city.users["elif"].id)
    assert (item.unique_key, item.not_before) == (f"{item.application_id}:answer:1", now + timedelta(seconds=10))
    assert item.reply_to == "m1-1"
    assert (await stored(city, name)).state is ApplicationState.DRAFT
    assert "Geri al" in (await elif_.get(address(city, name))).text
    await send_all(city, at=now + timedelta(seconds=11))
    one = await stored(city, name)
    assert (one.state, one.first_answer_at) == (ApplicationState.ANSWERED, now + timedelta(seconds=11))
    assert (await actions(city, name))[-1] == ("bot", "answer_sent")
    assert "Cevaplandı" in (await elif_.get(address(city, name))).text


async def test_an_answer_is_taken_back_and_stands_again(city: City, elif_: Visitor) -> None:
    name = "deniz.kaya35"
    await elif_.post(address(city, name, "answer"), version=await elif_.version(2), text="Erken yazdım")
    (item,) = await answers(city, name)
    assert (await elif_.post(address(city, name, "undo"), item=item.id)).status_code == 303
    assert (await answers(city, name))[0].state is OutboxState.CANCELLED
    text = (await elif_.get(address(city, name))).text
    assert ">Erken yazdım</textarea>" in text
    await elif_.post(address(city, name, "answer"), version=await elif_.version(2), text="Şimdi doğru")
    assert [one.unique_key[-1] for one in await answers(city, name)] == ["1", "2"]


async def test_what_has_left_cannot_be_taken_back(city: City, elif_: Visitor) -> None:
    name = "deniz.kaya35"
    await elif_.post(address(city, name, "answer"), version=await elif_.version(2), text="Gitti")
    (item,) = await answers(city, name)
    async with city.desk.database.write() as session:
        item.state = OutboxState.SENDING
        session.add(item)
    response = await elif_.post(address(city, name, "undo"), item=item.id)
    assert response.status_code == 409
    assert "artık geri alınamıyor" in response.text


async def test_the_undo_of_another_application_is_not_found(city: City, elif_: Visitor) -> None:
    await elif_.post(address(city, "deniz.kaya35", "answer"), version=await elif_.version(2), text="x")
    (item,) = await answers(city, "deniz.kaya35")
    assert (await elif_.post(address(city, "kerem_35", "undo"), item=item.id)).status_code == 404


async def test_somebody_was_faster(city: City, elif_: Visitor, logged_in: LogIn) -> None:
    seen = await elif_.version(2)
    await (await logged_in("burcu")).post(address(city, "deniz.kaya35", "note"), text="Ben bakıyorum")
    part = await elif_.post(address(city, "deniz.kaya35", "answer"), version=seen, text="Uzun emek", part=True)
    assert part.status_code == 409
    assert "siz bakarken değişti" in part.text
    assert 'id="notice"' in part.text
    whole = await elif_.post(address(city, "deniz.kaya35", "answer"), version=seen, text="Uzun emek")
    assert ">Uzun emek</textarea>" in whole.text
    assert not await answers(city, "deniz.kaya35")


async def test_the_citizen_wrote_meanwhile(city: City, elif_: Visitor) -> None:
    seen = await elif_.version(2)
    again = Scene(channel=ChannelName.INSTAGRAM, who="Deniz Kaya", handle="deniz.kaya35", minutes=0,
                  texts=["su geldi teşekkürler"], topic="su_kesintisi", unit="izsu")  # fmt: skip
    await play(city, again, number=91)
    response = await elif_.post(address(city, "deniz.kaya35", "answer"), version=seen, text="Ekipler yolda")
    assert response.status_code == 409


@pytest.mark.parametrize(("text", "status"), [("", 422), ("   \n ", 422), ("a" * 20_001, 422)])
async def test_empty_and_endless_texts_are_refused(city: City, elif_: Visitor, text: str, status: int) -> None:
    version = await elif_.version(2)
    for step in ("answer", "note"):
        assert (await elif_.post(address(city, "deniz.kaya35", step), version=version, text=text)).status_code == status


async def test_after_the_window_nothing_can_be_sent(city: City, elif_: Visitor) -> None:
    late = Scene(channel=ChannelName.FACEBOOK, who="Geç Kalan", texts=["su akmıyor"], minutes=8 * 24 * 60,
                 topic="su_kesintisi", unit="izsu", surface=Surface.DIRECT)  # fmt: skip
    await play(city, late, number=92)
    text = (await elif_.get(address(city, "Geç Kalan"))).text
    assert "Platformun cevap süresi doldu" in text
    assert "disabled" in text
    version = await elif_.version(city.applications["Geç Kalan"])
    assert (await elif_.post(address(city, "Geç Kalan", "answer"), version=version, text="Geç")).status_code == 409


async def test_a_listening_account_answers_nobody(city: City, elif_: Visitor) -> None:
    one = await stored(city, "deniz.kaya35")
    async with city.desk.database.write() as session:
        account = await session.get(Account, one.account_id)
        assert account
        account.listen_only = True
        session.add(account)
    assert "yalnızca dinliyor" in (await elif_.get(address(city, "deniz.kaya35"))).text
    response = await elif_.post(address(city, "deniz.kaya35", "answer"), version=one.version, text="x")
    assert response.status_code == 409


async def test_measuring_counts_as_the_platform_does(city: City, elif_: Visitor) -> None:
    public = await elif_.post(address(city, "gizemlisokak", "measure"), text="https://izmir.bel.tr/uzun/bir/adres ş")
    assert "25 / 280" in public.text
    long = await elif_.post(address(city, "gizemlisokak", "measure"), text="a" * 281)
    assert "sınırı aşıyor" in long.text


async def test_a_failed_answer_is_shown_with_its_reason(city: City, elif_: Visitor) -> None:
    name = "deniz.kaya35"
    await elif_.post(address(city, name, "answer"), version=await elif_.version(2), text="Olmadı")
    (item,) = await answers(city, name)
    async with city.desk.database.write() as session:
        later = city.desk.clock.now() + timedelta(minutes=1)
        (item,) = await outbox.claim(session, item.account_id, now=later, seconds=60)
        await sending.record_failure(
            session, errand_of(item), state=OutboxState.UNKNOWN, problem="zaman aşımı", at=city.desk.clock.now()
        )
    text = (await elif_.get(address(city, name))).text
    assert "Gidip gitmediği bilinmiyor" in text
    assert "Olmadı" in text


async def test_closing_and_opening_again(city: City, elif_: Visitor) -> None:
    name = "deniz.kaya35"
    assert (await elif_.post(address(city, name, "close"), version=await elif_.version(2))).status_code == 422
    version = await elif_.version(2)
    assert (await elif_.post(address(city, name, "close"), version=version, outcome="olumlu")).status_code == 303
    one = await stored(city, name)
    assert (one.state, one.is_open, one.outcome) == (ApplicationState.CLOSED, False, Outcome.POSITIVE)
    assert one.closed_at == city.desk.clock.now()
    closed = (await elif_.get(address(city, name))).text
    assert "Sonuçlandı · Olumlu" in closed
    assert 'id="answer"' not in closed
    again = await elif_.post(address(city, name, "close"), version=one.version, outcome="olumlu")
    assert again.status_code == 409
    await elif_.post(address(city, name, "reopen"))
    one = await stored(city, name)
    assert (one.state, one.is_open, one.outcome, one.closed_at) == (ApplicationState.DRAFT, True, None, None)


async def test_a_late_send_leaves_a_closed_application_closed(city: City, elif_: Visitor) -> None:
    name, now = "deniz.kaya35", city.desk.clock.now()
    await elif_.post(address(city, name, "answer"), version=await elif_.version(2), text="Tamam")
    await elif_.post(address(city, name, "close"), version=await elif_.version(2), outcome="olumlu")
    await send_all(city, at=now + timedelta(minutes=1))
    one = await stored(city, name)
    assert (one.state, one.answered_at) == (ApplicationState.CLOSED, now + timedelta(minutes=1))


async def test_looking_at_the_name_is_written_down(city: City, elif_: Visitor) -> None:
    name = "deniz.kaya35"
    assert "Deniz Kaya" not in (await elif_.get(address(city, name))).text
    response = await elif_.post(address(city, name, "reveal"))
    assert "Deniz Kaya" in response.text
    assert (await actions(city, name))[-1] == (f"user:{city.users['elif'].id}", "citizen_revealed")
    assert "Deniz Kaya" not in (await elif_.get(address(city, name))).text


async def test_a_confidential_name_is_for_chiefs(city: City, elif_: Visitor, logged_in: LogIn) -> None:
    assert (await elif_.post(address(city, "Zeynep Koç", "reveal"))).status_code == 403
    chief = await logged_in("mudur")
    assert (await chief.post(address(city, "Zeynep Koç", "reveal"))).status_code == 422
    shown = await chief.post(address(city, "Zeynep Koç", "reveal"), reason="sığınma evi soruyor")
    assert "Zeynep Koç" in shown.text


async def test_personal_data_is_masked_for_those_who_do_not_need_it(city: City, logged_in: LogIn) -> None:
    number = city.applications["905327654300"]
    agent = (await (await logged_in("elif")).get(f"/applications/{number}")).text
    approver = (await (await logged_in("onay")).get(f"/applications/{number}")).text
    assert "telefonum 0532 765 43 00" in agent
    assert "telefonum 0532 ••• •• 00" in approver
    assert "No:12" not in approver
    assert "No:12" in agent
    rows = (await (await logged_in("elif")).get("/inbox")).text
    assert "765 43" not in rows
    assert "Hatice D•••" in rows
    assert "Hatice Demir" not in rows


async def test_a_changed_pane_comes_with_its_row_and_counts(city: City, elif_: Visitor) -> None:
    response = await elif_.post(address(city, "gizemlisokak", "take") + "?view=all", part=True)
    assert response.status_code == 200
    for words in ('id="row-a3" hx-swap-oob', 'id="rail"', "Başvuru sizin üzerinizde", 'data-application="3"'):
        assert words in response.text
    assert "<html" not in response.text


async def test_notices_without_script_come_by_the_address(city: City, elif_: Visitor) -> None:
    response = await elif_.post(address(city, "gizemlisokak", "take") + "?view=mine")
    assert response.headers["location"] == f"{address(city, 'gizemlisokak')}?view=mine&notice=taken"
    assert "Başvuru sizin üzerinizde" in (await elif_.get(response.headers["location"])).text


async def test_an_application_that_is_not_there(elif_: Visitor) -> None:
    for path in ("/applications/99999", "/applications/abc"):
        response = await elif_.get(path)
        assert response.status_code == 404
        assert "Ana sayfaya dön" in response.text


async def test_the_clock_of_the_desk_rules(city: City, elif_: Visitor) -> None:
    clock = city.desk.clock
    assert isinstance(clock, StillClock)
    clock.advance(minutes=20)
    assert ">24 dk<" in (await elif_.get("/inbox")).text


async def test_an_answer_that_came_too_late_is_kept(city: City, elif_: Visitor) -> None:
    """The application changed under her: she is told, and what she wrote waits for her."""
    version = await elif_.version(city.applications["kerem_35"])
    late = await elif_.post(address(city, "kerem_35", "answer"), version=version - 1, text="Ekip gönderdik.")
    assert late.status_code == 409
    assert "siz bakarken değişti" in late.text
    assert ">Ekip gönderdik.</textarea>" in (await elif_.get(address(city, "kerem_35"))).text


async def test_it_is_laid_aside_and_taken_back(city: City, elif_: Visitor) -> None:
    await elif_.post(address(city, "deniz.kaya35", "snooze"), days="2")
    assert city.applications["deniz.kaya35"] not in await listed(elif_)
    page = (await elif_.get(address(city, "deniz.kaya35"))).text
    assert "<dt>Ertelendi</dt><dd>25 Kasım Çarşamba 09.00</dd>" in page
    await elif_.post(address(city, "deniz.kaya35", "bring-back"))
    assert city.applications["deniz.kaya35"] in await listed(elif_)
    assert [action for _, action in await actions(city, "deniz.kaya35")][-2:] == ["snoozed", "brought_back"]


async def test_an_emergency_offers_no_laying_aside(city: City, elif_: Visitor) -> None:
    assert "/snooze" not in (await elif_.get(address(city, "Hatice Demir"))).text


async def listed(visitor: Visitor) -> set[int]:
    text = (await visitor.get("/inbox?view=all")).text
    return {int(key) for key in re.findall(r'id="row-a(\d+)"', text)}


@pytest.mark.parametrize("login", ["elif", "onay", "burcu"])
async def test_what_is_brought_up_to_date_stands_on_the_page(city: City, logged_in: LogIn, login: str) -> None:
    """Versions of forms that a reader does not have have no place to go."""
    one = await logged_in(login)
    here = f"/applications/{city.applications['deniz.kaya35']}"
    whole, change = (await one.get(here)).text, (await one.get(f"{here}/talk", part=True)).text
    versions = ('id="answer-version"', 'id="close-version"')
    assert [name in change for name in versions] == [name in whole for name in versions]
