"""What a page must hold to: nothing for axe, never wider than its window. And log-ins without a form."""

from collections.abc import Sequence

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Page

from inbox.services import people
from inbox.web.guard import COOKIE
from tests.factories import City

DESKTOP, ZOOMED, PHONE = 1440, 720, 360
"""Widths of windows; half a desktop is what 200 % zoom leaves."""
_RUN = """async () => {
    const running = document.getAnimations().filter((one) => one.playState === "running");
    const begun = running.filter((one) => one.effect.getComputedTiming().progress !== null);
    await Promise.allSettled(begun.map((one) => one.finished));
    const waiting = running.filter((one) => one.playState === "running");
    waiting.forEach((one) => one.pause());
    const found = await axe.run({resultTypes: ["violations"], preload: false});
    waiting.forEach((one) => one.play());
    return found;
}"""
"""What is half-way is waited for; what would begin meanwhile, as a notice that is about to leave, is held."""


async def violations(page: Page) -> list[str]:
    """What axe finds: rule and elements. The page keeps the library, so that a second look is cheaper."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(Axe().axe_script)
    found = await page.evaluate(_RUN)
    return [f"{one['id']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]


async def faults(page: Page) -> list[str]:
    """Each theme at one of the widths: of what axe finds nothing hangs on both together."""
    found: list[str] = []
    for theme, width in (("dark", DESKTOP), ("light", PHONE)):
        await look(page, theme=theme, width=width)
        found += [f"{theme} {width} {one}" for one in await violations(page)]
    return found + await too_wide(page, [PHONE, ZOOMED])


async def look(page: Page, *, theme: str, width: int) -> None:
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    await page.set_viewport_size({"width": width, "height": 800})


async def too_wide(page: Page, widths: Sequence[int]) -> list[str]:
    """Windows in which the page would have to be moved sideways."""
    found = []
    for width in widths:
        await page.set_viewport_size({"width": width, "height": 800})
        needed = await page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            found.append(f"{needed} wide in a window of {width}")
    return found


async def let_in(context: BrowserContext, city: City, address: str, *, login: str) -> None:
    """Log somebody in without a password's hash."""
    async with city.desk.database.write() as session:
        token = await people.log_in(session, city.users[login], now=city.desk.clock.now())
    await context.add_cookies([{"name": COOKIE, "value": token, "url": address}])


async def arrive(page: Page, city: City, address: str, *, login: str) -> None:
    """Somebody stands on her first page, logged in."""
    await let_in(page.context, city, address, login=login)
    await page.goto(address)
