"""A simulated bot with a standing clock, and the connector that reaches it over loopback."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from connectors.telegram.connector import PLATFORM, TelegramConnector
from connectors.telegram.settings import TelegramSettings
from connectors.telegram.simulator import TelegramSimulator
from models.clock import StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


@pytest.fixture
async def simulator(clock: StillClock) -> AsyncIterator[TelegramSimulator]:
    simulator = TelegramSimulator(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def connector(simulator: TelegramSimulator, clock: StillClock) -> AsyncIterator[TelegramConnector]:
    settings = TelegramSettings(**simulator.account_settings())
    connector = PLATFORM.build(settings, clock)
    assert isinstance(connector, TelegramConnector)
    yield connector
    await connector.close()
