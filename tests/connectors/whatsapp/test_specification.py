"""Requests of our client, answers and pushes of our simulator, and our samples against Meta's specification (v23.0)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from connectors.simulation import CitizenPost
from connectors.whatsapp.connector import WhatsAppConnector
from connectors.whatsapp.simulator import WhatsAppSimulator
from models.enums import Surface
from models.messages import OutboundMessage
from tests.connectors.whatsapp.receiver import Receiver

ROOT = Path(__file__).parents[3]
SPECIFICATION = ROOT.parent / "shared/specs/meta-business-messaging-api_v23.0.yaml"
SAMPLES = ROOT / "connectors/whatsapp/samples"
KNOWN = (
    "message_text",
    "message_image_with_caption",
    "message_voice",
    "message_video",
    "message_document",
    "message_sticker",
    "message_location",
    "message_contacts",
    "message_button",
    "message_button_reply",
    "message_list_reply",
    "message_unsupported",
    "reaction_added",
    "system_number_changed",
    "status_sent",
    "status_failed_window_closed",
)
"""Samples of what v23.0 describes; user ids, edits, revokes, echoes and flows are younger."""

pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason="../shared/specs is missing")


@cache
def document() -> dict[str, Any]:
    return yaml.load(SPECIFICATION.read_bytes(), Loader=yaml.CSafeLoader)


@cache
def schemas(root: str) -> dict[str, Any]:
    """What `root` may refer to. The document was bundled of parts whose names collide: a part's own come first."""
    found = document()["components"]["schemas"]
    names = list(found)
    own = names[names.index(root) :] if root == "WebhookPayload" else names
    renamed = {_plain(name): name for name in reversed(own)} if root == "WebhookPayload" else {}
    return {name: _reachable(found[name], renamed) for name in own}


def _plain(name: str) -> str:
    head, _, number = name.rpartition("_")
    return head if number.isdigit() else name


def _reachable(value: Any, renamed: dict[str, str]) -> Any:
    """References into `$defs`. Discriminators are left out, as is what no text could ever fit: both halves of an
    `allOf` forbid each other's fields."""
    if isinstance(value, list):
        return [_reachable(one, renamed) for one in value]
    if not isinstance(value, dict):
        return value
    dropped = ("discriminator", "example", "examples", "additionalProperties")
    kept = {key: _reachable(one, renamed) for key, one in value.items() if key not in dropped}
    if "$ref" in kept:
        name = kept["$ref"].rpartition("/")[2]
        kept["$ref"] = f"#/$defs/{renamed.get(_plain(name), name)}"
    return kept


@cache
def validator(root: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{root}", "$defs": schemas(root)})


def test_the_specification_fits_its_own_examples() -> None:
    content = document()["paths"]["/whatsapp/webhooks"]["post"]["requestBody"]["content"]["application/json"]
    fitting = [
        name for name, example in content["examples"].items() if validator("WebhookPayload").is_valid(example["value"])
    ]
    assert "Text Message" in fitting
    assert len(fitting) > 10


async def test_requests_and_answers(simulator: WhatsAppSimulator, connector: WhatsAppConnector) -> None:
    post = CitizenPost(author="a", name="Ayşe Su", handle="a-s", surface=Surface.DIRECT, text="Çukur")
    item = await simulator.write(post)
    phone = simulator.town.people["a"].phone
    await connector.send(
        OutboundMessage(reference="1", surface=Surface.DIRECT, recipient_id=phone, reply_to=item, text="Alındı.")
    )
    [(request, answer)] = simulator.exchanges
    validator("Message").validate(request)
    validator("MessageResponsePayload").validate(answer)


async def test_pushes(simulator: WhatsAppSimulator, connector: WhatsAppConnector, receiver: Receiver) -> None:
    options: list[dict[str, Any]] = [
        {},
        {"photo": True},
        {"voice": True},
        {"sticker": True},
        {"location": (38.4, 27.1)},
    ]
    for option in options:
        await simulator.write(
            CitizenPost(author="a", name="Ayşe Su", handle="a-s", surface=Surface.DIRECT, text="Çukur", **option)
        )
    phone = simulator.town.people["a"].phone
    simulator.town.people["a"].hides_phone = False
    await connector.send(OutboundMessage(reference="1", surface=Surface.DIRECT, recipient_id=phone, text="Alındı."))
    await simulator.settle()
    assert len(receiver.bodies) >= 10
    for body in receiver.bodies:
        validator("WebhookPayload").validate(json.loads(body))


@pytest.mark.parametrize("name", KNOWN)
def test_samples(name: str) -> None:
    validator("WebhookPayload").validate(json.loads((SAMPLES / f"{name}.json").read_bytes()))
