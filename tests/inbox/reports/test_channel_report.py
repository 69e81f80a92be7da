"""The channel report counts what happened, beside the period before, and says it in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bots.reporter import keep_days
from inbox.reports.channels import CHARTS
from inbox.reports.document import Report
from inbox.reports.making import Kind, make_report
from inbox.reports.page import render
from inbox.reports.periods import Span, bounds, days_between, period_of
from inbox.reports.table import csv_of
from inbox.repositories import day_counts
from inbox.services import organisation
from models.db import Database
from models.enums import ApplicationState, Outcome, ResponseKind, Surface, SurveyState
from models.profile import Profile
from models.tables import (
    AccountFigure,
    Application,
    Citizen,
    ClassificationRecord,
    DayCount,
    Survey,
    Topic,
    UnitResponse,
    User,
)
from tests.applications import plain_application
from tests.builders import FACEBOOK, TELEGRAM, message, set_up, take_in

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
AFTER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEEK = period_of(Span.WEEK, date(2026, 11, 22))


async def register(
    database: Database, number: int, at: datetime, *, answered_after: float | None = None, **changes: Any
) -> int:
    answered = None if answered_after is None else at + timedelta(hours=answered_after)
    async with database.write() as session:
        if await session.get(Citizen, 1) is None:
            session.add(Citizen(id=1, created_at=at))
            await session.flush()
        fields = {
            "channel": TELEGRAM, "received_at": at, "due_at": at + timedelta(days=30), "first_answer_at": answered,
        }  # fmt: skip
        one = plain_application(number, **{**fields, **changes})
        session.add(one)
        await session.flush()
        return one.id or 0


async def report(
    database: Database,
    profile: Profile,
    *,
    now: datetime = AFTER,
    span: Span = Span.WEEK,
    day: date = WEEK.last,
    **more: Any,
) -> Report:
    if more.pop("kept", True):
        await keep_days(database, now=now, zone=profile.time_zone)
    async with database.read() as session:
        return await make_report(
            session, more.pop("kind", Kind.CHANNELS), period_of(span, day), now=now, profile=profile, **more
        )


def figures(found: Report, title: str) -> dict[str, list[str]]:
    section = next(one for one in found.sections if one.title == title)
    return {row.label: [cell.shown for cell in row.cells] for row in section.rows}


async def test_figures_of_two_weeks(database: Database, profile: Profile) -> None:
    """[İ9b2, M7g] Volumes, answer times, limits, backlog and its age, beside the week before."""
    await set_up(database, MONDAY, TELEGRAM, FACEBOOK)
    await take_in(database, MONDAY, message(1), message(2))
    await take_in(database, MONDAY, message(3, channel=FACEBOOK, surface=Surface.COMMENT))
    await take_in(database, MONDAY - timedelta(days=7), message(4))
    await register(database, 1, MONDAY, answered_after=2)
    await register(database, 2, MONDAY, answered_after=6, neighbourhood="Adatepe", district="Buca")
    await register(database, 3, MONDAY + timedelta(days=1), topic="durak", due_at=MONDAY + timedelta(days=3))
    await register(database, 4, MONDAY - timedelta(days=7), topic="durak")
    found = await report(database, profile)
    assert found.headline == (
        "3 başvuru kaydedildi, önceki haftadan 2 fazla. En çok yazılan konu 2 başvuruyla Su kesintisi."
    )
    summary = figures(found, "Özet")
    assert summary["Gelen mesaj"] == ["3", "1"]
    assert summary["İlk kez cevaplanan"] == ["2", "0"]
    assert summary["İlk cevap süresi, ortanca"] == ["4,0 saat", "–"]
    assert summary["Süresinde cevaplanan"] == ["%66,7", "–"]
    assert summary["Süresi geçen"] == ["1", "0"]
    assert summary["Dönem sonunda açık"] == ["4", "1"]
    assert summary["En eski açık başvuru"] == ["13 gün", "6 gün"]
    assert figures(found, "Açık başvuruların yaşı")["4–7 gün"] == ["3", "1"]
    assert figures(found, "En çok hangi konular yazıldı") == {
        "Su kesintisi": ["2", "0"],
        "Durak: yeri, bakımı, ekranı": ["1", "1"],
    }
    assert figures(found, "En çok başvuru gelen mahalleler") == {"Adatepe, Buca": ["1", "0"]}
    assert figures(found, "Hangi birimlere iş düştü")["İZSU Genel Müdürlüğü"] == ["3", "1"]
    page = render(found, pictures={})
    assert "İZSU Genel Müdürlüğü" in page
    assert "<script" not in page
    table = csv_of(found)
    assert "Özet;İlk cevap süresi, ortanca (saat);4;" in table
    assert "En çok hangi konular yazıldı;Su kesintisi;2;0" in table
    assert "Kanallara gelen mesajlar;Telegram;2;1" in table
    assert "Hesaplara gelen mesajlar;Facebook · facebook;1;0" in table


async def test_every_chart_adds_up_to_what_was_registered(database: Database, profile: Profile) -> None:
    """Beside the rows of the applications themselves; on a Sunday evening in UTC it is Monday in İzmir."""
    await set_up(database, MONDAY)
    districts = [f"İlçe {number:02}" for number in range(14)]
    for number, district in enumerate(districts):
        topic = "durak" if number % 3 else None
        await register(database, number + 1, MONDAY, district=district, topic=topic)
    for number, day, hour in ((20, 15, 21), (21, 22, 20), (22, 15, 20), (23, 22, 21)):
        await register(database, number, datetime(2026, 11, day, hour, 30, tzinfo=UTC), district="Buca", unit=None)
    since, until = (bounds(day, profile.time_zone)[edge] for day, edge in ((WEEK.first, 0), (WEEK.last, 1)))
    async with database.read() as session:
        rows = (await session.exec(select(Application))).all()
    listed = [sum(start <= one.received_at < end for one in rows)
              for start, end in ((since, until), (since - timedelta(days=7), since))]  # fmt: skip
    found = await report(database, profile)
    assert figures(found, "Özet")["Kaydedilen başvuru"] == [str(number) for number in listed] == ["16", "1"]
    for _, title, _ in CHARTS:
        if title in {one.title for one in found.sections}:
            sides = zip(*figures(found, title).values(), strict=True)
            assert [sum(map(int, side)) for side in sides] == listed, title
    assert list(figures(found, "Nereden yazıldı"))[-1] == "Diğerleri"


async def test_ends_satisfaction_and_feeling(database: Database, profile: Profile) -> None:
    """[İ7d2, M7g] How applications ended, what citizens said of it afterwards, and in which tone they wrote at first.

    What she writes later changes no tone: an application counts once.
    """
    await set_up(database, MONDAY)
    await take_in(database, MONDAY, message(1), message(2))
    ended = {"state": ApplicationState.CLOSED, "closed_at": MONDAY + timedelta(days=2), "outcome": Outcome.POSITIVE}
    one = await register(database, 1, MONDAY, answered_after=4, **ended)
    async with database.write() as session:
        session.add(
            Survey(
                application_id=one,
                state=SurveyState.DONE,
                score=4,
                solved=True,
                created_at=MONDAY,
                not_before=MONDAY,
                answered_at=MONDAY + timedelta(days=3),
            )
        )
        for place, tone in ((1, "negative"), (2, "positive")):
            record = ClassificationRecord(
                message_id=place,
                application_id=one,
                kind="sikayet",
                urgency="normal",
                decision="auto",
                created_at=MONDAY,
                details={"tone": tone},
            )
            session.add(record)
            await session.flush()
    found = await report(database, profile)
    summary = figures(found, "Özet")
    assert summary["Sonuçlanan"] == ["1", "0"]
    assert summary["Sonuçlanma süresi, ortanca"] == ["2,0 gün", "–"]
    assert summary["Memnuniyet, 5 üzerinden"] == ["4,0", "–"]
    assert summary["Sorunu çözüldü diyen"] == ["%100,0", "–"]
    assert summary["Dönem sonunda açık"] == ["0", "0"]
    assert figures(found, "Hangi duyguyla yazıldı") == {"Olumsuz": ["1", "0"]}
    assert figures(found, "Nasıl sonuçlandı") == {"Olumlu": ["1", "0"]}


async def test_an_answer_in_time_and_a_limit_that_passed_count_once(
    sqlite_database: Database, profile: Profile
) -> None:
    """[İ20a] A late answer was counted when its limit passed; what ended before its limit is no miss, nor
    what stood still when it came."""
    late, early = MONDAY + timedelta(days=1), MONDAY - timedelta(days=7)
    await register(sqlite_database, 1, early, due_at=early + timedelta(days=1), answered_after=24 * 8)
    await register(
        sqlite_database, 2, MONDAY, due_at=late, closed_at=MONDAY + timedelta(hours=1), state=ApplicationState.DISMISSED
    )
    for number, paused in ((3, late - timedelta(hours=1)), (4, late + timedelta(hours=1))):
        await register(sqlite_database, number, MONDAY, due_at=late, paused_at=paused)
    summary = figures(await report(sqlite_database, profile), "Özet")
    assert summary["İlk kez cevaplanan"] == ["1", "0"]
    assert summary["Süresi geçen"] == ["1", "1"]
    assert summary["Süresinde cevaplanan"] == ["%0,0", "%0,0"]


async def test_a_unit_keeps_a_limit_once(database: Database, profile: Profile) -> None:
    """[İ9b3] An answer that was sent back and given anew is one application; another unit's answer excuses nobody."""
    await organisation_of(database, profile)
    due = MONDAY + timedelta(days=3)
    twice = await register(database, 1, MONDAY, due_at=due, routed_unit="izsu")
    others = await register(database, 2, MONDAY, due_at=due, routed_unit="izsu")
    async with database.write() as session:
        user = User(login="birim", name="Birim", password_hash="", roles=[], created_at=MONDAY)
        session.add(user)
        await session.flush()
        session.add_all(
            UnitResponse(
                application_id=key,
                unit=unit,
                kind=ResponseKind.ANSWER,
                user_id=user.id or 0,
                created_at=MONDAY + timedelta(hours=hours),
            )
            for key, unit, hours in ((twice, "izsu", 1), (twice, "izsu", 5), (others, "eshot", 2))
        )
    card = await report(database, profile, kind=Kind.UNITS, unit="izsu")
    assert figures(card, "Birim karnesi")["Birimin cevapladığı"] == ["2", "0"]
    assert figures(card, "Birim karnesi")["Süresinde cevaplanan"] == ["%50,0", "–"]


