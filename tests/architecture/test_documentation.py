"""What the documents promise exists, and what exists is documented."""

import re
import tomllib
from pathlib import Path

from bots.cli import parser
from bots.settings import Settings

ROOT = Path(__file__).parents[2]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    reasons = (ROOT / "docs/dependencies.md").read_text().lower()
    missing = [
        name for line in named if (name := re.split(r"[\[>=<;]", line)[0]) not in reasons and "types-" not in name
    ]
    assert missing == []


def test_every_setting_is_documented() -> None:
    operations = (ROOT / "docs/operations.md").read_text()
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in operations] == []


def test_every_command_is_documented() -> None:
    operations = (ROOT / "docs/operations.md").read_text()
    commands = next(action for action in parser()._actions if action.dest == "command").choices or {}
    assert [name for name in commands if f"`{name}" not in operations] == []


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.M)
    assert targets
    assert [name for name in targets[1].split() if not re.search(rf"^{name}:.*## ", makefile, re.M)] == []


def test_no_lock_names_an_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(), lock.name
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_the_pages_ask_only_for_browser_files_that_setup_brings() -> None:
    brought = set(re.findall(r'\$target/([\w.]+)"', (ROOT / "scripts/npm_files.sh").read_text()))
    templates = "".join(path.read_text() for path in (ROOT / "inbox/web/templates").rglob("*.html"))
    assert set(re.findall(r"vendor/([\w.]+)", templates)) <= brought
