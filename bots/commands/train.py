"""`train`: corpus -> artefact in DATA_DIR, with its metrics; with the desk's corrections: a challenger beside it."""

import argparse
import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from bots.databases import open_database
from bots.settings import Settings, load_settings
from classifier import store
from classifier.card import write_card
from classifier.corpus import Corrections
from classifier.shelf import CHALLENGER, CHAMPION
from classifier.train import train_and_save
from inbox.services import learning
from models.clock import SystemClock
from models.errors import ArtefactError, InputError
from models.profile import Profile, load_profile


def run(options: argparse.Namespace) -> int:
    settings = load_settings()
    profile = load_profile(settings.profile)
    corrections = None
    folder = settings.data_dir / CHAMPION
    if options.with_corrections:
        folder = settings.data_dir / CHALLENGER
        corrections = asyncio.run(_corrections(settings, profile, weeks=options.hold_out))
    elif options.if_needed and _fits(folder, profile):
        return 0
    metrics: dict[str, Any] = train_and_save(profile, folder, seed=options.seed, corrections=corrections)
    print(json.dumps(metrics | ({"corrections": corrections.facts} if corrections else {}), ensure_ascii=False))
    if options.card:
        _write_card(Path(options.card), folder, profile)
    return 0


def _fits(folder: Path, profile: Profile) -> bool:
    try:
        store.load(folder, profile)
    except ArtefactError:
        return False
    return True


async def _corrections(settings: Settings, profile: Profile, *, weeks: int) -> Corrections:
    """What the desk said of messages that are older than the weeks that `replay` will try the challenger on."""
    until = SystemClock().now() - timedelta(weeks=weeks)
    async with open_database(settings) as database:
        async with database.read() as session:
            texts = await learning.settled_texts(session, profile=profile, until=until, answered=False)
    rows = learning.corpus_rows(texts, profile)
    if not rows:
        raise InputError(f"the desk has corrected or confirmed no message from before {until:%Y-%m-%d} (--hold-out)")
    return Corrections(rows, until)


def _write_card(path: Path, folder: Path, profile: Profile) -> None:
    write_card(path, classifier=store.load(folder, profile), profile=profile, manifest=store.read_manifest(folder))
