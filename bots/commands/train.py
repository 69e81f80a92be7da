"""`train`: corpus -> artefact in DATA_DIR, with its metrics."""

import argparse
import json
from pathlib import Path

from bots.settings import load_settings
from classifier import store
from classifier.train import train_and_save
from models.errors import ArtefactError
from models.profile import Profile, load_profile


def run(options: argparse.Namespace) -> int:
    settings = load_settings()
    profile = load_profile(settings.profile)
    folder = settings.data_dir / "model"
    if options.if_needed and _fits(folder, profile):
        return 0
    print(json.dumps(train_and_save(profile, folder, seed=options.seed), ensure_ascii=False))
    return 0


def _fits(folder: Path, profile: Profile) -> bool:
    try:
        store.load(folder, profile)
    except ArtefactError:
        return False
    return True
