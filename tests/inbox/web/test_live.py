"""The event stream: ids alone, to those who may see them."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from inbox.services import people
from inbox.web import notices
from inbox.web.guard import COOKIE
from inbox.web.routes import events
from models.tables import EmergencyAlarm
from tests.e2e.browser import served
from tests.factories import City, route_to_units


async def heard(city: City, login: str, told: list[dict[str, Any]], *, expect: int) -> list[dict[str, Any]]:
    """What arrives at somebody's open stream of what the bus is told."""
    async with city.desk.database.write() as session:
        token = await people.log_in(session, city.users[login], now=city.desk.clock.now())
    async with served(city.desk) as address, aiohttp.ClientSession(cookies={COOKIE: token}) as client:
        async with client.get(f"{address}/events") as response:
            assert response.status == 200
            assert response.headers["Content-Type"].startswith("text/event-stream")
            assert (await response.content.readline()).startswith(b"retry:")
            async with asyncio.timeout(20):
                while not city.desk.bus._listeners:  # type: ignore[attr-defined]
                    await asyncio.sleep(0)
            for data in told:
                await city.desk.bus.publish("application", data)
            await city.desk.bus.publish("something else", {"id": 1})
            found: list[dict[str, Any]] = []
            while len(found) < expect:
                line = await asyncio.wait_for(response.content.readline(), 5)
                if line.startswith(b"data: "):
                    found.append(json.loads(line[6:]))
            return found


async def test_the_desk_hears_everything_and_no_words(city: City) -> None:
    told = [
        {"id": 3, "what": "opened", "emergency": False, "text": "gizli", "conversation": 7},
        {"id": None, "what": "message"},
    ]
    found = await heard(city, "elif", told, expect=2)
    assert found == [
        {"id": 3, "what": "opened", "emergency": False},
        {"id": None, "what": "message", "emergency": False},
    ]


async def test_a_unit_hears_of_its_own_alone(city: City) -> None:
    own, other = city.applications["deniz.kaya35"], city.applications["gizemlisokak"]
    await route_to_units(city, "deniz.kaya35")
    told = [{"id": other, "what": "changed"}, {"id": None, "what": "message"}, {"id": own, "what": "changed"}]
    assert [data["id"] for data in await heard(city, "izsu", told, expect=1)] == [own]


async def test_people_without_a_list_hear_nothing(city: City) -> None:
    async with city.desk.database.write() as session:
        token = await people.log_in(session, city.users["kalite"], now=city.desk.clock.now())
    async with served(city.desk) as address, aiohttp.ClientSession(cookies={COOKIE: token}) as client:
        assert (await client.get(f"{address}/events")).status == 403


async def test_a_stream_ends_with_its_log_in(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """[ASVS 3.3.1]"""
    monkeypatch.setattr(events, "HEARTBEAT", 0.05)
    async with city.desk.database.write() as session:
        token = await people.log_in(session, city.users["elif"], now=city.desk.clock.now())
        log_in = await people.read_log_in(session, token, now=city.desk.clock.now())
    assert log_in
    async with served(city.desk) as address, aiohttp.ClientSession(cookies={COOKIE: token}) as client:
        async with client.get(f"{address}/events") as response:
            await response.content.readline()
            async with city.desk.database.write() as session:
                await people.log_out(session, log_in)
            await asyncio.wait_for(response.content.read(), 5)


async def test_a_notice_reaches_those_whom_it_concerns_without_anybodys_words(city: City) -> None:
    """Number and topic alone; colleagues hear of the change, not of the notice."""
    key, burcu, elif_ = city.applications["deniz.kaya35"], city.users["burcu"].id, city.users["elif"].id
    await route_to_units(city, "deniz.kaya35")
    told = [
        {"id": key, "what": "message", "users": [elif_]},
        {"id": key, "what": "mentioned", "users": [burcu]},
        {"id": key, "what": "reminded", "users": [], "units": ["izsu"]},
    ]
    words = "HİM-2026-0000002 · Su kesintisi"
    hers = [one.get("notice") for one in await heard(city, "elif", told, expect=3)]
    assert hers == [{"title": notices.TITLES["message"], "text": words}, None, None]
    units = [one.get("notice") for one in await heard(city, "izsu", told, expect=3)]
    assert units == [None, None, {"title": notices.TITLES["reminded"], "text": words}]


async def test_an_emergency_is_noticed_where_it_rings(city: City) -> None:
    """[İ7b2] Off shift at Merkez 1 alone; nobody hears of one that was taken."""
    key = city.applications["Hatice Demir"]
    async with city.desk.database.write() as session:
        session.add(EmergencyAlarm(application_id=key, raised_at=city.desk.clock.now(), off_shift=True))
    told = [{"id": key, "what": "opened", "emergency": True}]
    for login, title in (("nobet", notices.EMERGENCY), ("burcu", None), ("elif", None)):
        (found,) = await heard(city, login, told, expect=1)
        assert found.get("notice", {}).get("title") == title
