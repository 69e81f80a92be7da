"""`evaluate FILE.jsonl`: the metrics of labelled files as one JSON object."""

import argparse
import json
from pathlib import Path
from typing import Any

from bots.settings import load_settings
from classifier import store
from classifier.evaluate import evaluate
from models.errors import InputError
from models.profile import load_profile


def run(options: argparse.Namespace) -> int:
    settings = load_settings()
    classifier = store.load(settings.data_dir / "model", load_profile(settings.profile))
    rows = [row for name in options.files for row in _rows(Path(name))]
    print(json.dumps(evaluate(classifier, rows), ensure_ascii=False))
    return 0


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({type(error).__name__})") from error
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line) if line.strip() else None
        except ValueError as error:
            raise InputError(f"{path} line {number}: not JSON") from error
        if row is not None:
            if not isinstance(row, dict) or "text" not in row:
                raise InputError(f"{path} line {number}: not an object with `text`")
            rows.append(row)
    return rows
