"""Articles as they stand in the profile: Markdown with front matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from models.enums import Kind
from models.errors import InputError

FENCE = "---\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A text that may be sent as it stands. `short` fits the smallest channel; neither form is ever cut."""

    id: str
    title: str
    topic: str
    unit: str
    valid_until: date
    source: str
    questions: tuple[str, ...]
    short: str
    long: str
    kind: Kind | None = None
    """Set where the article answers one kind of message on any topic (thanks)."""


def read_articles(folder: Path) -> Sequence[Article]:
    """All articles of a folder by id. Raises InputError naming the file that cannot be read."""
    return [read_article(path) for path in sorted(folder.glob("*.md"))]


def read_article(path: Path) -> Article:
    """One article. Raises InputError where a field is missing or of the wrong form."""
    text = path.read_text(encoding="utf-8")
    try:
        _, head, body = text.split(FENCE, 2)
        fields = yaml.safe_load(head)
        return Article(
            id=path.stem,
            title=fields["title"],
            topic=fields["topic"],
            unit=fields["unit"],
            valid_until=fields["valid_until"],
            source=fields["source"],
            questions=tuple(str(question) for question in fields["questions"]),
            short=" ".join(fields["short"].split()),
            long=body.strip(),
            kind=Kind(fields["kind"]) if fields.get("kind") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise InputError(f"{path.name}: not an article ({type(error).__name__}: {error})") from error
