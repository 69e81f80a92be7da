"""A letter's data and its page. Holds what the receiver needs and no more; no database, no network."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """A letter before its signature: EBYS gives number and date."""

    sender: str
    desk: str
    receiver: str
    subject: str
    file_plan_code: str
    application_number: str
    written_on: date
    received_on: date
    due_on: date
    brief: str
    citizen_words: Sequence[str]
    citizen_name: str
    place: str
    confidential: bool


def letter_page(letter: LetterText) -> str:
    """HTML for print: A4, one column, fonts of the system."""
    return _PAGES.get_template("letter.html").render(letter=letter)


def letter_data(letter: LetterText) -> dict[str, Any]:
    """The same as data, for a document system that imports it."""
    values = asdict(letter)
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
