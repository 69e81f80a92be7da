"""`db upgrade`."""

import argparse
import asyncio

from bots.settings import load_settings
from models import schema
from models.db import Database


def run(_options: argparse.Namespace) -> int:
    asyncio.run(_upgrade())
    return 0


async def _upgrade() -> None:
    database = Database(load_settings().effective_database_url)
    try:
        await schema.upgrade(database.engine)
    finally:
        await database.close()
