"""A city that is served, and a browser to look at it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from inbox.web.rendering import STATIC
from tests.e2e.browser import CHROMIUM, browser, served
from tests.factories import City


@pytest.fixture
async def address(city: City) -> AsyncIterator[str]:
    """Where the city's desk is served."""
    if not (STATIC / "vendor" / "htmx.min.js").is_file():
        pytest.skip("the browser's scripts are not set up: make browser-files")
    async with served(city.desk) as found:
        yield found


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: sudo apt-get install -y chromium")
    async with browser() as opened:
        yield opened


@pytest.fixture
async def page(chromium: Browser, address: str) -> AsyncIterator[Page]:
    """A desktop window in which errors of scripts fail the test."""
    context = await chromium.new_context(viewport={"width": 1366, "height": 768}, locale="tr-TR")
    opened = await context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    yield opened
    await context.close()
    assert problems == []
