"""The weekly report on the pages: weeks, a week, its files, and who may read them."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.enums import Surface
from models.tables import Application, Topic
from tests.factories import City
from tests.inbox.web.conftest import LogIn

WEEK = "2026-11-22"


async def yesterday(city: City) -> None:
    """Everything came in the week that is over."""
    async with city.desk.database.write() as session:
        for one in (await session.exec(select(Application))).all():
            one.received_at -= timedelta(days=1)
            session.add(one)


async def test_weeks_that_are_over_are_listed(city: City, logged_in: LogIn) -> None:
    """A manager finds the weeks and opens one; the running week has no report."""
    await yesterday(city)
    visitor = await logged_in("mudur")
    page = (await visitor.get("/reports")).text
    assert f'href="/reports/{WEEK}"' in page
    assert "başvuru kaydedildi" in page
    assert (await visitor.get("/reports?day=2026-11-18")).headers["location"] == f"/reports/{WEEK}"
    assert (await visitor.get("/reports/2026-11-18")).headers["location"] == f"/reports/{WEEK}"
    assert (await visitor.get("/reports/2026-11-29")).status_code == 404
    assert (await visitor.get("/reports?day=dün")).status_code == 422


async def test_a_week_on_a_page(city: City, logged_in: LogIn) -> None:
    """[İ9b2, M7g] Figures beside the week before, charts in words too, names as the administrator calls them."""
    await yesterday(city)
    async with city.desk.database.write() as session:
        topic = await session.get_one(Topic, "su_kesintisi")
        topic.name = "Suyun kesilmesi"
        session.add(topic)
    page = (await (await logged_in("kalite")).get(f"/reports/{WEEK}")).text
    assert "Önceki hafta" in page
    assert "%100,0" in page
    assert "Suyun kesilmesi" in page
    assert "<style" not in page
    names = (*city.applications, Surface.DIRECT)
    assert not [name for name in names if name in page]


@pytest.mark.parametrize(
    ("ending", "kind", "begins"),
    [
        ("html", "text/html", b"<!doctype html>"),
        ("csv", "text/csv", "\ufeffBölüm;".encode()),
        ("pdf", "application/pdf", b"%PDF"),
    ],
)
async def test_a_week_as_a_file(city: City, logged_in: LogIn, ending: str, kind: str, begins: bytes) -> None:
    await yesterday(city)
    answer = await (await logged_in("burcu")).get(f"/reports/{WEEK}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"] == f'attachment; filename="kanal-raporu-{WEEK}.{ending}"'
    assert answer.content.startswith(begins)


async def test_before_the_first_week_is_over(city: City, logged_in: LogIn) -> None:
    visitor = await logged_in("kalite")
    page = await visitor.get("/reports")
    assert page.status_code == 200
    assert (await visitor.get("/reports/2020-01-05")).status_code == 404
    assert (await visitor.get(f"/reports/{WEEK}.exe")).status_code == 404
