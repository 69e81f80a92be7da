"""An account on loopback and its connector."""

import pytest

from connectors.instagram.connector import PLATFORM
from connectors.instagram.simulator import InstagramSimulator


@pytest.fixture
async def simulator(clock):
    simulator = InstagramSimulator(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def connector(simulator, clock):
    connector = build(simulator, clock)
    yield connector
    await connector.close()


def build(simulator, clock, **settings):
    return PLATFORM.build(PLATFORM.settings(**{**simulator.account_settings(), **settings}), clock)


@pytest.fixture
def second_connector(simulator, clock):
    """The same account after a restart: nothing is remembered."""
    return build(simulator, clock)
