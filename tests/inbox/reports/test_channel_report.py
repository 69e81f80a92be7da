"""The weekly report counts what happened, beside the week before, and says it in words."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import select

from inbox.reports.charts import bars_of
from inbox.reports.figures import channel_figures
from inbox.reports.names import read_names
from inbox.reports.page import headline, render
from inbox.reports.periods import Period, week_ending, whole_weeks
from inbox.reports.table import csv_of
from inbox.services import organisation
from models.db import Database
from models.enums import ApplicationState, ChannelName, Kind, Surface
from models.profile import Profile
from models.tables import Application, Citizen, Topic
from tests.builders import FACEBOOK, TELEGRAM, message, set_up, take_in

WEEK = week_ending(date(2026, 11, 22))
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


async def register(
    database: Database, number: int, received_at: datetime, *, topic: str, answered_after: float | None = None
) -> None:
    answered = None if answered_after is None else received_at + timedelta(hours=answered_after)
    async with database.write() as session:
        citizen = (await session.exec(select(Citizen))).first() or Citizen(created_at=received_at)
        session.add(citizen)
        await session.flush()
        session.add(
            Application(
                number=f"HİM-2026-{number:07d}",
                citizen_id=citizen.id,
                channel=ChannelName.TELEGRAM,
                state=ApplicationState.DRAFT,
                kind=Kind.COMPLAINT,
                topic=topic,
                unit="izsu",
                received_at=received_at,
                due_at=received_at + timedelta(days=30),
                last_message_at=received_at,
                first_answer_at=answered,
                created_at=received_at,
            )
        )


def test_a_week_has_seven_local_days(profile: Profile) -> None:
    assert Period(date(2026, 11, 16), date(2026, 11, 22)) == WEEK
    since, until = WEEK.bounds(profile.time_zone)
    assert since == datetime(2026, 11, 15, 21, 0, tzinfo=UTC)
    assert until - since == timedelta(days=7)
    assert WEEK.before == Period(date(2026, 11, 9), date(2026, 11, 15))


def test_weeks_are_listed_once_they_are_over() -> None:
    assert whole_weeks(date(2026, 11, 11), date(2026, 11, 22)) == [WEEK.before]
    assert whole_weeks(date(2026, 11, 11), date(2026, 11, 23)) == [WEEK, WEEK.before]


async def test_figures_of_two_weeks(database: Database, profile: Profile) -> None:
    await set_up(database, MONDAY, TELEGRAM, FACEBOOK)
    await take_in(database, MONDAY, message(1), message(2))
    await take_in(database, MONDAY, message(3, channel=FACEBOOK, surface=Surface.COMMENT))
    await take_in(database, MONDAY - timedelta(days=7), message(4))
    await register(database, 1, MONDAY, topic="su_kesintisi", answered_after=2)
    await register(database, 2, MONDAY, topic="su_kesintisi", answered_after=6)
    await register(database, 3, MONDAY + timedelta(days=1), topic="durak")
    await register(database, 4, MONDAY - timedelta(days=7), topic="durak")
    async with database.read() as session:
        figures = await channel_figures(session, WEEK, profile=profile)
        names = await read_names(session, profile)
    assert figures.now.messages_by_channel == {"telegram": 2, "facebook": 1}
    assert (figures.now.applications, figures.before.applications) == (3, 1)
    assert figures.now.applications_by["topic"] == {"su_kesintisi": 2, "durak": 1}
    assert (figures.now.first_answer_hours, figures.now.answered, figures.now.in_time) == (4.0, 2, 1.0)
    assert (figures.now.open_at_end, figures.now.oldest_open_days) == (4, 13)
    assert headline(figures, names=names) == (
        "3 başvuru kaydedildi, önceki dönemden 2 fazla. En çok yazılan konu 2 başvuruyla Su kesintisi."
    )
    page = render(figures, names=names)
    assert "İZSU Genel Müdürlüğü" in page
    assert "<script" not in page
    table = csv_of(figures, names=names)
    assert "Özet;İlk cevap süresi, ortanca (saat);4,0;" in table
    assert "Konu;Su kesintisi;2;0" in table
    assert "Kanala gelen mesaj;Telegram;2;1" in table


async def test_an_empty_week_is_said(sqlite_database: Database, profile: Profile) -> None:
    async with sqlite_database.read() as session:
        figures = await channel_figures(session, WEEK, profile=profile)
        names = await read_names(session, profile)
    assert "Bu dönemde başvuru kaydedilmedi." in render(figures, names=names)


def test_bars_are_measured_by_the_longest() -> None:
    first, second = bars_of([("a", 3, 4), ("b", 1, 1)])
    assert (first.length, first.outline, first.change) == (75.0, 100.0, "-1")
    assert (second.length, second.outline, second.change) == (25.0, 25.0, "+0")
    assert bars_of([("a", 0, 0)])[0].length == 0


async def test_names_in_a_report_are_inert(sqlite_database: Database, profile: Profile) -> None:
    async with sqlite_database.write() as session:
        await organisation.seed(session, profile)
        topic = await session.get_one(Topic, "durak")
        topic.name = "<script>alert(1)</script>"
        session.add(topic)
    await register(sqlite_database, 1, MONDAY, topic="durak")
    async with sqlite_database.read() as session:
        figures, names = await channel_figures(session, WEEK, profile=profile), await read_names(session, profile)
    page = render(figures, names=names)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</th>" in page
    assert "1 (+1)" in page
