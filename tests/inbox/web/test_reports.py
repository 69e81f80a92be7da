"""Reports on the pages: kinds and periods, files, unit scorecards, performance, crises, and who may read them."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bots.file_folder import FolderFileStore
from bots.reporter import keep_days
from inbox.reports.periods import Span
from inbox.services import erasure
from models.enums import IncidentState, ResponseKind, ResponseState
from models.tables import (
    Application,
    DayCount,
    Incident,
    IncidentMember,
    Message,
    MessageAttachment,
    Routing,
    Topic,
    UnitResponse,
)
from tests.factories import City
from tests.inbox.web.conftest import LogIn
from tests.inbox.web.test_files import attach

WEEK, RUNNING = "2026-11-22", "2026-11-29"
CHANNELS = "/reports/channels/weekly"


async def yesterday(city: City) -> None:
    """Everything came in the week that is over."""
    async with city.desk.database.write() as session:
        for one in (await session.exec(select(Application))).all():
            one.received_at = one.created_at = one.created_at - timedelta(days=1)
            session.add(one)


async def test_reports_are_there_from_the_first_day(city: City, logged_in: LogIn) -> None:
    """[İ9b2, M7g] The running week is shown so far and marked; a day in a form leads to its period."""
    visitor = await logged_in("mudur")
    page = (await visitor.get("/reports")).text
    assert "23–29 Kasım 2026 (sürüyor)" in page
    assert "Şimdiye dek" in page
    assert f'href="{CHANNELS}/{RUNNING}"' in page
    assert "Dönem sürüyor" in (await visitor.get(f"{CHANNELS}/{RUNNING}")).text
    asked = await visitor.get("/reports?kind=units&span=monthly&day=2026-11-23")
    assert asked.headers["location"] == "/reports/units/monthly/2026-11-30"


async def test_periods_that_are_over_are_listed(city: City, logged_in: LogIn) -> None:
    await yesterday(city)
    visitor = await logged_in("mudur")
    page = (await visitor.get("/reports")).text
    assert f'href="{CHANNELS}/{WEEK}"' in page
    assert (await visitor.get("/reports?day=2026-11-18")).headers["location"] == f"{CHANNELS}/{WEEK}"
    assert (await visitor.get(f"{CHANNELS}/2026-11-18")).headers["location"] == f"{CHANNELS}/{WEEK}"
    shown = (await visitor.get(f"{CHANNELS}/{WEEK}")).text
    assert "Sonraki: 23–29 Kasım 2026" in shown
    assert "Önceki: 9–15 Kasım 2026" in shown
    assert (await visitor.get(f"{CHANNELS}/2026-12-06")).status_code == 404
    assert (await visitor.get("/reports/weather/weekly/2026-11-22")).status_code == 404
    assert (await visitor.get("/reports/channels/hourly/2026-11-22")).status_code == 404
    assert (await visitor.get("/reports?day=dün")).status_code == 422


@pytest.mark.parametrize("kind", ["channels", "units", "people"])
async def test_every_kind_and_period_can_be_opened(logged_in: LogIn, kind: str) -> None:
    """[İ9b2, İ14p, Ç11i] The form leads to each, by any day in it; the running one is shown."""
    visitor = await logged_in("mudur")
    for span in Span:
        asked = await visitor.get(f"/reports?kind={kind}&span={span}&day=2026-11-23")
        page = await visitor.get(asked.headers["location"])
        assert page.status_code == 200, span
        assert 'class="headline"' in page.text


async def test_a_week_on_a_page(city: City, logged_in: LogIn) -> None:
    """[İ9b2, M7g] Figures beside the week before, charts in words too, names as the administrator calls them."""
    await yesterday(city)
    async with city.desk.database.write() as session:
        topic = await session.get_one(Topic, "su_kesintisi")
        topic.name = "Suyun kesilmesi"
        session.add(topic)
    page = (await (await logged_in("kalite")).get(f"{CHANNELS}/{WEEK}")).text
    assert "Önceki hafta" in page
    assert "Suyun kesilmesi" in page
    assert "<style" not in page
    assert not [name for name in city.applications if name in page]


@pytest.mark.parametrize(
    ("ending", "kind", "begins"),
    [
        ("html", "text/html", b"<!doctype html>"),
        ("csv", "text/csv", "\ufeffRapor;".encode()),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
async def test_a_week_as_a_file(city: City, logged_in: LogIn, ending: str, kind: str, begins: bytes) -> None:
    await yesterday(city)
    visitor = await logged_in("burcu")
    answer = await visitor.get(f"{CHANNELS}/{WEEK}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="kanal-raporu-weekly-{WEEK}.{ending}"'
    assert answer.content.startswith(begins)
    assert (await visitor.get(f"{CHANNELS}/{WEEK}.exe")).status_code == 404


async def with_the_unit(city: City) -> None:
    """İZSU got one application yesterday and answered it; the desk sent the answer back."""
    now = city.desk.clock.now()
    key = city.applications["deniz.kaya35"]
    async with city.desk.database.write() as session:
        at = now - timedelta(hours=8)
        session.add(Routing(application_id=key, unit="izsu", routed_at=at, return_due_at=now))
        session.add(
            UnitResponse(
                application_id=key,
                unit="izsu",
                kind=ResponseKind.ANSWER,
                state=ResponseState.SENT_BACK,
                user_id=city.users["izsu"].id or 0,
                created_at=at + timedelta(hours=6),
                decided_at=at + timedelta(hours=7),
            )
        )


async def test_scorecards_of_units(city: City, logged_in: LogIn) -> None:
    """[İ9b3] Received, returned, answered in time, how fast, sent back; a unit's own card beside the day before."""
    await with_the_unit(city)
    visitor = await logged_in("kalite")
    page = (await visitor.get("/reports/units/daily/2026-11-23")).text
    assert '<a class="link" href="/reports/units/daily/2026-11-23?unit=izsu">İZSU Genel Müdürlüğü</a>' in page
    card = (await visitor.get("/reports/units/daily/2026-11-23?unit=izsu")).text
    assert "İZSU Genel Müdürlüğü: 1 başvuru geldi, 1 cevap verildi." in card
    assert "Önceki gün" in card
    table = (await visitor.get("/reports/units/daily/2026-11-23.csv?unit=izsu")).text
    assert "Birim karnesi;Cevap süresi, ortanca (saat);6;" in table
    assert "Birim karnesi;Süresinde cevaplanan (%);100;" in table
    assert "Birim karnesi;Kontrolden geri gönderilen cevap;1;0" in table
    for ending in ("", ".csv"):
        assert (await visitor.get(f"/reports/units/daily/2026-11-23{ending}?unit=şş%0D%0A")).status_code == 404


