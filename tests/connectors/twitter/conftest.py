"""A simulated account with a standing clock, and the connector that reaches it over loopback."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from connectors.twitter.connector import PLATFORM, TwitterConnector
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.simulator import TwitterSimulator
from models.clock import StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


@pytest.fixture
async def simulator(clock: StillClock) -> AsyncIterator[TwitterSimulator]:
    simulator = TwitterSimulator(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def connector(simulator: TwitterSimulator, clock: StillClock) -> AsyncIterator[TwitterConnector]:
    connector = PLATFORM.build(TwitterSettings(**simulator.account_settings()), clock)
    assert isinstance(connector, TwitterConnector)
    yield connector
    await connector.close()
