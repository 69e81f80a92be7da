"""A simulated number with a standing clock, the connector that reaches it, an address that takes its pushes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from connectors.whatsapp.connector import PLATFORM, WhatsAppConnector
from connectors.whatsapp.settings import WhatsAppSettings
from connectors.whatsapp.simulator import WhatsAppSimulator
from models.clock import StillClock
from tests.connectors.whatsapp.receiver import Receiver


@pytest.fixture
def clock() -> StillClock:
    return StillClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


@pytest.fixture
async def simulator(clock: StillClock, request: pytest.FixtureRequest) -> AsyncIterator[WhatsAppSimulator]:
    """Well-behaved, unless a test parametrises it with a Disorder."""
    simulator = WhatsAppSimulator(clock, disorder=getattr(request, "param", None))
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def connector(simulator: WhatsAppSimulator, clock: StillClock) -> AsyncIterator[WhatsAppConnector]:
    connector = PLATFORM.build(WhatsAppSettings(**simulator.account_settings()), clock)
    assert isinstance(connector, WhatsAppConnector)
    yield connector
    await connector.close()


@pytest.fixture
async def receiver(simulator: WhatsAppSimulator, connector: WhatsAppConnector) -> AsyncIterator[Receiver]:
    receiver = Receiver(connector)
    server = receiver.server()
    await server.start()
    simulator.connect_webhook(server.base_url)
    yield receiver
    await server.stop()
