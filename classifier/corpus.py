"""Reads labelled messages (JSON lines). Refuses a broken line with where it stands."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from classifier.lexicon import LEXICON
from models.errors import InputError
from models.profile import Profile

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Corrections:
    """The desk's words as corpus rows, already masked. Messages received at or after `until` are not among them."""

    rows: Sequence[Row]
    until: datetime

    @property
    def facts(self) -> dict[str, Any]:
        """By which the training knows them again."""
        lines = "".join(f"{json.dumps(row, ensure_ascii=False, sort_keys=True)}\n" for row in self.rows)
        digest = hashlib.sha256(lines.encode()).hexdigest()
        return {"n": len(self.rows), "hash": digest, "until": self.until.isoformat()}


def read_corpus(profile: Profile) -> list[dict[str, Any]]:
    """All messages of the profile's corpus, files in order of their names. Raises InputError."""
    files = corpus_files(profile)
    if not files:
        raise InputError(f"profile {profile.folder.name!r} has no corpus to train from (corpus/*.jsonl)")
    return [row for path in files for row in read_rows(path)]


def corpus_files(profile: Profile) -> list[Path]:
    """The training files; a file whose name begins with `test` stands apart."""
    return [path for path in sorted(profile.corpus_folder.glob("*.jsonl")) if not path.name.startswith("test")]


def split_files(profile: Profile) -> list[Path]:
    """The fixed test split."""
    return sorted((profile.corpus_folder / "test").glob("*.jsonl"))


def split_hash(profile: Profile) -> str:
    """Changes with any byte of the test split."""
    return _hash(split_files(profile))


def corpus_hash(profile: Profile) -> str:
    """Changes with any byte that training reads: messages, topics, units, names of places, the lexicon."""
    facts = [
        LEXICON,
        profile.folder / "topics.yaml",
        profile.folder / "units.yaml",
        *sorted(profile.gazetteer_folder.glob("*")),
    ]
    return _hash([*corpus_files(profile), *facts])


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of one file. Raises InputError, naming the line."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            rows.append(_row(line, where=f"{path.name} line {number}"))
    return rows


def _row(line: str, *, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{where}: not JSON") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise InputError(f"{where}: not an object with a `text`")
    return row


def _hash(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
