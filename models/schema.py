"""Brings a database to the newest schema (Alembic, from code: no ini file)."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def upgrade(engine: AsyncEngine) -> None:
    """Run all migrations that this database has not seen. Of those who start together one does, the others wait."""
    async with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('schema'))"))
        await _bind_rows(connection, "OFF")
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))
        await connection.commit()
        await _bind_rows(connection, "ON")


async def _bind_rows(connection: AsyncConnection, switch: str) -> None:
    """SQLite changes a column by making its table anew; references to it must not be looked at meanwhile."""
    if connection.dialect.name == "sqlite":
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await (await raw.driver_connection.execute(f"PRAGMA foreign_keys={switch}")).close()


def revisions() -> list[str]:
    """Every revision that this version knows, the newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()]


async def write_revision(engine: AsyncEngine, message: str) -> None:
    """Write a migration with the difference between the tables in code and this database (for developers)."""
    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: command.revision(_config(sync), message=message, autogenerate=True))