@pytest.mark.parametrize(
    ("span", "than"),
    [
        (Span.DAY, "önceki günden"),
        (Span.WEEK, "önceki haftanın aynı günlerinden"),
        (Span.MONTH, "önceki ayın aynı günlerinden"),
        (Span.QUARTER, "önceki üç ayın aynı günlerinden"),
        (Span.HALF, "önceki altı ayın aynı günlerinden"),
        (Span.YEAR, "önceki yılın aynı günlerinden"),
    ],
)
async def test_a_running_period_is_marked(sqlite_database: Database, profile: Profile, span: Span, than: str) -> None:
    """[İ9b2, İ14p, Ç11i] Every period can be read before it is over, beside as many days of the one before."""
    await organisation_of(sqlite_database, profile)
    await register(sqlite_database, 1, AFTER - timedelta(hours=1))
    await with_a_past(sqlite_database)
    found = await report(sqlite_database, profile, span=span, day=AFTER.date())
    assert found.headline.startswith(f"Şimdiye dek 1 başvuru kaydedildi, {than} 1 fazla.")
    assert "Dönem sürüyor" in found.remarks[0]
    assert csv_of(found).splitlines()[1].startswith('Not;"Dönem sürüyor')
    assert figures(found, "Özet")["Kaydedilen başvuru"] == ["1", "0"]


