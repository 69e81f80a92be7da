"""Emergencies, roster, incidents, surveys, looks, reminders and the same matter in a real browser; nothing for axe."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect
from sqlmodel import select

from bots.clock import DeskClock
from bots.notifier import PageNotifier
from bots.queues.local import LocalBus, LocalLease
from inbox.services import field_checks, surveys
from models.enums import SOCIAL_CHANNELS, Kind
from models.tables import Application, Incident
from tests.e2e.browser import log_in
from tests.factories import PASSWORD, City, play
from tests.scenes import Scene


async def furnish(city: City) -> int:
    """Something to see on every page; the incident's id."""
    desk = city.desk
    for number, channel in enumerate(SOCIAL_CHANNELS[:3]):
        scene = Scene(
            channel=channel, who=f"Komşu {number}", texts=["Sular akmıyor"], minutes=9 - number,
            topic="su_kesintisi", unit="izsu", district="Buca", neighbourhood="Şirinyer",
        )  # fmt: skip
        await play(city, scene, number=700 + number)
    async with desk.database.write() as session:
        await surveys.set_share(session, city.actor("burcu"), percent=100)
        closed = await session.get_one(Application, city.applications["ege_bisiklet"])
        closed.kind = Kind.COMPLAINT
        session.add(closed)
        answered = await session.get_one(Application, city.applications["Ayşe Nur Yıldız"])
        await field_checks.ask(session, answered, city.actor("elif"), reason="Yapılmamış diyor", now=desk.clock.now())
    await DeskClock(
        database=desk.database, bus=LocalBus(), lease=LocalLease(), clock=desk.clock, profile=desk.profile,
        notifier=PageNotifier(),
    ).look()  # fmt: skip
    async with desk.database.read() as session:
        return (await session.exec(select(Incident.id))).first() or 0


async def enter(page: Page, address: str, login: str) -> None:
    """Log in, wherever this person's day begins."""
    await page.goto(f"{address}/login")
    await page.fill("[name=login]", login)
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url(lambda url: not url.endswith("/login"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
async def test_axe_finds_nothing(chromium: Browser, city: City, address: str, theme: str, width: int) -> None:
    incident = await furnish(city)
    city.desk.clock.advance(days=1, hours=1)
    matter = f"/applications/{city.applications['deniz.kaya35']}/matter"
    pages = {
        "burcu": ["/emergencies", "/roster", "/reminders", "/late", "/incidents", f"/incidents/{incident}", matter],
        "anket": ["/surveys", "/field-checks"],
    }
    found = []
    for login, paths in pages.items():
        context = await chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)  # type: ignore[arg-type]
        page = await context.new_page()
        await enter(page, address, login)
        for path in paths:
            await page.goto(address + path)
            violations = (await Axe().run(page)).response["violations"]
            found += [f"{path}: {one['id']} {node['html'][:120]}" for one in violations for node in one["nodes"]]
            if await page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path}: wider than {width}")
        await context.close()
    assert found == []


async def test_the_alarm_stands_over_the_inbox_until_it_is_taken(chromium: Browser, city: City, address: str) -> None:
    """[İ7b2] Seen and heard on the list; taken with one press."""
    await furnish(city)
    context = await chromium.new_context(viewport={"width": 1366, "height": 768}, locale="tr-TR")
    page = await context.new_page()
    await log_in(page, address, login="nobet")
    await page.goto(f"{address}/inbox")
    await expect(page.locator("#alarm [data-ringing]")).to_be_visible()
    await page.locator("#alarm").get_by_role("button", name="Üstlen").click()
    await expect(page.locator("#alarm [data-ringing]")).to_have_count(0)
    await context.close()
