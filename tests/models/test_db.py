"""The transaction edge, on both databases."""

import pytest

from inbox.repositories import accounts
from models.db import Database


async def test_a_write_is_kept(database: Database) -> None:
    async with database.write() as session:
        await accounts.put_setting(session, "bots_enabled", False)
    async with database.read() as session:
        assert await accounts.setting(session, "bots_enabled") is False


async def test_an_error_takes_everything_back(database: Database) -> None:
    with pytest.raises(LookupError):
        async with database.write() as session:
            await accounts.put_setting(session, "bots_enabled", False)
            raise LookupError
    async with database.read() as session:
        assert await accounts.setting(session, "bots_enabled", default="untouched") == "untouched"


async def test_reading_keeps_nothing(database: Database) -> None:
    async with database.read() as session:
        await accounts.put_setting(session, "bots_enabled", False)
    async with database.read() as session:
        assert await accounts.setting(session, "bots_enabled") is None
