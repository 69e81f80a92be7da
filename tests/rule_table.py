"""Writes the table of rules, source articles and tests: `python -m tests.rule_table docs/rules.md`.

A test names its rule in its docstring: `[İ20a] The rule in one sentence.` Only the source is read; nothing is run.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROCESS = ROOT.parent / "shared/domain/process.md"
SOURCES = {
    "İ": "İzmir directive (004)",
    "Ç": "Çiğli (001)",
    "S": "Süleymanpaşa (002)",
    "B": "Beylikdüzü (003)",
    "M": "Ministry (000)",
    "İYUK": "law 2577 (İYUK)",
}
_NAMED = re.compile(r"\[([^\]]+)\]\s*(.+)", re.DOTALL)
_ARTICLE = re.compile(r"(İYUK|İ|Ç|S|B|M)\s?(\d+)(.*)")
_ALPHABET = "abcçdefgğhıijklmnoöprsştuüvyz"
HEAD = """# Rules and the tests that prove them

Made by `python -m tests.rule_table docs/rules.md` from the docstrings of the tests; do not edit.

| source | letter |
| --- | --- |
{sources}

{count} tests name {articles} articles.

| rule | source article | test |
| --- | --- | --- |
{rows}
"""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one test proves, of which articles. `test` is its pytest id."""

    text: str
    articles: tuple[str, ...]
    test: str

    @property
    def order(self) -> tuple[list[tuple[int, int, list[int]]], str]:
        return [_place(article) for article in self.articles], self.test


def rules(folder: Path = ROOT / "tests") -> list[Rule]:
    """Every rule that a test under the folder names, in the order of its articles."""
    found = [rule for path in sorted(folder.rglob("test_*.py")) for rule in _rules_of(path)]
    return sorted(found, key=lambda rule: rule.order)


def table(found: list[Rule]) -> str:
    """The whole document."""
    sources = "\n".join(f"| {name} | {letter} |" for letter, name in SOURCES.items())
    rows = "\n".join(f"| {_cell(rule.text)} | {', '.join(rule.articles)} | `{rule.test}` |" for rule in found)
    articles = {article for rule in found for article in rule.articles}
    return HEAD.format(sources=sources, count=len(found), articles=len(articles), rows=rows)


def unproven(found: list[Rule], process: str) -> list[str]:
    """Articles that the description of the process names and no test does, nor one of their paragraphs."""
    proven = {article for rule in found for article in rule.articles}
    groups = re.findall(r"\[([^\]]+)\]", process)
    named = {single for group in groups for article in _split(group) for single in _singles(article)}
    missing = [article for article in named if not any(_covers(article, other) for other in proven)]
    return sorted(missing, key=_place)


def _rules_of(path: Path) -> Iterator[Rule]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
            continue
        named = _NAMED.match(ast.get_docstring(node) or "")
        articles = _split(named[1]) if named else ()
        if named and any(_ARTICLE.fullmatch(article) for article in articles):
            text = " ".join(named[2].split("\n\n")[0].split())
            yield Rule(text, articles, f"{path.relative_to(ROOT).as_posix()}::{node.name}")


def _split(group: str) -> tuple[str, ...]:
    return tuple(article.strip() for article in group.split(","))


def _singles(article: str) -> list[str]:
    """`İ7b2-4` names three paragraphs; what is no article of ours names none."""
    if spread := re.fullmatch(r"(.*\D)(\d+)-(\d+)", article):
        return [f"{spread[1]}{number}" for number in range(int(spread[2]), int(spread[3]) + 1)]
    return [article] if _ARTICLE.fullmatch(article) else []


def _covers(article: str, other: str) -> bool:
    """The same, or a paragraph of it: İ7b2 covers İ7b, not İ7."""
    rest = other.removeprefix(article)
    return other == article or (rest != other and article[-1].isdigit() != rest[0].isdigit())


def _place(article: str) -> tuple[int, int, list[int]]:
    """Sorts by source, number and letters in Turkish order; what is no article of ours comes last."""
    match = _ARTICLE.fullmatch(article)
    if not match:
        return len(SOURCES), 0, []
    letters = [_ALPHABET.find(sign) if sign.isalpha() else 100 + ord(sign) for sign in match[3]]
    return list(SOURCES).index(match[1]), int(match[2]), letters


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Writes the file that is named; says which articles have no test yet where the process's description is there."""
    if len(arguments) != 1:
        print("usage: python -m tests.rule_table docs/rules.md", file=sys.stderr)
        return 2
    found = rules()
    Path(arguments[0]).write_text(table(found), encoding="utf-8")
    print(f"{len(found)} rules")
    if PROCESS.is_file():
        print("no test yet:", ", ".join(unproven(found, PROCESS.read_text(encoding="utf-8"))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
