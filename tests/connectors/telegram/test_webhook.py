"""Pushed instead of polled; buttons that are answered once what they said is stored."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from pydantic import ValidationError

from connectors.simulation import SimulatorServer
from connectors.telegram.connector import PLATFORM, TelegramConnector
from connectors.telegram.settings import TelegramSettings
from connectors.telegram.simulator import TOKEN, TelegramSimulator
from models.clock import StillClock
from tests.connectors.telegram.test_connector import post

ADDRESS, SECRET = "https://him.example/webhooks/telegram", "uzun-bir-parola_1"


class Receiver:
    """The product's address: takes pushes, refuses as many as told before."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.refuses = 0
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self.server = SimulatorServer(app)

    async def _take(self, request: web.Request) -> web.Response:
        if self.refuses:
            self.refuses -= 1
            return web.Response(status=500)
        self.taken.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        return web.Response(text="OK")

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                await asyncio.sleep(0.01)


@pytest.fixture
async def receiver(simulator: TelegramSimulator) -> AsyncIterator[Receiver]:
    opened = Receiver()
    await opened.server.start()
    simulator.connect_webhook(f"{opened.server.base_url}/hook")
    yield opened
    await opened.server.stop()


@pytest.fixture
async def pushed(simulator: TelegramSimulator, clock: StillClock) -> AsyncIterator[TelegramConnector]:
    own = {"webhook_url": ADDRESS, "webhook_secret": SECRET}
    connector = PLATFORM.build(TelegramSettings(**simulator.account_settings(), **own), clock)
    assert isinstance(connector, TelegramConnector)
    yield connector
    await connector.close()


async def test_updates_are_pushed_with_the_secret(
    simulator: TelegramSimulator, pushed: TelegramConnector, receiver: Receiver
) -> None:
    item = await simulator.write(post("Yazan olmadan önce"))
    receiver.refuses = 1
    page = await pushed.poll("updates", "")
    assert page.empty
    assert simulator.webhook["url"] == ADDRESS
    later = await simulator.write(post("Sonra"))
    await receiver.wait_for(2)
    assert all(pushed.verify(headers, body) for headers, body in receiver.taken)
    heard = [event.external_id for _, body in receiver.taken for event in pushed.parse(body).events]
    assert heard == [item, later]


async def test_the_address_is_set_again_where_telegram_lost_it(
    simulator: TelegramSimulator, pushed: TelegramConnector, clock: StillClock
) -> None:
    await pushed.poll("updates", "")
    simulator.webhook["url"] = ""
    await pushed.poll("updates", "")
    assert simulator.webhook["url"] == ""
    clock.advance(minutes=10)
    await pushed.poll("updates", "")
    assert simulator.webhook["url"] == ADDRESS


async def test_a_bot_that_was_pushed_to_is_polled_again(
    simulator: TelegramSimulator, connector: TelegramConnector
) -> None:
    simulator.webhook["url"] = ADDRESS
    item = await simulator.write(post())
    page = await connector.poll("updates", "")
    assert [event.external_id for event in connector.parse(page.payload).events] == [item]


async def test_pressed_buttons_spin_no_more(simulator: TelegramSimulator, connector: TelegramConnector) -> None:
    await simulator.write(post())
    (person,) = simulator.chats.people.values()
    simulator.press(person, 1, "Evet")
    page = await connector.poll("updates", "")
    assert simulator.answered_presses == []
    await connector.acknowledge(page.payload)
    assert len(simulator.answered_presses) == 1
    simulator.fault("html", path="answerCallbackQuery")
    await connector.acknowledge(page.payload)
    await connector.acknowledge(b"no json")
    assert len(simulator.answered_presses) == 1


def test_an_address_without_secret_is_no_webhook() -> None:
    with pytest.raises(ValidationError):
        TelegramSettings(token=TOKEN, webhook_url=ADDRESS)
    with pytest.raises(ValidationError):
        TelegramSettings(token=TOKEN, webhook_url="http://him.example", webhook_secret=SECRET)
