"""Pictures of the pages: `python -m tests.e2e.screenshots OUT` writes them into the folder OUT."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page

from models import schema
from models.clock import SystemClock
from models.db import Database
from models.profile import load_profile
from tests.e2e.browser import browser, log_in, served
from tests.factories import City, build_city

DESKTOP, OFFICE, PHONE = (1440, 860), (1366, 768), (360, 740)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A picture's file name, address, and how the page is looked at. `press` are keys pressed first."""

    name: str
    address: str
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    press: Sequence[str] = ()


def shots(city: City) -> list[Shot]:
    """The pictures of the documentation, in the order of a working day."""
    water = f"/applications/{city.applications['deniz.kaya35']}"
    doubt = f"/applications/{city.applications['Mehmet Akın']}"
    check = f"/checks/{city.checks['kriptokazan']}?view=review"
    return [
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
    """Build the city, serve it, take every picture; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        database = Database(f"sqlite:///{place}/him.sqlite3")
        await schema.upgrade(database.engine)
        city = await build_city(database, profile=load_profile("izmir"), clock=SystemClock())
        async with served(city.desk) as address, browser() as opened:
            paths = [await _log_in_page(opened, address, folder)]
            paths += [await _take(opened, address, shot, folder) for shot in shots(city)]
        await database.close()
    return paths


async def _log_in_page(opened: Browser, address: str, folder: Path) -> Path:
    page = await opened.new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
    await page.goto(f"{address}/login")
    path = folder / "login.png"
    await page.screenshot(path=path)
    await page.close()
    return path


async def _take(opened: Browser, address: str, shot: Shot, folder: Path) -> Path:
    width, height = shot.size
    context = await opened.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if shot.dark else "light", locale="tr-TR"
    )
    page: Page = await context.new_page()
    await log_in(page, address, login="elif")
    await page.goto(address + shot.address)
    await page.wait_for_selector("#stream:not([hidden])")
    await page.wait_for_timeout(700)
    for key in shot.press:
        await page.keyboard.press(key)
    path = folder / f"{shot.name}.png"
    await page.screenshot(path=path)
    await context.close()
    return path


if __name__ == "__main__":
    for written in asyncio.run(take_all(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"))):
        print(written)
