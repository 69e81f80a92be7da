"""`backup --to FILE`: everything of this installation that cannot be made anew, in one file."""

import argparse
from pathlib import Path

from bots import archives
from bots.settings import load_settings


def run(options: argparse.Namespace) -> int:
    target = Path(options.to)
    manifest = archives.write(load_settings(), target)
    print(f"{target}: {len(manifest.parts)} parts, schema {manifest.schema}")
    print("Not encrypted: it holds citizens' data and credentials. Keep it encrypted, and elsewhere.")
    return 0
