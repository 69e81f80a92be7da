"""Emergencies, roster, incidents, surveys, field checks, reminders and the same matter, through their pages."""

import re

import pytest
from sqlmodel import select

from bots.clock import DeskClock
from bots.notifier import PageNotifier
from bots.queues.local import LocalBus, LocalLease
from inbox.repositories import accounts, organisation
from inbox.services import surveys
from models.enums import SOCIAL_CHANNELS, ApplicationState, Kind
from models.tables import Absence, Application, EmergencyAlarm, FieldCheck, Incident, RosterShift, Survey
from tests.factories import City, play
from tests.inbox.web.conftest import LogIn
from tests.scenes import Scene


async def tick(city: City) -> None:
    """The clock looks once."""
    desk = city.desk
    await DeskClock(
        database=desk.database, bus=LocalBus(), lease=LocalLease(), clock=desk.clock, profile=desk.profile,
        notifier=PageNotifier(),
    ).look()  # fmt: skip


async def test_an_emergency_stands_on_every_list_until_it_is_taken(city: City, logged_in: LogIn) -> None:
    """[İ7b2] Works without script: the banner comes with the page; taken, it is gone."""
    await tick(city)
    duty, key = await logged_in("nobet"), city.applications["Hatice Demir"]
    page = await duty.get("/inbox")
    assert "üstlenilmeyi bekliyor" in page.text
    assert "data-ringing" in page.text
    own_page = (await duty.get("/emergencies")).text
    assert "çalıyor" in own_page
    assert "evde gaz kokusu var" in own_page
    assert "evde gaz kokusu var" not in (await duty.get("/emergencies/ringing", part=True)).text
    assert own_page.count(f'action="/applications/{key}/emergency"') == own_page.count("data-ringing") == 1
    assert (await duty.post(f"/applications/{key}/emergency")).status_code == 303
    assert "üstlenilmeyi bekliyor" not in (await duty.get("/inbox")).text
    assert "üstlenilmeyi bekliyor" not in (await duty.get("/emergencies/ringing", part=True)).text
    async with city.desk.database.read() as session:
        alarm = (await session.exec(select(EmergencyAlarm))).one()
    assert alarm.taken_by == city.users["nobet"].id


async def test_the_lead_keeps_shifts_absences_and_the_method(city: City, logged_in: LogIn) -> None:
    """[İ17ç, İ18b] Shifts, leave, skills, method and the share of surveys on one page."""
    lead, who = await logged_in("burcu"), city.users["elif"].id
    assert (await lead.post("/roster/method", method="by_turn")).status_code == 303
    assert (await lead.post("/roster/surveys", percent=30)).status_code == 303
    await lead.post(f"/roster/people/{who}/shifts", starts="08:00", ends="16:00", day0=1, day1=1)
    await lead.post(f"/roster/people/{who}/absences", starts="2026-11-23T09:00", ends="", reason="rapor")
    await lead.post(f"/roster/people/{who}/skills", channel_telegram=1, topic_agac=1, most_open=12)
    assert (await lead.post(f"/roster/people/{who}/shifts", starts="sekiz", ends="16:00")).status_code == 422
    page = (await lead.get("/roster")).text
    for words in ("08.00–16.00", "Pzt, Sal", "rapor", 'value="30"', 'value="12"'):
        assert words in page
    async with city.desk.database.read() as session:
        shift, absence = (await session.exec(select(RosterShift))).one(), (await session.exec(select(Absence))).one()
    await lead.post(f"/roster/shifts/{shift.id}/remove")
    await lead.post(f"/roster/absences/{absence.id}/end")
    assert "08:00–16:00" not in (await lead.get("/roster")).text


async def cut(city: City) -> None:
    for number, channel in enumerate(SOCIAL_CHANNELS[:3]):
        scene = Scene(
            channel=channel, who=f"Komşu {number}", texts=[f"Sular akmıyor {number}"], minutes=9 - number,
            topic="su_kesintisi", unit="izsu", district="Buca", neighbourhood="Şirinyer",
        )  # fmt: skip
        await play(city, scene, number=700 + number)


