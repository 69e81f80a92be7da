"""The containers run every role: without the clock no deadline is watched."""

from pathlib import Path

import yaml

from bots.cli import ROLES

COMPOSE = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text(encoding="utf-8"))


def test_every_role_has_its_container() -> None:
    commands = [tuple(service.get("command", ())) for service in COMPOSE["services"].values()]
    assert {(role,) for role in ROLES} <= set(commands)
