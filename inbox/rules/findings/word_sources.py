"""Reads the profile's files into a vocabulary, once at start (about 2 s of CPU: not in the event loop). No database."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from inbox.rules.findings.persons import PersonWords
from inbox.rules.findings.vocabulary import Knows, Vocabulary, knows_nothing
from models.profile import Profile
from models.turkish import fold

FACTS = ("health", "family", "economy", "belief_opinion", "crime", "identity")
"""Parts of `sensitive.yaml` that tell something of a person."""


def read_vocabulary(profile: Profile, *, articles: Iterable[str], knows: Knows = knows_nothing) -> Vocabulary:
    """`articles`: the texts of Akıl Kutusu. Names are trusted, citizens' messages are not."""
    names = [topic.name for topic in profile.topics.values()] + [unit.name for unit in profile.units.values()]
    return Vocabulary(
        trusted=[*articles, *names, *_texts(profile.texts), *_files(profile.gazetteer_folder, "*_mahalle.csv")],
        seen=_messages(profile.corpus_folder),
        names=[*profile.districts, profile.name.split()[0]],
        knows=knows,
    )


def read_persons(profile: Profile) -> PersonWords:
    """The profile's first names and the patterns of its `sensitive.yaml`."""
    patterns = yaml.safe_load((profile.folder / "sensitive.yaml").read_text(encoding="utf-8"))
    names = (profile.folder / "first_names.txt").read_text(encoding="utf-8").splitlines()
    facts = [one for name in FACTS for one in patterns[name]]
    return PersonWords(
        first_names=frozenset(fold(name) for name in names if not name.startswith("#")),
        places=_any(patterns["place_words"]),
        titles=_any(patterns["official_titles"]),
        relatives=_any(patterns["persons"]),
        facts=_any(facts),
    )


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})")


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