async def test_a_shared_answer_waits_for_approval_once(city: City, logged_in: LogIn) -> None:
    """[İ8b2] Handed in on the incident's page, given back there with its reason, approved once for all."""
    agent, onay = await logged_in("elif"), await logged_in("onay")
    await cut(city)
    await tick(city)
    async with city.desk.database.write() as session:
        await accounts.put_setting(session, organisation.APPROVES_REPLIES, True)
        page = f"/incidents/{(await session.exec(select(Incident.id))).one()}"
    await agent.post(f"{page}/confirm")
    await agent.post(f"{page}/answer", text="Arıza giderildi.")
    assert "onay bekliyor" in (await agent.get(page)).text
    assert "Hepsine gönder" not in (await agent.get(page)).text
    assert (await agent.post(f"{page}/withdraw")).status_code == 303
    assert ">Arıza giderildi.</textarea>" in (await agent.get(page)).text
    await agent.post(f"{page}/answer", text="Arıza giderildi, sular verildi.")
    queue = (await onay.get("/approvals")).text
    assert "Olayın ortak cevabı" in queue
    assert "3 başvuru" in queue
    found = re.search(r"/approvals/(\d+)/approve", queue)
    assert found
    done = await onay.post(f"/approvals/{found[1]}/approve", text="Arıza giderildi, sular verildi.")
    assert done.headers["location"] == "/approvals?notice=approved"
    assert "onaylandı" in (await agent.get(page)).text


async def test_an_incident_is_confirmed_answered_and_closed_on_its_page(city: City, logged_in: LogIn) -> None:
    """[İ9b3] Proposed by the clock; an agent decides, answers once and closes together."""
    await cut(city)
    await tick(city)
    agent = await logged_in("elif")
    async with city.desk.database.read() as session:
        key = (await session.exec(select(Incident.id))).one()
    assert "Su kesintisi · Şirinyer, Buca" in (await agent.get("/incidents")).text
    outsider = city.applications["Komşu 2"]
    assert (await agent.post(f"/incidents/{key}/leave", application=outsider)).status_code == 303
    async with city.desk.database.read() as session:
        number = (await session.get_one(Application, outsider)).number
    assert (await agent.post(f"/incidents/{key}/add", number=number)).status_code == 303
    assert (await agent.post(f"/incidents/{key}/confirm")).status_code == 303
    assert (await agent.post(f"/incidents/{key}/confirm")).status_code == 409
    told = await agent.post(f"/incidents/{key}/answer", text="Arıza giderildi, sular verildi.")
    assert "Ortak cevap gönderime verildi: 3 başvuru" in told.text
    closed = await agent.post(f"/incidents/{key}/close", outcome="olumlu")
    assert "Birlikte sonuçlandırıldı: 3 başvuru" in closed.text
    assert "sonuçlandı" in (await agent.get(f"/incidents/{key}")).text


async def test_a_proposal_can_be_dismissed(city: City, logged_in: LogIn) -> None:
    """[İ9b3] No incident after all."""
    await cut(city)
    await tick(city)
    agent = await logged_in("elif")
    async with city.desk.database.read() as session:
        key = (await session.exec(select(Incident.id))).one()
    assert (await agent.post(f"/incidents/{key}/dismiss")).status_code == 303
    await tick(city)
    assert "Şu anda önerilen ya da süren bir olay yok" in (await agent.get("/incidents")).text


async def test_a_survey_ends_with_a_look_on_the_spot_and_the_work_goes_back(city: City, logged_in: LogIn) -> None:
    """[İ7d2, İ7d5, İ6b9] The agent writes down what she hears; the field team looks; undone work goes back."""
    key = city.applications["ege_bisiklet"]
    async with city.desk.database.write() as session:
        await surveys.set_share(session, city.actor("burcu"), percent=100)
        one = await session.get_one(Application, key)
        one.kind, one.routed_unit, one.routed_at, one.accepted_at = Kind.COMPLAINT, "ulasim", one.received_at, None
        one.accepted_at = one.received_at
        session.add(one)
        await session.flush()
        assert await surveys.make(session, now=city.desk.clock.now())
        survey = (await session.exec(select(Survey.id))).one()
    city.desk.clock.advance(days=2)
    caller, field = await logged_in("anket"), await logged_in("saha")
    assert "Bisiklet yolu çizgileri için teşekkürler" in (await caller.get("/surveys")).text
    assert (await caller.post(f"/surveys/{survey}", deed="not_reached")).status_code == 303
    assert (await caller.post(f"/surveys/{survey}", deed="done", score=9, solved=0)).status_code == 422
    assert (await caller.post(f"/surveys/{survey}", deed="done", score=5)).status_code == 422
    done = await caller.post(f"/surveys/{survey}", deed="done", score=1, solved=0, note="çizgi yok", check="çizgi yok")
    assert done.status_code == 303
    page = (await field.get("/field-checks")).text
    assert "çizgi yok" in page
    async with city.desk.database.read() as session:
        check = (await session.exec(select(FieldCheck.id))).one()
    assert (await field.post(f"/field-checks/{check}/take")).status_code == 303
    back = await field.post(f"/field-checks/{check}", finding="not_done", text="Çizgi çekilmemiş.")
    assert back.headers["location"].endswith("sent_back_undone")
    async with city.desk.database.read() as session:
        one = await session.get_one(Application, key)
    assert (one.state, one.is_open) == (ApplicationState.IN_PROGRESS, True)


