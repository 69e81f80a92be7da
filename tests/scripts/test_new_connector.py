"""`make connector`: what it writes compiles, passes the linter and keeps its own claims."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scaffold() -> ModuleType:
    spec = importlib.util.spec_from_file_location("new_connector", ROOT / "scripts/new_connector.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_new_platform_is_whole(scaffold: ModuleType, tmp_path: Path) -> None:
    written = scaffold.write("mastodon", root=tmp_path)
    sources = [path for path in written if path.suffix == ".py"]
    for path in sources:
        compile(path.read_text(encoding="utf-8"), str(path), "exec")
    command = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    names = {path.name for path in written}
    assert {"facts.py", "settings.py", "parse.py", "connector.py", "quality.yaml", "README.md"} <= names
    sheet = yaml.safe_load((tmp_path / "connectors/mastodon/quality.yaml").read_text(encoding="utf-8"))
    module, _, test = sheet["rules"][0]["proof"].partition("::")
    assert f"def {test}(" in (tmp_path / "tests/connectors/mastodon" / module).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["", "Mastodon", "two words", "../x", "telegram"])
def test_a_wrong_name_is_said_in_a_line(scaffold: ModuleType, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert scaffold.main([name]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
