"""A citizen writes on the platform, an agent answers in the browser, the platform has the answer."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, expect

from bots.account_office import office_desk
from bots.compose import Installation, add_account, connect_accounts, open_installation
from bots.pages import PageServer
from bots.roles import pollers, run_all, senders, workers
from bots.settings import Settings
from connectors.registry import PLATFORMS
from connectors.simulation import CitizenPost
from connectors.telegram.simulator import TelegramSimulator
from inbox.services import people
from models.clock import ScaledClock
from models.enums import ChannelName, Role, Surface
from models.messages import Classification, TextToClassify
from tests.builders import classification

SPEED = 20
"""The citizen's turn and the undo window pass in half a second."""
PASSWORD = "uzun-ve-gizli-parola"
WORDS = "Mahallede su yok, ne zaman gelir"
ANSWER = "Ekibimiz arızayı yerinde inceliyor, sonucu buradan bildireceğiz."


class LocalClassifier:
    """Every message is a water cut: this test is about the way, not about topics."""

    async def classify(self, texts: Sequence[TextToClassify]) -> list[Classification]:
        return [classification() for _ in texts]


@pytest_asyncio.fixture(loop_scope="session")
async def simulator() -> AsyncIterator[TelegramSimulator]:
    made = TelegramSimulator(ScaledClock(SPEED))
    await made.start()
    yield made
    await made.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def installation(tmp_path: Path, simulator: TelegramSimulator) -> AsyncIterator[Installation]:
    """The product on SQLite with one Telegram account, all roles at work."""
    settings = Settings(_env_file=None, database_url="", redis_url="", data_dir=tmp_path, secret_key="k" * 40)
    opened = await open_installation(settings, clock=simulator.ledger.clock)
    account = PLATFORMS[ChannelName.TELEGRAM].settings(**simulator.account_settings())
    await add_account(opened, account, name="Telegram")
    await connect_accounts(opened)
    async with opened.database.write() as session:
        await people.add_user(
            session,
            login="elif",
            name="Elif Aydın",
            password=PASSWORD,
            roles=[Role.AGENT.value],
            now=opened.clock.now(),
        )
    classifier: Any = LocalClassifier()
    roles = asyncio.create_task(run_all([*pollers(opened), *workers(opened, classifier), *senders(opened)]))
    yield opened
    roles.cancel()
    await asyncio.gather(roles, return_exceptions=True)
    await opened.close()


async def test_from_the_citizens_words_to_the_answer_on_the_platform(
    installation: Installation, simulator: TelegramSimulator, chromium: Browser
) -> None:
    server = PageServer(office_desk(installation), host="127.0.0.1", port=0)
    await server.start()
    page = await chromium.new_page(viewport={"width": 1366, "height": 768}, locale="tr-TR")
    await page.goto(server.address)
    await page.fill("input[name=login]", "elif")
    await page.fill("input[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#stream")).to_be_attached()

    item = await simulator.write(
        CitizenPost(
            author="ayse",
            name="Ayşe Deniz",
            handle="ayse",
            surface=Surface.DIRECT,
            text=WORDS,
        )
    )
    await expect(page.locator("#fresh .new")).to_be_visible(timeout=20_000)
    await page.click("#fresh .new")
    await page.get_by_text("Mahallede su yok").first.click()
    await expect(page.locator("#work h1")).to_contain_text("0000001")
    await page.fill("#text", ANSWER)
    await page.keyboard.press("Control+Enter")

    async with asyncio.timeout(30):
        while not (sent := [one for one in simulator.ledger.entries if one.what == "sent" and ANSWER in one.text]):
            await asyncio.sleep(0.05)
    assert [one.channel for one in sent] == [ChannelName.TELEGRAM]
    await expect(page.locator(".msg.out").last).to_contain_text("inceliyor", timeout=20_000)
    told = [one.text for one in simulator.ledger.entries if one.what == "sent"]
    assert len(told) == 2
    assert "HİM-" in told[0]
    assert item in {one.item for one in simulator.ledger.entries if one.what == "written"}
    await server.stop()
