"""`restore --from FILE [--replace]`: put an installation back; an older schema is brought up."""

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bots import archives
from bots.databases import open_database
from bots.settings import Settings, load_settings
from inbox.services import security_events


def run(options: argparse.Namespace) -> int:
    settings = load_settings()
    manifest = archives.restore(settings, Path(options.source), replace=options.replace)
    asyncio.run(_finish(settings, made_at=manifest.made_at))
    print(f"{options.source}: {len(manifest.parts)} parts of {manifest.made_at} are back")
    return 0


async def _finish(settings: Settings, *, made_at: str) -> None:
    async with open_database(settings) as database:
        async with database.write() as session:
            await security_events.note_restore(session, made_at=made_at, now=datetime.now(UTC))