async def organisation_of(database: Database, profile: Profile) -> None:
    async with database.write() as session:
        await organisation.seed(session, profile)


async def test_a_confidential_neighbourhood_stands_in_no_report(sqlite_database: Database, profile: Profile) -> None:
    """[İ7d10] One case of violence on a quiet day: its neighbourhood beside its topic would name a household."""
    await organisation_of(sqlite_database, profile)
    await register(sqlite_database, 1, MONDAY, district="Buca", neighbourhood="Adatepe", confidential=True)
    found = await report(sqlite_database, profile)
    assert figures(found, "Nereden yazıldı") == {"Buca": ["1", "0"]}
    assert "En çok başvuru gelen mahalleler" not in [one.title for one in found.sections]


async def test_what_is_registered_later_counts_then(database: Database, profile: Profile) -> None:
    """[İ8a2] A letter that is entered days after it came, or a message out of Friday's checks, is lost to no report."""
    await set_up(database, MONDAY)
    await register(database, 1, MONDAY - timedelta(days=7))
    await keep_days(database, now=AFTER - timedelta(days=1), zone=profile.time_zone)
    await register(database, 2, MONDAY, created_at=AFTER - timedelta(hours=1))
    assert figures(await report(database, profile), "Özet")["Kaydedilen başvuru"] == ["0", "1"]
    running = await report(database, profile, day=AFTER.date())
    assert figures(running, "Özet")["Kaydedilen başvuru"] == ["1", "0"]


