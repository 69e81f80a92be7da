"""Every connector has a quality sheet, and its claims name tests that exist (and so are run with the suite)."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.registry import PLATFORMS

ROOT = Path(__file__).parents[2]
STATES = {"done", "todo", "impossible"}
LEAST_RULES = 10


def sheet(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "connectors" / name / "quality.yaml").read_text(encoding="utf-8"))


def claims() -> list[Any]:
    return [
        pytest.param(name.value, rule, id=f"{name.value}: {rule['rule'][:60]}")
        for name in PLATFORMS
        for rule in sheet(name.value)["rules"]
    ]


def modules(name: str, module: str) -> list[Path]:
    """Test files of that name that speak of the platform."""
    folders = [ROOT / "tests/connectors" / name, ROOT / "tests/connectors/meta", ROOT / "tests/contracts"]
    found = [folder / module for folder in folders if (folder / module).is_file()]
    return found or sorted((ROOT / "tests").rglob(module))


@pytest.mark.parametrize("name", [name.value for name in PLATFORMS])
def test_sheet(name: str) -> None:
    rules = sheet(name)["rules"]
    assert sheet(name)["platform"] == name
    assert len(rules) >= LEAST_RULES
    assert len({rule["rule"] for rule in rules}) == len(rules)
    assert (ROOT / "connectors" / name / "README.md").is_file()
    assert any((ROOT / "connectors" / name / "samples").glob("*.json"))


@pytest.mark.parametrize(("name", "rule"), claims())
def test_claim(name: str, rule: dict[str, str]) -> None:
    assert rule["state"] in STATES
    if rule["state"] != "done":
        assert "proof" not in rule
        return
    module, _, test = rule["proof"].partition("::")
    found = modules(name, Path(module).name)
    assert found, f"no test file {module}"
    assert any(f"def {test}(" in path.read_text(encoding="utf-8") for path in found), f"no test {test} in {module}"


def test_the_page_of_all_connectors_names_tests_that_exist() -> None:
    page = (ROOT / "docs/connectors.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)*test_\w+\.py)::(test_\w+)`", page))
    known = list((ROOT / "tests").rglob("test_*.py"))
    assert len(named) > 100
    for module, test in sorted(named):
        (file,) = [path for path in known if path.as_posix().endswith(f"/{module}")]
        assert f"def {test}(" in file.read_text(encoding="utf-8"), f"{module}::{test}"
    for path in re.findall(r"`((?:bots|inbox|connectors|scripts)/[\w/]+\.py)`", page):
        assert (ROOT / path).is_file(), path
