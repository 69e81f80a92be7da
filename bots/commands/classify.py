"""`classify`: JSON lines in (`id`, `channel`, `text`), JSON lines out. A bad line is named and ends with code 2."""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bots.settings import load_settings
from classifier import store
from models.errors import InputError
from models.messages import Classification, TextToClassify
from models.profile import load_profile

BATCH = 256


def run(_options: argparse.Namespace) -> int:
    settings = load_settings()
    classifier = store.load(settings.data_dir / "model", load_profile(settings.profile))
    texts = _texts(sys.stdin)
    while batch := list(islice(texts, BATCH)):
        for text, found in zip(batch, classifier.classify(batch), strict=True):
            print(json.dumps(line(text.id, found), ensure_ascii=False))
    return 0


def line(text_id: str, found: Classification) -> dict[str, Any]:
    """A classification as the contract of `run_bots.py classify` prints it."""
    return {
        "id": text_id,
        "kind": found.kind.value,
        "topic": found.topic,
        "unit": found.unit,
        "urgency": found.urgency.value,
        "district": found.district,
        "neighbourhood": found.neighbourhood,
        "confidence": round(found.confidence, 4),
        "decision": found.decision.value,
    }


def _texts(lines: Any) -> Iterator[TextToClassify]:
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            row = json.loads(raw)
            yield TextToClassify(id=row.get("id", ""), text=str(row["text"]), channel=row.get("channel") or "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"line {number}: not an object with `text` ({type(error).__name__})") from error
