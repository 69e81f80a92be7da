"""Being named outside our own media: tags are listed, mentions come as ids alone."""

import json

from connectors.instagram.facts import TAGS
from connectors.instagram.parse import parse
from models.enums import AttachmentKind, EventKind, Surface


async def test_tags_are_polled_with_their_caption(simulator, connector, clock):
    item = simulator.tag("ayse", "Kordon'da lamba kırık @izmirbel")
    page = await connector.poll(TAGS, "")
    (event,) = connector.parse(page.payload, stream=TAGS).events
    assert (event.kind, event.external_id, event.surface) == (EventKind.MESSAGE, item, Surface.TAG)
    assert (event.text, event.sender.handle) == ("Kordon'da lamba kırık @izmirbel", "ayse")
    assert (event.replyable, event.attachments[0].kind) == (False, AttachmentKind.IMAGE)
    clock.advance(minutes=11)
    assert (await connector.poll(TAGS, page.cursor)).empty


async def test_tags_are_asked_for_every_ten_minutes(simulator, connector, clock):
    page = await connector.poll(TAGS, "")
    simulator.tag("ayse", "yeni")
    clock.advance(minutes=9)
    assert (await connector.poll(TAGS, page.cursor)).cursor == page.cursor
    clock.advance(minutes=2)
    page = await connector.poll(TAGS, page.cursor)
    assert [one.text for one in connector.parse(page.payload, stream=TAGS).events] == ["yeni"]


async def test_more_tags_than_a_page_holds_are_all_read(simulator, connector, walk):
    """This list tells cursors alone and names no next page."""
    written = [simulator.tag("ayse", f"{number}. lamba") for number in range(30)]
    events, _, requests = await walk(connector, TAGS)
    assert {event.external_id for event in events} == set(written)
    assert requests == 3


async def test_a_mention_of_which_only_ids_are_told_is_shown_to_a_person():
    change = {"field": "mentions", "value": {"media_id": "1790", "comment_id": "1800"}}
    body = {"object": "instagram", "entry": [{"id": "1784", "time": 1795424400, "changes": [change]}]}
    (event,) = parse(json.dumps(body).encode(), account_id="1784").events
    assert (event.kind, event.external_id, event.thread_id) == (EventKind.MESSAGE, "1800", "1790")
    assert event.extra == {"media_id": "1790", "comment_id": "1800"}
    assert not event.replyable


async def test_our_own_media_is_no_tag():
    page = {"data": [{"id": "17", "username": "izmirbel", "caption": "duyuru"}]}
    (event,) = parse(json.dumps(page).encode(), account_id="1784", stream=TAGS, own_handle="izmirbel").events
    assert event.kind is EventKind.IGNORED
