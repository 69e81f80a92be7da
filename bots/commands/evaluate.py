"""`evaluate FILE.jsonl`: the metrics of labelled files as one JSON object, also of the texts without diacritics."""

import argparse
import json
from pathlib import Path
from typing import Any

from bots.settings import load_settings
from classifier import store
from classifier.evaluate import evaluate
from classifier.styles import restyled, without_diacritics
from models.errors import InputError
from models.profile import load_profile


def run(options: argparse.Namespace) -> int:
    settings = load_settings()
    classifier = store.load(settings.data_dir / "model", load_profile(settings.profile))
    rows = [row for name in options.files for row in _rows(Path(name))]
    figures = evaluate(classifier, rows)
    plain = evaluate(classifier, [restyled(row, without_diacritics) for row in rows])
    print(json.dumps({**figures, "without_diacritics": _beside(figures, plain)}, ensure_ascii=False))
    return 0


def _beside(figures: dict[str, Any], plain: dict[str, Any]) -> dict[str, Any]:
    """The figures without diacritics, and how far the topics fall by it."""
    before, after = figures["topic_macro_f1"], plain["topic_macro_f1"]
    fall = None if before is None or after is None else round(before - after, 4)
    return {**{name: value for name, value in plain.items() if name != "worst_topics"}, "topic_macro_f1_fall": fall}


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
