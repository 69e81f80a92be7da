"""The database alone, for commands that need no more of an installation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bots.settings import Settings
from models import schema
from models.db import Database


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """With the newest schema; closed at the end."""
    database = Database(settings.effective_database_url)
    try:
        await schema.upgrade(database.engine)
        yield database
    finally:
        await database.close()