async def test_performance_of_agents_is_for_leads_alone(city: City, logged_in: LogIn) -> None:
    """[İ17, İ18] What each registered, answered and ended, and how fast."""
    table = (await (await logged_in("burcu")).get("/reports/people/daily/2026-11-23.csv")).text
    assert "Personel;Elif Aydın;0;2;2;" in table
    quality = await logged_in("kalite")
    assert (await quality.get("/reports/people/daily/2026-11-23")).status_code == 403
    assert (await quality.get("/reports?kind=people")).status_code == 403
    assert "personel" not in (await quality.get("/reports")).text.lower()


async def incident_of(city: City, *names: str) -> int:
    now = city.desk.clock.now()
    async with city.desk.database.write() as session:
        incident = Incident(
            topic="su_kesintisi", place="Adatepe, Buca", state=IncidentState.CONFIRMED, began_at=now, proposed_at=now
        )
        session.add(incident)
        await session.flush()
        session.add_all(
            IncidentMember(application_id=city.applications[name], incident_id=incident.id or 0, added_at=now)
            for name in names
        )
    return incident.id or 0


async def test_a_crisis_report_at_once(city: City, logged_in: LogIn) -> None:
    """[İ9b3] An incident as it stands: how many, since when, where, by which channel, what was done; nobody's name."""
    key = await incident_of(city, "deniz.kaya35", "kerem_35")
    visitor = await logged_in("kalite")
    assert f'href="/reports/crisis/{key}"' in (await visitor.get("/reports")).text
    page = (await visitor.get(f"/reports/crisis/{key}")).text
    assert "Adatepe, Buca: 2 vatandaştan 2 başvuru." in page
    assert "Saatlere göre" in page
    assert "Henüz verilmedi" in page
    assert "deniz" not in page
    assert f'href="/reports/crisis/{key}"' in (await (await logged_in("burcu")).get(f"/incidents/{key}")).text
    assert (await visitor.get(f"/reports/crisis/{key}.pdf")).content.startswith(b"%PDF")
    assert (await visitor.get("/reports/crisis/999")).status_code == 404
    assert (await visitor.get("/reports/crisis/x")).status_code == 404


