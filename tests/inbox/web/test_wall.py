"""The wall screen, and where everybody's day begins."""

import re
from datetime import timedelta

import pytest

from models.enums import ApplicationState
from models.tables import Application, EmergencyAlarm
from tests.conftest import NOW
from tests.factories import City
from tests.inbox.web.conftest import LogIn


async def test_the_wall_counts_what_waits_and_shows_nobody(city: City, logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    page = (await elif_.get("/wall")).text
    waiting = re.search(r"Cevap bekleyen</dt><dd>(\d+)<", page)
    today = re.search(r"Bugün gelen mesajlar: (\d+)", page)
    assert waiting
    assert today
    assert 0 < int(waiting[1]) <= len(city.applications)
    assert int(today[1]) > 0
    for citizen in city.applications:
        assert citizen not in page
    assert "<html" not in (await elif_.get("/wall", part=True)).text


async def test_an_emergency_that_nobody_took_stands_out(city: City, logged_in: LogIn) -> None:
    """One that has ended without having been taken rings no more, here as everywhere."""
    ended = city.applications["deniz.kaya35"]
    async with city.desk.database.write() as session:
        session.add(EmergencyAlarm(application_id=city.applications["Hatice Demir"], raised_at=NOW))
        session.add(EmergencyAlarm(application_id=ended, raised_at=NOW))
        one = await session.get_one(Application, ended)
        one.state, one.is_open = ApplicationState.CLOSED, False
        session.add(one)
    page = (await (await logged_in("burcu")).get("/wall")).text
    assert '<div class="hot"><dt>Üstlenilmeyen acil</dt><dd>1</dd>' in page


async def test_what_stands_still_is_not_late(city: City, logged_in: LogIn) -> None:
    """[S4l] A fee notice stops the clock: the limit that comes meanwhile is none."""
    elif_, counted = await logged_in("elif"), []
    for paused_at in (None, NOW - timedelta(hours=2)):
        async with city.desk.database.write() as session:
            one = await session.get_one(Application, city.applications["gizemlisokak"])
            one.due_at, one.paused_at = NOW - timedelta(hours=1), paused_at
            session.add(one)
        found = re.search(r"Süresi geçen</dt><dd>(\d+)<", (await elif_.get("/wall")).text)
        assert found
        counted.append(int(found[1]))
    assert counted[0] == counted[1] + 1


async def test_units_have_no_wall(logged_in: LogIn) -> None:
    assert (await (await logged_in("izsu")).get("/wall")).status_code == 403


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("elif", "/inbox"),
        ("nobet", "/inbox"),
        ("mudur", "/inbox"),
        ("onay", "/approvals"),
        ("izsu", "/unit"),
        ("anket", "/surveys"),
        ("saha", "/field-checks"),
        ("yonetici", "/accounts"),
        ("kalite", "/people"),
    ],
)
async def test_everybody_begins_where_the_work_is(logged_in: LogIn, login: str, address: str) -> None:
    visitor = await logged_in(login)
    assert (await visitor.get("/")).headers["location"] == address
    page = await visitor.get(address)
    assert page.status_code == 200
    assert f'href="{address}" aria-current="page"' in page.text or address == "/inbox"
