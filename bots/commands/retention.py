"""`retention run [--dry-run]`: anonymises what has been kept long enough, or only counts it; one JSON object."""

import argparse
import asyncio
import json
from dataclasses import asdict
from typing import Any

from bots.databases import open_database
from bots.destruction import destroy
from bots.settings import load_settings
from inbox.rules.retention import retention_policy
from inbox.services import retention
from models.clock import SystemClock
from models.profile import load_profile


def run(options: argparse.Namespace) -> int:
    print(json.dumps(asyncio.run(_run(dry=options.dry_run)), ensure_ascii=False))
    return 0


async def _run(*, dry: bool) -> dict[str, Any]:
    settings = load_settings()
    policy, clock = retention_policy(load_profile(settings.profile)), SystemClock()
    async with open_database(settings) as database:
        if not dry:
            return {"destroyed": asdict(await destroy(database, policy, clock=clock))}
        async with database.read() as session:
            found, by_kind = await retention.due(session, policy, now=clock.now())
        return {"due": asdict(found), "applications_by_kind_and_outcome": dict(by_kind)}
