"""Requests of our client and answers of our simulator against X's published OpenAPI document (2.166)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from connectors.simulation import CitizenPost
from connectors.twitter.connector import PLATFORM, TwitterConnector
from connectors.twitter.facts import DIRECTS, LISTENING, MENTIONS
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.simulator import Exchange, TwitterSimulator
from models.clock import StillClock
from models.enums import Surface
from models.messages import OutboundMessage

ROOT = Path(__file__).parents[3]
SPECIFICATION = ROOT.parent / "shared/specs/x-openapi-2.166.json"
SAMPLES = ROOT / "connectors/twitter/samples"
PARTICIPANT_PATHS = {"/2/dm_conversations/with/{id}/": "/2/dm_conversations/with/{participant_id}/"}
PAGES = {
    "message_mention": "Get2UsersIdMentionsResponse",
    "message_long": "Get2UsersIdMentionsResponse",
    "message_reply": "Get2UsersIdMentionsResponse",
    "message_quote": "Get2UsersIdMentionsResponse",
    "message_place": "Get2UsersIdMentionsResponse",
    "edit_": "Get2UsersIdMentionsResponse",
    "message_direct": "Get2DmEventsResponse",
    "ignored_direct": "Get2DmEventsResponse",
    "echo_direct": "Get2DmEventsResponse",
    "page_empty": "Get2UsersIdMentionsResponse",
}
"""Which answer a sample of this name is; the others are pushed, or broken on purpose."""

pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason="../shared/specs is missing")


@cache
def document() -> dict[str, Any]:
    return json.loads(SPECIFICATION.read_bytes())


@cache
def validator(reference: str) -> Draft202012Validator:
    """References in the document are resolved within it."""
    return Draft202012Validator({"$ref": reference, "components": document()["components"]})


def check(value: Any, schema: dict[str, Any]) -> None:
    if "$ref" in schema:
        validator(schema["$ref"]).validate(value)
    else:
        Draft202012Validator({**schema, "components": document()["components"]}).validate(value)


def operation(exchange: Exchange) -> dict[str, Any]:
    path = exchange.path
    for ours, theirs in PARTICIPANT_PATHS.items():
        path = path.replace(ours, theirs)
    path = path if path in document()["paths"] else path.replace("{id}", "{tweet_id}")
    return document()["paths"][path][exchange.method.lower()]


def check_query(exchange: Exchange) -> None:
    """Lists come with commas between; every name must be known."""
    known = {found["name"]: found for found in map(_resolved, operation(exchange).get("parameters", []))}
    assert set(exchange.query) <= set(known)
    required = {name for name, one in known.items() if one.get("required") and one["in"] == "query"}
    assert required <= set(exchange.query)
    for name, value in exchange.query.items():
        check(_typed(value, known[name]["schema"]), known[name]["schema"])


def _resolved(parameter: dict[str, Any]) -> dict[str, Any]:
    return (
        document()["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
        if "$ref" in parameter
        else parameter
    )


def _typed(value: str, schema: dict[str, Any]) -> Any:
    if schema.get("type") == "array":
        return value.split(",")
    return int(value) if schema.get("type") == "integer" else value


def check_exchange(exchange: Exchange) -> None:
    check_query(exchange)
    described = operation(exchange)
    if exchange.body is not None:
        check(exchange.body, described["requestBody"]["content"]["application/json"]["schema"])
    answers = described["responses"]
    good = answers[str(exchange.status)]
    check(exchange.answer, good["content"]["application/json"]["schema"])


def post(text: str, **more: Any) -> CitizenPost:
    surface = more.pop("surface", Surface.MENTION)
    return CitizenPost(author="a", name="Ayşe Su", handle="ayse-su", surface=surface, text=text, **more)


async def test_exchanges(simulator: TwitterSimulator, connector: TwitterConnector, clock: StillClock) -> None:
    """Everything that our client asks and the simulator answers in an eventful hour."""
    options: list[dict[str, Any]] = [
        {},
        {"photo": True},
        {"voice": True},
        {"sticker": True},
        {"location": (38.4, 27.1)},
    ]
    for option in options:
        await simulator.write(post("Çukur & <çamur> #izmir https://www.izmir.bel.tr/x", **option))
        await simulator.write(post("Gizli", surface=Surface.DIRECT, **option))
    item = await simulator.write(post("uzun " * 90, surface=Surface.QUOTE))
    simulator.edit(item, "kısa oldu")
    simulator.delete(await simulator.write(post("silinecek", surface=Surface.REPLY)))
    for number in range(120):
        await simulator.write(post(f"ileti {number}", surface=Surface.DIRECT if number % 2 else Surface.MENTION))
    for stream in (MENTIONS, DIRECTS):
        cursor, more = "", True
        while more:
            page = await connector.poll(stream, cursor)
            cursor, more = page.cursor, page.more
    person = simulator.citizens.person("a")
    for surface in (Surface.MENTION, Surface.DIRECT):
        message = OutboundMessage(
            reference=surface, surface=surface, recipient_id=person.id, reply_to=item, text="Alındı: HİM-1"
        )
        await connector.send(message)
        assert await connector.check(message, since=clock.now())
    await connector.identify()
    paths = {(exchange.method, exchange.path) for exchange in simulator.exchanges}
    assert len(paths) == 7
    for exchange in simulator.exchanges:
        check_exchange(exchange)


async def test_further_exchanges(simulator: TwitterSimulator, clock: StillClock) -> None:
    """Listening, hiding, blocking."""
    settings = TwitterSettings(**simulator.account_settings(), listening_query='#izmir (su OR "kırık boru")')
    connector = PLATFORM.build(settings, clock)
    item = await simulator.write(post("#izmir su yok", surface=Surface.REPLY))
    await simulator.write(post("#izmir kırık boru", surface=Surface.LISTENING))
    person = simulator.citizens.person("a")
    await connector.poll(LISTENING, "")
    await connector.hide(item, hidden=True)
    await connector.block(person.id, blocked=True)
    await connector.close()
    assert [exchange.status for exchange in simulator.exchanges] == [200, 200, 200]
    for exchange in simulator.exchanges:
        check_exchange(exchange)


def pages() -> list[Any]:
    found = []
    for path in sorted(SAMPLES.glob("*.json")):
        schema = next((name for prefix, name in PAGES.items() if path.stem.startswith(prefix)), "")
        if schema:
            found.append(pytest.param(json.loads(path.read_bytes()), schema, id=path.stem))
    return found


@pytest.mark.parametrize(("sample", "schema"), pages())
def test_samples(sample: dict[str, Any], schema: str) -> None:
    validator(f"#/components/schemas/{schema}").validate(sample)


@pytest.mark.parametrize("name", ["activity_message_mention", "activity_delete_post"])
def test_activity_samples(name: str) -> None:
    """The kind of event names its payload's schema."""
    envelope = json.loads((SAMPLES / f"{name}.json").read_bytes())["data"]
    schemas = document()["components"]["schemas"]
    described = schemas["ActivityStreamingResponsePayload"]["discriminator"]["mapping"][envelope["event_type"]]
    validator(described).validate(envelope.pop("payload"))
    check(envelope, schemas["ActivityStreamingResponse"]["properties"]["data"])
