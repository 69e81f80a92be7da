"""Requests of our client and answers of our simulator against the Bot API's published specification."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connectors.simulation import CitizenPost
from connectors.telegram.connector import TelegramConnector
from connectors.telegram.simulator import TelegramSimulator
from models.enums import Surface
from models.messages import OutboundMessage

ROOT = Path(__file__).parents[3]
SPECIFICATION = ROOT.parent / "shared/specs/telegram-bot-api.json"
SAMPLES = ROOT / "connectors/telegram/samples"
INVENTED = ("message_of_unknown_type", "message_ids_as_strings", "ignored_unknown", "page_with_bad")
"""Samples that break the specification on purpose."""
PRIMITIVES: dict[str, dict[str, Any]] = {
    "Integer": {"type": "integer"},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "True": {"const": True},
    "Message or True": {},
}

pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason="../shared/specs is missing")


@cache
def specification() -> dict[str, Any]:
    return json.loads(SPECIFICATION.read_bytes())


def schema_of(name: str) -> dict[str, Any]:
    if name.startswith("Array of "):
        return {"type": "array", "items": schema_of(name.removeprefix("Array of "))}
    return PRIMITIVES.get(name) or {"$ref": f"#/$defs/{name}"}


def any_of(names: list[str]) -> dict[str, Any]:
    return schema_of(names[0]) if len(names) == 1 else {"anyOf": [schema_of(name) for name in names]}


def definition(kind: dict[str, Any]) -> dict[str, Any]:
    if kind.get("subtypes"):
        return any_of(kind["subtypes"])
    fields = kind.get("fields", [])
    return {
        "type": "object",
        "properties": {field["name"]: any_of(field["types"]) for field in fields},
        "required": [field["name"] for field in fields if field["required"]],
        "additionalProperties": False,
    }


@cache
def definitions() -> dict[str, Any]:
    return {name: definition(kind) for name, kind in specification()["types"].items()}


@cache
def validator(*names: str) -> Draft202012Validator:
    return Draft202012Validator({**any_of(list(names)), "$defs": definitions()})


def check_request(method: str, parameters: dict[str, Any]) -> None:
    fields = {field["name"]: field for field in specification()["methods"][method].get("fields", [])}
    assert set(parameters) <= set(fields)
    assert {name for name, field in fields.items() if field["required"]} <= set(parameters)
    for name, value in parameters.items():
        validator(*fields[name]["types"]).validate(_typed(value, fields[name]["types"]))


def _typed(value: Any, names: list[str]) -> Any:
    """Forms carry everything as text."""
    if isinstance(value, str) and "String" not in names:
        return json.loads(value)
    return int(value) if isinstance(value, str) and "Integer" in names and value.isdigit() else value


async def test_exchanges(simulator: TelegramSimulator, connector: TelegramConnector) -> None:
    options: list[dict[str, Any]] = [
        {},
        {"photo": True},
        {"voice": True},
        {"sticker": True},
        {"location": (38.4, 27.1)},
    ]
    for option in options:
        items = await simulator.write(
            CitizenPost(author="a", name="Ayşe Su", handle="a-s", surface=Surface.DIRECT, text="Çukur", **option)
        )
    await connector.identify()
    await connector.poll("updates", "")
    await connector.send(
        OutboundMessage(
            reference="1", surface=Surface.DIRECT, recipient_id=items.split(":")[1], reply_to=items, text="Alındı."
        )
    )
    simulator.edit(simulator.chats.person("a"), 1, text="Çukurlar")
    simulator.press(simulator.chats.person("a"), 2, "x")
    simulator.block(simulator.chats.person("a"))
    await connector.poll("updates", "")
    assert {one[0] for one in simulator.exchanges} == {"getMe", "deleteWebhook", "getUpdates", "sendMessage"}
    for method, parameters, result in simulator.exchanges:
        check_request(method, dict(parameters))
        validator(*specification()["methods"][method]["returns"]).validate(result)


def sample_updates() -> list[Any]:
    return list(_sample_updates())


def _sample_updates() -> Iterator[Any]:
    for path in sorted(SAMPLES.glob("*.json")):
        if not path.stem.startswith(INVENTED):
            document = json.loads(path.read_bytes())
            for update in document.get("result", [document]):
                yield pytest.param(update, id=path.stem)


@pytest.mark.parametrize("update", sample_updates())
def test_samples(update: dict[str, Any]) -> None:
    validator("Update").validate(update)
