"""`db upgrade`, `backup`, `restore`."""

import argparse
import asyncio

from bots.settings import load_settings
from models import schema
from models.db import Database
from models.errors import InputError


def run(options: argparse.Namespace) -> int:
    if options.verb != "upgrade":
        raise InputError("not available yet; copy DATA_DIR while nothing runs (PostgreSQL: pg_dump)")
    asyncio.run(_upgrade())
    return 0


async def _upgrade() -> None:
    database = Database(load_settings().effective_database_url)
    try:
        await schema.upgrade(database.engine)
    finally:
        await database.close()