async def with_a_past(database: Database) -> None:
    """The desk was there long ago, and had nothing to do."""
    await register(database, 99, datetime(2024, 12, 30, 9, 0, tzinfo=UTC), outcome=Outcome.POSITIVE)
    async with database.write() as session:
        for day in days_between(date(2024, 12, 30), AFTER.date() - timedelta(days=2)):
            session.add(DayCount(day=day, counts={}, counted_at=AFTER))


@pytest.mark.parametrize("back", [0, 3])
async def test_no_more_and_no_less_than_days_without_a_desk(
    sqlite_database: Database, profile: Profile, back: int
) -> None:
    """A first week, and one after half a week, are beside no period: nothing has grown, and the page says why."""
    await organisation_of(sqlite_database, profile)
    for number in range(1, 5):
        await register(sqlite_database, number, MONDAY - timedelta(days=back if number == 1 else 0))
    found = await report(sqlite_database, profile)
    assert found.headline.startswith(f"{4 - bool(back)} başvuru kaydedildi. En çok yazılan konu")
    assert "En çok artan konular" not in [one.title for one in found.sections]
    assert found.remarks == [
        f"Kayıtlar {16 - back} Kasım 2026 günü başlar; önceki dönem bu yüzden eksik ya da boştur, "
        "artış ya da azalış söylenmez."
    ]


async def test_applications_without_a_topic_lead_no_headline(sqlite_database: Database, profile: Profile) -> None:
    """Of two topics alike the first of the chart is named."""
    await organisation_of(sqlite_database, profile)
    await register(sqlite_database, 1, MONDAY, topic=None)
    assert (await report(sqlite_database, profile, kept=False, now=MONDAY + timedelta(hours=1))).headline.endswith(
        "kaydedildi."
    )
    for number, topic in ((2, None), (3, "durak"), (4, "su_kesintisi")):
        await register(sqlite_database, number, MONDAY, topic=topic)
    found = await report(sqlite_database, profile)
    assert found.headline.endswith("En çok yazılan konu 1 başvuruyla Durak: yeri, bakımı, ekranı.")
    assert list(figures(found, "En çok hangi konular yazıldı"))[1] == "Durak: yeri, bakımı, ekranı"


async def test_days_that_are_over_are_kept(database: Database, profile: Profile) -> None:
    """A day is counted once, two days after; a page adds up what is kept and counts the last days alone."""
    await set_up(database, MONDAY)
    await register(database, 1, MONDAY)
    await register(database, 2, AFTER - timedelta(days=1))
    assert await keep_days(database, now=AFTER, zone=profile.time_zone) == 6
    assert await keep_days(database, now=AFTER, zone=profile.time_zone) == 0
    async with database.write() as session:
        kept = await day_counts.between(session, WEEK.first, WEEK.last)
        assert [row.day.day for row in kept] == [16, 17, 18, 19, 20, 21]
        one = await session.get_one(Application, 1)
        one.topic = "durak"
        session.add(one)
    found = await report(database, profile)
    assert figures(found, "En çok hangi konular yazıldı") == {"Su kesintisi": ["2", "0"]}
    assert figures(found, "Özet")["Dönem sonunda açık"] == ["2", "0"]
    assert [one for one in found.remarks if "hazırlanmadı" in one] == []


