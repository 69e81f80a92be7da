"""`promote --by LOGIN`: a proven challenger becomes champion; `--back`: the earlier champion works again."""

import argparse
import asyncio

from bots.databases import open_database
from bots.settings import Settings, load_settings
from classifier.shelf import ModelFolders
from inbox.services import learning
from models.clock import SystemClock
from models.tables import ModelPromotion


def run(options: argparse.Namespace) -> int:
    done = asyncio.run(_promote(load_settings(), login=options.by, back=options.back))
    print(f"{done.from_version} -> {done.to_version}")
    return 0


async def _promote(settings: Settings, *, login: str, back: bool) -> ModelPromotion:
    verb = learning.go_back if back else learning.promote
    async with open_database(settings) as database:
        async with database.write() as session:
            actor = await learning.actor_of(session, login)
            return await verb(session, ModelFolders(settings.data_dir), actor, now=SystemClock().now())
