"""`corrections --out FILE`: what people said of messages, as corpus rows with their origin; personal data masked."""

import argparse
import asyncio
import json
import os
from pathlib import Path
from typing import Any

from bots.databases import open_database
from bots.settings import Settings, load_settings
from inbox.services import learning
from models.clock import SystemClock
from models.errors import InputError
from models.profile import load_profile


def run(options: argparse.Namespace) -> int:
    rows = asyncio.run(_rows(load_settings()))
    try:
        _write(Path(options.out), rows)
    except OSError as error:
        raise InputError(f"{options.out}: cannot be written ({error.strerror})") from error
    print(len(rows))
    return 0


async def _rows(settings: Settings) -> list[dict[str, Any]]:
    profile = load_profile(settings.profile)
    async with open_database(settings) as database:
        async with database.read() as session:
            texts = await learning.settled_texts(session, profile=profile, until=SystemClock().now(), answered=False)
    return learning.exported_rows(texts, profile)


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    """Readable by its owner alone: citizens' words stand in it."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(file, "w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
