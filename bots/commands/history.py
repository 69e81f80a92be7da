"""`history verify [--number N]`: walks the chains of hashes; a line for each link that does not hold, then exit 1."""

import argparse
import asyncio

from bots.databases import open_database
from bots.settings import load_settings
from inbox.services import verification
from inbox.services.verification import Walk

BROKEN = 1


def run(options: argparse.Namespace) -> int:
    walk = asyncio.run(_verify(options.number or ""))
    print(f"{walk.links} links, {walk.broken} broken")
    return BROKEN if walk.broken else 0


async def _verify(number: str) -> Walk:
    walk = Walk()
    async with open_database(load_settings()) as database:
        async with database.read() as session:
            async for link in verification.broken_links(session, walk, number=number):
                print(f"{link.number} {link.position}: {link.problem}")
    return walk
