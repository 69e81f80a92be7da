"""A city that is served, and one browser for all tests to look at it: they share a loop, as the browser needs it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from inbox.web.rendering import STATIC
from tests.e2e.browser import CHROMIUM, browser, served
from tests.e2e.watching import arrive
from tests.factories import City

DESKTOP = {"width": 1366, "height": 768}
Enter = Callable[[str], Awaitable[Page]]
expect.set_options(timeout=20_000)
"""A loaded machine is slow, not wrong."""


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Every test of this folder runs on the loop on which the browser was opened."""
    shared = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if item.path.parent == Path(__file__).parent and pytest_asyncio.is_async_test(item):
            item.add_marker(shared, append=False)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: sudo apt-get install -y chromium")
    async with browser() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def address(city: City) -> AsyncIterator[str]:
    """Where the city's desk is served."""
    if not (STATIC / "vendor" / "htmx.min.js").is_file():
        pytest.skip("the browser's scripts are not set up: `make test` brings them")
    async with served(city.desk) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser) -> AsyncIterator[Page]:
    """A desktop window in which errors of scripts fail the test."""
    problems: list[str] = []
    opened = await _window(chromium, problems)
    yield opened
    await opened.context.close()
    assert problems == []


@pytest_asyncio.fixture(loop_scope="session")
async def enter(chromium: Browser, city: City, address: str) -> AsyncIterator[Enter]:
    """Somebody comes to work: a desktop window of her own, logged in. Errors of scripts fail the test."""
    problems: list[str] = []
    windows: list[Page] = []

    async def come(login: str) -> Page:
        windows.append(await _window(chromium, problems))
        await arrive(windows[-1], city, address, login=login)
        return windows[-1]

    yield come
    for window in windows:
        await window.context.close()
    assert problems == []


async def _window(chromium: Browser, problems: list[str]) -> Page:
    context = await chromium.new_context(viewport=DESKTOP, locale="tr-TR")  # type: ignore[arg-type]
    opened = await context.new_page()
    opened.on("pageerror", lambda error: problems.append(str(error)))
    return opened