async def test_what_surges_has_a_crisis_report(city: City, logged_in: LogIn) -> None:
    """[İ9b3] A topic that is written about far more than on the days before, in the last 24 hours."""
    today = city.desk.clock.now().date()
    async with city.desk.database.write() as session:
        for one in (await session.exec(select(Application))).all():
            one.topic, one.district, one.neighbourhood = "su_kesintisi", "Buca", "Adatepe"
            one.confidential = one.id == city.applications["deniz.kaya35"]
            session.add(one)
        for back in range(2, 16):
            counts = {"topic": {"su_kesintisi": 1}, "district": {"Buca": 40}}
            session.add(DayCount(day=today - timedelta(days=back), counts=counts, counted_at=city.desk.clock.now()))
    visitor = await logged_in("kalite")
    page = (await visitor.get("/reports")).text
    assert 'href="/reports/crisis/topic/su_kesintisi"' in page
    assert "alışılmış gün 1,0" in page
    assert "/reports/crisis/district/" not in page
    report = (await visitor.get("/reports/crisis/topic/su_kesintisi")).text
    assert "Kriz raporu" in report
    assert "Su kesintisi: " in report
    assert "Ortak cevap" not in report
    table = (await visitor.get("/reports/crisis/topic/su_kesintisi.csv")).text
    assert "Nereden yazıldı;Adatepe, Buca;" in table
    assert "Nereden yazıldı;Buca;1" in table
    assert (await visitor.get("/reports/crisis/district/Buca.csv")).text.startswith("\ufeffRapor;Kriz raporu")
    assert (await visitor.get("/reports/crisis/topic/nothing")).status_code == 404
    assert (await visitor.get("/reports/crisis/user/1")).status_code == 404


@pytest.fixture
def files(city: City, tmp_path: Path) -> FolderFileStore:
    city.desk.files = made = FolderFileStore(tmp_path / "files")
    return made


async def test_examples_with_pictures_vanish_with_the_post(
    city: City, logged_in: LogIn, files: FolderFileStore
) -> None:
    """[M7ı] Public posts with pictures, masked; taken back, they are gone from the report of a kept week, too."""
    picture = await attach(city, files, name="deniz.kaya35")
    async with city.desk.database.write() as session:
        attachment = await session.get_one(MessageAttachment, picture)
        message = await session.get_one(Message, attachment.message_id)
        message.text = "Ben Deniz Kaya, 0532 111 22 33, sular kesik"
        session.add(message)
    now, zone = city.desk.clock.now(), city.desk.profile.time_zone
    visitor, address = await logged_in("kalite"), f"{CHANNELS}/{RUNNING}"
    page = (await visitor.get(address)).text
    assert f'<img src="/reports/pictures/{picture}"' in page
    assert "sular kesik" in page
    assert "111 22" not in page
    assert "Deniz Kaya" not in page
    assert (await visitor.get(f"/reports/pictures/{picture}")).content == b"small"
    assert "data:image/jpeg;base64,c21hbGw=" in (await visitor.get(f"{address}.html")).text
    await keep_days(city.desk.database, now=now + timedelta(days=2), zone=zone)
    async with city.desk.database.write() as session:
        await erasure.erase(session, await session.get_one(Message, attachment.message_id), at=now)
    page = (await visitor.get(address)).text
    assert "sular kesik" not in page
    assert "/reports/pictures/" not in page
    assert (await visitor.get(f"/reports/pictures/{picture}")).status_code == 404


@pytest.mark.parametrize("change", ["confidential", "private"])
async def test_what_is_not_public_is_no_example(
    city: City, logged_in: LogIn, files: FolderFileStore, change: str
) -> None:
    """[M7ı, İ7d10]"""
    name = "deniz.kaya35" if change == "confidential" else "Fatma Şahin"
    picture = await attach(city, files, name=name)
    if change == "confidential":
        async with city.desk.database.write() as session:
            one = await session.get_one(Application, city.applications[name])
            one.confidential = True
            session.add(one)
    visitor = await logged_in("kalite")
    assert "/reports/pictures/" not in (await visitor.get(f"{CHANNELS}/{RUNNING}")).text
    assert (await visitor.get(f"/reports/pictures/{picture}")).status_code == 404
