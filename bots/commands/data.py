"""`db upgrade`."""

import argparse
import asyncio

from bots.databases import open_database
from bots.settings import load_settings


def run(_options: argparse.Namespace) -> int:
    asyncio.run(_upgrade())
    return 0


async def _upgrade() -> None:
    async with open_database(load_settings()):
        pass
