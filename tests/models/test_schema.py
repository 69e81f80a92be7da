"""Bringing a database up."""

import asyncio

from sqlalchemy import text

from models import schema
from models.db import Database


async def test_processes_that_start_together_bring_it_up_once(postgres_server: str) -> None:
    """Every start does it: the roles of a new installation start at the same moment."""
    server = Database(f"{postgres_server}/postgres")
    async with server.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
            text("CREATE DATABASE started_together")
        )
    await server.close()
    starting = [Database(f"{postgres_server}/started_together") for _ in range(2)]
    await asyncio.gather(*(schema.upgrade(one.engine) for one in starting))
    async with starting[1].read() as session:
        found = (await session.exec(text("SELECT version_num FROM alembic_version"))).scalars().all()
    assert found == schema.revisions()[:1]
    for one in starting:
        await one.close()
