"""A profile with a corpus of three matters, trained in seconds: for tests of what happens around a model."""

import json
import shutil
from pathlib import Path

from models.profile import PROFILES, Profile

MATTERS = [
    ("su_kesintisi", "izsu", "evde su akmıyor, sular kesik"),
    ("otobus_sefer", "eshot", "otobüs yine gelmedi, durakta bekliyoruz"),
    (None, None, "bonus kazan, hemen tıkla canım"),
]


def tiny_profile(folder: Path, *, rows: int = 8) -> Profile:
    """İzmir's profile in `folder` with so many messages of each matter as corpus, and three as test split."""
    shutil.copytree(PROFILES / "izmir", folder, ignore=shutil.ignore_patterns("corpus"))
    (folder / "corpus/test").mkdir(parents=True)
    _write(folder / "corpus/tiny.jsonl", rows)
    _write(folder / "corpus/test/tiny.jsonl", 1)
    return Profile(folder)


def _write(path: Path, count: int) -> None:
    rows = [_row(n, *matter) for n in range(count) for matter in MATTERS]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _row(number: int, topic: str | None, unit: str | None, text: str) -> dict[str, object]:
    return {
        "id": f"{topic}-{number}",
        "channel": "twitter",
        "text": f"{text} {number}",
        "kind": "sikayet" if topic else "gecersiz",
        "topic": topic,
        "unit": unit,
        "urgency": "acil" if topic and number % 3 == 0 else "normal",
        "district": None,
        "neighbourhood": None,
    }
