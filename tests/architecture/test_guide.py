"""docs/guide says what the pages say: buttons, sentences, keys, addresses, pictures and chapters that exist."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import pytest

from bots.queues.local import LocalBus
from inbox.web import app
from inbox.web.desk import Desk
from models.enums import Role
from models.profile import load_profile
from tests.e2e.guide_scene import Places
from tests.e2e.guide_shots import guide_shots
from tests.factories import City
from tests.inbox.web.test_guard import every_route

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/guide"
TEMPLATES = ROOT / "inbox/web/templates"
SCRIPTS = sorted((ROOT / "inbox/web/static").glob("*.js"))
CHAPTERS = sorted(GUIDE.glob("*.md"))
CHAPTER_OF = {
    Role.AGENT: "basvuru-personeli",
    Role.APPROVER: "onay-personeli",
    Role.UNIT_USER: "birim-kullanicisi",
    Role.SURVEY_AGENT: "anket-personeli",
    Role.FIELD_TEAM: "yerinde-tespit",
    Role.DUTY_DESK: "merkez-1",
    Role.TEAM_LEAD: "takim-lideri",
    Role.QUALITY: "kalite-istatistik",
    Role.CHIEF: "sef-mudur",
    Role.ADMINISTRATOR: "sistem-yoneticisi",
}
_LITERAL = re.compile(r'"([^"{}]*)"|\'([^\'{}]*)\'')
_JINJA = re.compile(r"\{[%{].*?[%}]\}", re.S)
_SHOWN_ATTRIBUTE = re.compile(r'(?:aria-label|placeholder|title)="([^"]*)"')


def one_line(text: str) -> str:
    return " ".join(text.split())


def words_of_template(text: str) -> Iterator[str]:
    """Every piece of text that a reader of the page can see as one: between tags, and literals of expressions."""
    for code in _JINJA.findall(text):
        yield from ("".join(pair) for pair in _LITERAL.findall(code))
    plain = _JINJA.sub("\n", text)
    for shown in (*_SHOWN_ATTRIBUTE.findall(plain), re.sub(r"<[^>]*>", "\n", plain)):
        yield from shown.split("\n")


def literals(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        tree = ast.parse(path.read_text())
        yield from (one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str))


def leaves(data: object) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from leaves(value)


@pytest.fixture(scope="module")
def page_words() -> set[str]:
    """Words of templates, and names that the pages take from the code and the profile."""
    templates = (word for path in TEMPLATES.glob("*.html") for word in words_of_template(path.read_text()))
    names = literals([*(ROOT / "inbox/web").rglob("*.py"), ROOT / "inbox/rules/next_step.py"])
    scripts = ("".join(pair) for path in SCRIPTS for pair in _LITERAL.findall(path.read_text()))
    found = {one_line(word) for word in (*templates, *names, *scripts, *leaves(load_profile("izmir").texts))}
    return {word for word in found if word}


@pytest.fixture(scope="module")
def sentences() -> str:
    """Everything that the code can say."""
    spoken = literals([*(ROOT / "inbox").rglob("*.py"), *(ROOT / "models").glob("*.py")])
    templates = [path.read_text() for path in TEMPLATES.glob("*.html")]
    plain = [re.sub(r"<[^>]*>", "", text) for text in templates]
    return "\n".join(map(one_line, [*spoken, *templates, *plain]))


def test_every_role_has_a_chapter_that_the_contents_name() -> None:
    assert set(CHAPTER_OF) == set(Role)
    assert {path.stem for path in CHAPTERS} == {"README", *CHAPTER_OF.values()}
    contents = (GUIDE / "README.md").read_text()
    assert [name for name in CHAPTER_OF.values() if f"]({name}.md)" not in contents] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_bold_words_are_on_a_page(chapter: Path, page_words: set[str]) -> None:
    bold = map(one_line, re.findall(r"\*\*(.+?)\*\*", chapter.read_text(), re.S))
    assert [one for one in bold if one not in page_words] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_quoted_sentences_are_the_products_own(chapter: Path, sentences: str) -> None:
    """What changes in a sentence, such as a name or a number, stands as `…`."""
    quoted = re.findall(r"«(.+?)»", chapter.read_text(), re.S)
    parts = (one_line(part) for sentence in quoted for part in sentence.split("…"))
    assert [part for part in parts if part not in sentences] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_keys_are_those_of_the_sheet(chapter: Path) -> None:
    known = set(re.findall(r"<kbd>(.+?)</kbd>", (TEMPLATES / "_help.html").read_text()))
    shortcuts = re.findall(r"<kbd>(.+?)</kbd>", chapter.read_text())
    assert [key for key in shortcuts if key not in known] == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_addresses_are_routes(chapter: Path) -> None:
    paths = {path for method, path in every_route(app.create_app(cast(Desk, _NoDesk()))) if method == "GET"}
    assert [one for one in re.findall(r"`(/[\w/-]*)`", chapter.read_text()) if one not in paths] == []


class _NoDesk:
    """Routes are known before anything is asked of the desk."""

    bus = LocalBus()
    database = None


def pictured() -> set[str]:
    """Names of the guide's pictures; any ids will do."""
    ids = dict.fromkeys(["deniz.kaya35", "Mehmet Akın"], 1)
    city = City(desk=cast(Desk, _NoDesk()), applications=ids, checks={"kriptokazan": 1})
    places = Places(draft=1, routed=1, answered_by_unit=1, confidential=1, incident=1, invited=1)
    return {f"{shot.name}.png" for shot in guide_shots(city, places)}


def test_pictures_are_taken_shown_and_described() -> None:
    shown = [one for path in CHAPTERS for one in re.findall(r"!\[(.*?)\]\(\.\./screenshots/(.+?)\)", path.read_text())]
    assert {name for _, name in shown} == pictured()
    assert [name for words, name in shown if len(words) < 20] == []
    assert sum(path.read_text().count("![") for path in CHAPTERS) == len(shown)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_links_lead_somewhere(chapter: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([\w./-]+)(?:#[\w-]+)?\)", chapter.read_text())
    assert [link for link in links if not (GUIDE / link).exists()] == []