async def test_months_are_kept_as_sums(database: Database, profile: Profile) -> None:
    """A year is a dozen rows; the days of a kept month are not read again."""
    await set_up(database, MONDAY)
    await register(database, 1, MONDAY - timedelta(days=40))
    await register(database, 2, MONDAY)
    await keep_days(database, now=AFTER, zone=profile.time_zone)
    async with database.write() as session:
        assert [row.first for row in await day_counts.months_between(session, date(2026, 1, 1), AFTER.date())] == [
            date(2026, 10, 1)
        ]
        for row in await day_counts.between(session, date(2026, 10, 1), date(2026, 10, 30)):
            await session.delete(row)
    found = await report(database, profile, span=Span.YEAR, day=AFTER.date(), kept=False)
    assert figures(found, "En çok hangi konular yazıldı") == {"Su kesintisi": ["2", "0"]}
    assert [one for one in found.remarks if "hazırlanmadı" in one] == []
    october = await report(database, profile, span=Span.MONTH, day=date(2026, 10, 31), kept=False)
    assert figures(october, "Özet")["Dönem sonunda açık"] == ["1", "0"]


async def test_days_that_are_not_counted_yet_are_said(sqlite_database: Database, profile: Profile) -> None:
    """No page counts a whole history: what the clock has not kept yet is missing, and said."""
    await register(sqlite_database, 1, MONDAY)
    found = await report(sqlite_database, profile, kept=False)
    assert "6 günün sayısı henüz hazırlanmadı" in found.remarks[-1]
    await keep_days(sqlite_database, now=AFTER, zone=profile.time_zone, most=2)
    assert "4 günün" in (await report(sqlite_database, profile, kept=False)).remarks[-1]


async def test_an_empty_period_is_said(sqlite_database: Database, profile: Profile) -> None:
    assert (await report(sqlite_database, profile)).headline == "Bu dönemde başvuru kaydedilmedi."
    running = await report(sqlite_database, profile, span=Span.DAY, day=AFTER.date())
    assert running.headline == "Bu dönemde henüz başvuru kaydedilmedi."


async def test_followers_and_posts(database: Database, profile: Profile) -> None:
    """[İ8a5, İ8a6] The last that the platform said in the period, with the change since the one before."""
    [key] = await set_up(database, MONDAY, FACEBOOK)
    async with database.write() as session:
        for day, followers in ((date(2026, 11, 12), 900), (date(2026, 11, 17), 950), (date(2026, 11, 20), 1_200)):
            await day_counts.note_account(session, AccountFigure(account_id=key, day=day, followers=followers))
        again = AccountFigure(account_id=key, day=date(2026, 11, 20), followers=1_250, posts=12)
        await day_counts.note_account(session, again)
    assert figures(await report(database, profile), "Hesaplarımız") == {
        "Facebook · facebook": ["1.250", "350", "12", "–"]
    }


async def test_names_in_a_report_are_inert(sqlite_database: Database, profile: Profile) -> None:
    """Neither markup on the page nor a formula in the table."""
    await organisation_of(sqlite_database, profile)
    async with sqlite_database.write() as session:
        topic = await session.get_one(Topic, "durak")
        topic.name = "=1+<script>alert(1)</script>"
        session.add(topic)
    await register(sqlite_database, 1, MONDAY, topic="durak")
    found = await report(sqlite_database, profile, now=MONDAY + timedelta(hours=1))
    page, table = render(found, pictures={}), csv_of(replace(found, headline=""))
    assert "<script>" not in page
    assert "=1+&lt;script&gt;alert(1)&lt;/script&gt;</th>" in page
    assert ";'=1+<script>" in table
    assert ";=1+" not in table


async def test_kept_counts_name_nobody(sqlite_database: Database, profile: Profile) -> None:
    """[İ7d10-11] What is kept for good are numbers by label: nothing has to be erased from it."""
    await set_up(sqlite_database, MONDAY)
    await take_in(sqlite_database, MONDAY, message(1, "Ben Ayşe Demir, 0532 111 22 33"))
    await register(sqlite_database, 1, MONDAY, summary="Ben Ayşe Demir", brief="0532 111 22 33")
    await keep_days(sqlite_database, now=AFTER, zone=profile.time_zone)
    async with sqlite_database.read() as session:
        kept = await day_counts.between(session, WEEK.first, WEEK.last)
    words = " ".join(str(row.counts) for row in kept)
    assert "su_kesintisi" in words
    assert "Ayşe" not in words
    assert "0532" not in words
