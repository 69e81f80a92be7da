"""A real browser and a served desk, for tests of the pages and for pictures of them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright

from inbox.web.app import create_app
from inbox.web.desk import Desk
from tests.factories import PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class QuietServer(uvicorn.Server):
    """Leaves signals to whoever runs it."""

    def install_signal_handlers(self) -> None:
        """Nothing: pytest and scripts have their own."""


@asynccontextmanager
async def served(desk: Desk) -> AsyncIterator[str]:
    """The address of the desk's pages on a free port of loopback."""
    async with serving(create_app(desk)) as address:
        yield address


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """The same of an application that is there already."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1)
    server = QuietServer(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        if running.done():
            await running
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        app.state.closing.set()
        server.should_exit = True
        await running


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield opened
        finally:
            await opened.close()


async def log_in(page: Page, address: str, *, login: str, password: str = PASSWORD) -> None:
    await page.goto(f"{address}/login")
    await page.fill("#login", login)
    await page.fill("#password", password)
    await page.click("text=Giriş yap")
    await page.wait_for_url(lambda url: "/login" not in url)
