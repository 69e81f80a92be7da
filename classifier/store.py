"""Keeps the artefact in a folder, with its manifest; refuses one that does not fit. Never trains."""

import hashlib
import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy
import spacy

from classifier.corpus import Corrections, corpus_hash
from classifier.gazetteer import Gazetteer
from classifier.model import Fitted, TextClassifier
from classifier.places import PlaceFinder
from classifier.shelf import MANIFEST as _MANIFEST
from classifier.shelf import read_manifest
from classifier.text import Reader
from models.errors import ArtefactError
from models.profile import Profile

LAYOUT = 2
"""Raised whenever older artefacts cannot be read any more."""
_MODEL = "model.joblib"
_MEND = "run `python run_bots.py train`"
_MEASURES = frozenset({"card.py", "corpus.py", "evaluate.py", "replay.py", "shelf.py", "store.py", "styles.py"})
"""Modules that neither read texts nor decide: an artefact outlives a change of them."""


def manifest(
    *, data_hash: str, seed: int, metrics: dict[str, Any], corrections: Corrections | None = None
) -> dict[str, Any]:
    """The facts by which an artefact is known again."""
    facts = {
        "layout": LAYOUT,
        "data_hash": data_hash,
        "corrections": corrections.facts if corrections else {},
        "seed": seed,
        "versions": _versions(),
    }
    return {"version": _version(facts), **facts, "metrics": metrics}


def _version(facts: dict[str, Any]) -> str:
    names = ("layout", "data_hash", "corrections", "seed", "versions")
    key = json.dumps([facts.get(name) for name in names], sort_keys=True)
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def save(fitted: Fitted, facts: dict[str, Any], folder: Path) -> None:
    """Replace what stands in `folder`; the manifest comes last, so half an artefact never looks whole."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MANIFEST).unlink(missing_ok=True)
    joblib.dump(fitted, folder / f"{_MODEL}.new")
    os.replace(folder / f"{_MODEL}.new", folder / _MODEL)
    made = {"trained_at": datetime.now(UTC).isoformat(timespec="seconds"), "model_hash": _file_hash(folder / _MODEL)}
    (folder / _MANIFEST).write_text(json.dumps({**facts, **made}, ensure_ascii=False, indent=1), encoding="utf-8")


def load(folder: Path, profile: Profile) -> TextClassifier:
    """The classifier kept in `folder`. Raises ArtefactError where there is none or it does not fit."""
    facts = read_manifest(folder)
    _check(facts, folder, profile)
    fitted = joblib.load(folder / _MODEL)
    return TextClassifier(fitted, reader=Reader(), places=PlaceFinder(Gazetteer(profile)))


def _check(facts: dict[str, Any], folder: Path, profile: Profile) -> None:
    if facts.get("layout") != LAYOUT or facts.get("versions") != _versions():
        raise ArtefactError(f"the classifier was trained by other versions of its libraries or code: {_MEND}")
    if facts.get("data_hash") != corpus_hash(profile):
        raise ArtefactError(f"the classifier was trained on other data than the profile holds now: {_MEND}")
    if facts.get("version") != _version(facts):
        raise ArtefactError(f"the classifier's manifest was changed by hand: {_MEND}")
    if not (folder / _MODEL).is_file() or facts.get("model_hash") != _file_hash(folder / _MODEL):
        raise ArtefactError(f"the classifier's file does not fit its manifest: {_MEND}")


def _versions() -> dict[str, str]:
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "scikit-learn": version("scikit-learn"),
        "spacy": spacy.__version__,
        "numpy": numpy.__version__,
        "classifier": _sources_hash(),
    }


def _sources_hash() -> str:
    """Changes with the code that reads texts and decides: an artefact fits only the code that made it."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.*")):
        if path.suffix in (".py", ".txt") and path.name not in _MEASURES:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
