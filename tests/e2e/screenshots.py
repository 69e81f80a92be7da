"""Pictures of all pages: `python -m tests.e2e.screenshots OUT` writes them into the folder OUT.

A page that no named picture shows is found by the app's routes and taken as well, for the first who may open it.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import httpx
from fastapi import FastAPI
from playwright.async_api import Browser, Page

from bots.secret_files import FileSecretStore
from inbox.services import people
from inbox.web.app import create_app
from inbox.web.guard import COOKIE
from models import schema
from models.clock import SystemClock
from models.db import Database
from models.profile import load_profile
from tests.e2e.browser import browser, serving
from tests.e2e.guide_scene import furnish
from tests.e2e.guide_shots import guide_shots
from tests.e2e.shots import DESKTOP, OFFICE, PHONE, Shot
from tests.e2e.test_every_page import Addresses, addresses, fillings, invitation, is_page
from tests.factories import PASSWORD, PEOPLE, City, build_city
from tests.inbox.web.test_guard import every_route

STILL = 700
"""Milliseconds in which a page comes to rest."""


def shots(city: City) -> list[Shot]:
    """The pictures of the documentation, in the order of a working day."""
    water = f"/applications/{city.applications['deniz.kaya35']}"
    doubt = f"/applications/{city.applications['Mehmet Akın']}"
    check = f"/checks/{city.checks['kriptokazan']}?view=review"
    return [
        Shot(name="login", address="/login", login="", size=DESKTOP),
        Shot(name="inbox-light", address=f"{water}?view=all"),
        Shot(name="inbox-dark", address=f"{water}?view=all", dark=True),
        Shot(name="inbox-office", address=f"{doubt}?view=all", size=OFFICE),
        Shot(name="review", address=doubt + "?view=review", press=["c"]),
        Shot(name="closing", address=water, press=["e"]),
        Shot(name="checks", address=check),
        Shot(name="mine", address="/inbox?view=mine"),
        Shot(name="empty", address="/inbox?view=urgent&channel=twitter", dark=True),
        Shot(name="search", address="/inbox?q=su+akm"),
        Shot(name="keys", address="/inbox", press=["?"]),
        Shot(name="closed", address=f"/applications/{city.applications['ege_bisiklet']}?view=closed"),
        Shot(name="phone-list", address="/inbox", size=PHONE),
        Shot(name="phone-conversation", address=water, size=PHONE),
        Shot(name="phone-side", address=f"{water}#side", size=PHONE, dark=True),
    ]


async def take_all(folder: Path) -> list[Path]:
    """Build the city, serve it, take every picture; their paths. The guide's come last: they need fuller queues."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/him.sqlite3")
        await schema.upgrade(database.engine)
        city = await build_city(database, profile=load_profile("izmir"), clock=SystemClock())
        city.desk = replace(city.desk, secrets=FileSecretStore(Path(place) / "secrets.json"))
        app = create_app(city.desk)
        async with serving(app) as address, browser() as opened:
            named = shots(city)
            paths = await _take_each(opened, address, named, folder)
            places = await furnish(city)
            guide = guide_shots(city, places)
            paths += await _take_each(opened, address, guide, folder)
            filled = fillings(city, places, await invitation(city))
            others = await shots_of_other_pages(app, city, filled, named + guide)
            paths += await _take_each(opened, address, others, folder)
        await database.close()
    return paths


async def shots_of_other_pages(app: FastAPI, city: City, filled: Addresses, taken: Sequence[Shot]) -> list[Shot]:
    """One of each page that none of these shows."""
    wanted = dict(reversed(list(addresses({path for method, path in every_route(app) if method == "GET"}, filled))))
    seen = {path for path in wanted for shot in taken if re.fullmatch(_pattern(path), shot.address)}
    found = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client:
        for login in ("", *PEOPLE):
            client.cookies.clear()
            if login:
                async with city.desk.database.write() as session:
                    token = await people.log_in(session, city.users[login], now=city.desk.clock.now())
                client.cookies.set(COOKIE, token)
            for path in sorted(set(wanted) - seen - set(found)):
                response = await client.get(wanted[path], headers={"Accept": "text/html"})
                if response.is_success and is_page(response):
                    found[path] = Shot(name=_name(path), address=wanted[path], login=login)
    return list(found.values())


def _pattern(path: str) -> str:
    """What addresses of this route look like."""
    return re.sub(r"{\w+}", "[^/?#]+", path) + r"([?#].*)?"


def _name(path: str) -> str:
    return "page-" + "-".join(re.findall(r"\w+", path))


async def _take_each(opened: Browser, address: str, wanted: Sequence[Shot], folder: Path) -> list[Path]:
    return [await _take(opened, address, shot, folder) for shot in wanted]


async def _take(opened: Browser, address: str, shot: Shot, folder: Path) -> Path:
    width, height = shot.size
    context = await opened.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if shot.dark else "light", locale="tr-TR"
    )
    page: Page = await context.new_page()
    if shot.login:
        await _enter(page, address, shot.login)
    await page.goto(address + shot.address)
    if await page.locator("#stream").count():
        await page.wait_for_selector("#stream:not([hidden])")
    await page.wait_for_timeout(STILL)
    for key in shot.press:
        await page.keyboard.press(key)
    path = folder / f"{shot.name}.png"
    await page.screenshot(path=path)
    await context.close()
    return path


async def _enter(page: Page, address: str, login: str) -> None:
    """Log in; where her work begins differs by role."""
    await page.goto(f"{address}/login")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.click("text=Giriş yap")
    await page.wait_for_url(lambda url: not url.endswith("/login"))


if __name__ == "__main__":
    for written in asyncio.run(take_all(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))):
        print(written)
