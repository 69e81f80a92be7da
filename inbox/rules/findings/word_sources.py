"""Reads the profile's files into a vocabulary, once at start (about 2 s of CPU: not in the event loop). No database."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from inbox.rules.findings.vocabulary import Vocabulary
from models.profile import Profile


def read_vocabulary(profile: Profile, *, articles: Iterable[str]) -> Vocabulary:
    """`articles`: the texts of Akıl Kutusu. Names are trusted, citizens' messages are not."""
    names = [topic.name for topic in profile.topics.values()] + [unit.name for unit in profile.units.values()]
    return Vocabulary(
        trusted=[*articles, *names, *_texts(profile.texts), *_files(profile.gazetteer_folder, "*_mahalle.csv")],
        seen=_messages(profile.corpus_folder),
        names=[*profile.districts, profile.name.split()[0]],
    )


def _messages(folder: Path) -> Iterator[str]:
    for file in _files(folder, "*.jsonl"):
        yield from (json.loads(line)["text"] for line in file.splitlines())


def _files(folder: Path, pattern: str) -> Iterator[str]:
    return (path.read_text(encoding="utf-8") for path in sorted(folder.glob(pattern)))


def _texts(value: object) -> Iterator[str]:
    """Every text of a tree of mappings and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
