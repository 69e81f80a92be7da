"""Posts of others that name the Page: listed, and pushed as mentions."""

import json

from connectors.facebook.facts import TAGS
from connectors.facebook.parse import parse
from models.enums import EventKind, Surface

PAGE = "100"


def pushed(**value):
    change = {"field": "mention", "value": {"item": "post", "verb": "add", "created_time": 1795424400, **value}}
    body = {"object": "page", "entry": [{"id": PAGE, "time": 1795424400, "changes": [change]}]}
    (event,) = parse(json.dumps(body).encode(), account_id=PAGE).events
    return event


async def test_tags_are_polled(simulator, connector, clock):
    item = simulator.tag("ayse", "İzmir HİM, lamba kırık")
    page = await connector.poll(TAGS, "")
    (event,) = connector.parse(page.payload, stream=TAGS).events
    assert (event.kind, event.external_id, event.surface) == (EventKind.MESSAGE, item, Surface.TAG)
    assert (event.text, event.replyable) == ("İzmir HİM, lamba kırık", False)
    clock.advance(minutes=11)
    assert (await connector.poll(TAGS, page.cursor)).empty


async def test_pushed_mentions_are_tags():
    event = pushed(post_id="555_1", sender_id="555", sender_name="Ayşe", message="lamba kırık")
    assert (event.kind, event.surface, event.external_id) == (EventKind.MESSAGE, Surface.TAG, "555_1")
    assert (event.text, event.sender.external_id, event.dedup_key) == ("lamba kırık", "555", "message:555_1")


async def test_what_stands_on_the_page_comes_with_its_feed():
    event = pushed(post_id=f"{PAGE}_7", sender_id="555", message="duvarınıza yazdım")
    assert (event.kind, event.reason) == (EventKind.IGNORED, "comes with the feed")


async def test_edits_of_mentions_are_left_alone():
    assert pushed(post_id="555_1", sender_id="555", verb="edited").kind is EventKind.IGNORED
