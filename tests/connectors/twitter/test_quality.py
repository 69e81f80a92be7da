"""The quality sheet's claims name tests that exist."""

from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent
SHEET = yaml.safe_load((HERE.parents[2] / "connectors/twitter/quality.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", SHEET["rules"], ids=lambda rule: rule["rule"])
def test_claim(rule: dict[str, str]) -> None:
    assert rule["state"] in ("done", "todo", "impossible")
    if rule["state"] == "done":
        module, _, name = rule["proof"].partition("::")
        assert f"def {name}(" in (HERE / module).read_text(encoding="utf-8")