async def test_reminders_reach_their_reader_and_the_letter_is_a_file(city: City, logged_in: LogIn) -> None:
    """[İ15g, İYUK 10] Reminders can be put away; the list for the letter leaves as a file without personal data."""
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["kerem_35"])
        one.state, one.routed_unit, one.routed_at = ApplicationState.ROUTED, "izsu", one.received_at
        session.add(one)
    city.desk.clock.advance(days=9)
    await tick(city)
    unit, chief = await logged_in("izsu"), await logged_in("mudur")
    page = (await unit.get("/reminders")).text
    assert one.number in page
    ids = re.search(r'name="ids" value="([\d,]+)"', page)
    assert ids
    assert (await unit.post("/reminders", ids=ids[1])).status_code == 303
    assert one.number not in (await unit.get("/reminders")).text
    assert one.number in (await chief.get("/late")).text
    letter = await chief.get("/late.csv")
    assert letter.headers["content-type"].startswith("text/csv")
    assert f"{one.number};Birimin iade süresi;" in letter.text
    assert "Kerem" not in letter.text


async def test_the_page_of_the_same_matter(city: City, logged_in: LogIn) -> None:
    """[İ8a2, İ7d3, İ7d5] Link, join and part, divide, ask for a look: from the application's page."""
    agent, key = await logged_in("elif"), city.applications["deniz.kaya35"]
    base = f"/applications/{key}/matter"
    async with city.desk.database.read() as session:
        other = await session.get_one(Application, city.applications["kerem_35"])
    assert base in (await agent.get(f"/applications/{key}")).text

    async def version() -> int:
        found = re.search(r'name="version" value="(\d+)"', (await agent.get(base)).text)
        assert found
        return int(found[1])

    assert (await agent.post(f"{base}/link", number=other.number, version=await version())).status_code == 303
    assert other.number in (await agent.get(base)).text
    assert (await agent.post(f"{base}/unlink", version=await version())).status_code == 303
    assert (await agent.post(f"{base}/join", number=other.number)).status_code == 303
    join = re.search(r'name="join" value="(\d+)"', (await agent.get(base)).text)
    assert join
    assert (await agent.post(f"{base}/part", join=join[1])).status_code == 303
    boxes = re.findall(r'name="(message_\d+)"', (await agent.get(base)).text)
    assert len(boxes) == 2
    labels = {"kind": "sikayet", "topic": "park_bakim", "unit": "ilce", "urgency": "normal", "district": "Buca"}
    divided = await agent.post(f"{base}/divide", version=await version(), **{boxes[-1]: 1}, **labels)
    assert divided.status_code == 303
    offered = "Yerinde tespit iste" in (await agent.get(base)).text
    asked = await agent.post(f"/applications/{key}/field-check", reason="Bakılsın")
    assert asked.status_code == (303 if offered else 409)


@pytest.mark.parametrize("login", ["elif", "burcu", "mudur", "nobet", "anket", "saha", "izsu", "onay", "yonetici"])
async def test_pages_show_only_links_that_work(city: City, logged_in: LogIn, login: str) -> None:
    """[İ7-İ9] What the menu offers opens; what it does not offer is refused."""
    visitor = await logged_in(login)
    pages = ["/emergencies", "/incidents", "/reminders", "/late", "/roster", "/surveys", "/field-checks"]
    opens = {page: (await visitor.get(page)) for page in pages}
    shown = next(answer.text for answer in opens.values() if answer.status_code == 200)
    for page, answer in opens.items():
        if f'href="{page}"' in shown:
            assert answer.status_code == 200, page
        else:
            assert answer.status_code == 403 or page == "/reminders", page
