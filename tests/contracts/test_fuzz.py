"""Mutated payloads: 500 per platform here, 20,000 with `make fuzz`."""

import pytest

from models.db import Database
from models.enums import SOCIAL_CHANNELS, ChannelName
from tests.fuzz import fuzz


@pytest.mark.parametrize("channel", SOCIAL_CHANNELS)
async def test_mutated_payloads_lose_nothing(sqlite_database: Database, channel: ChannelName) -> None:
    assert await fuzz(channel, 500, seed=11, database=sqlite_database) > 100
