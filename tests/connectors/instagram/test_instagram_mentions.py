"""Named outside our own media: the webhook tells ids alone, Facebook Login lets the words be read and answered."""

import asyncio
import json

import pytest

from connectors.instagram.connector import PLATFORM
from connectors.instagram.facts import FACTS, FACTS_WITHOUT_PAGE
from models.enums import EventKind, Surface
from models.errors import OutcomeUnknownError, TransientError
from models.messages import OutboundMessage
from models.ports import LooksUp


@pytest.fixture
async def by_page(simulator, clock):
    """The same account by Facebook Login."""
    connector = PLATFORM.build(PLATFORM.settings(**{**simulator.account_settings(), "page_id": "153"}), clock)
    yield connector
    await connector.close()


async def pushed(simulator, webhook, connector):
    """The event of the newest webhook."""
    await simulator.settle()
    async with asyncio.timeout(5):
        while not webhook.bodies:
            await asyncio.sleep(0.01)
    (event,) = connector.parse(webhook.bodies[-1][1]).events
    return event


@pytest.mark.parametrize("in_caption", [False, True])
async def test_ids_become_words(simulator, by_page, webhook, in_caption):
    simulator.connect_webhook(webhook.url)
    item = simulator.mention("ayse", "@him.simulated Kordon'da lamba kırık", in_caption=in_caption)
    pointer = await pushed(simulator, webhook, by_page)
    assert (pointer.kind, pointer.external_id, pointer.text) == (EventKind.POINTER, item, "")
    assert isinstance(by_page, LooksUp)
    (event,) = by_page.parse(await by_page.look_up(pointer.extra, last=False)).events
    assert (event.kind, event.external_id, event.surface) == (EventKind.MESSAGE, item, Surface.TAG)
    assert (event.text, event.sender.handle) == ("him.simulated Kordon'da lamba kırık", "ayse")
    assert (event.thread_id, event.replyable) == (pointer.thread_id, True)
    assert len(event.attachments) == in_caption
    assert event.dedup_key != pointer.dedup_key


async def test_by_instagram_login_a_person_sees_what_is_there(simulator, connector, webhook):
    simulator.connect_webhook(webhook.url)
    item = simulator.mention("ayse", "lamba kırık")
    event = await pushed(simulator, webhook, connector)
    assert (event.kind, event.external_id, event.replyable) == (EventKind.MESSAGE, item, False)
    assert Surface.TAG in FACTS.surfaces
    assert Surface.TAG not in FACTS_WITHOUT_PAGE.surfaces


async def test_what_is_refused_for_good_comes_without_words(by_page):
    """Comments closed or gone: a person looks."""
    pointer = {"media_id": "1790", "comment_id": "1800", "told_at": "2026-11-23T09:00:00+00:00"}
    (event,) = by_page.parse(await by_page.look_up(pointer, last=False)).events
    assert (event.kind, event.external_id, event.thread_id) == (EventKind.MESSAGE, "1800", "1790")
    assert (event.text, event.replyable, event.sent_at.hour) == ("", False, 9)


async def test_what_passes_is_tried_again_and_at_last_given_to_a_person(simulator, by_page):
    item = simulator.mention("ayse", "lamba kırık")
    pointer = {"media_id": "1790", "comment_id": item}
    simulator.fault("html", times=2)
    with pytest.raises(TransientError):
        await by_page.look_up(pointer, last=False)
    (event,) = by_page.parse(await by_page.look_up(pointer, last=True)).events
    assert (event.kind, event.external_id, event.text) == (EventKind.MESSAGE, item, "")


def test_our_own_mention_is_none(simulator, by_page):
    found = {"mentioned_comment": {"id": "1800", "text": "duyuru", "username": "him.simulated"}}
    body = {"data": [{"media_id": "1790", "comment_id": "1800", "found": found}]}
    (event,) = by_page.parse(json.dumps(body).encode()).events
    assert event.kind is EventKind.IGNORED


def answer_to(event):
    return OutboundMessage(
        reference="1",
        surface=Surface.TAG,
        recipient_id=event.sender.external_id,
        text="İM-1: ekibimiz yolda.",
        thread_id=event.thread_id,
        reply_to=event.external_id,
    )


@pytest.mark.parametrize("in_caption", [False, True])
async def test_it_is_answered_where_it_stands(simulator, by_page, webhook, in_caption):
    simulator.connect_webhook(webhook.url)
    item = simulator.mention("ayse", "lamba kırık", in_caption=in_caption)
    pointer = await pushed(simulator, webhook, by_page)
    (event,) = by_page.parse(await by_page.look_up(pointer.extra, last=False)).events
    result = await by_page.send(answer_to(event))
    (sent,) = [one for one in simulator.ledger.entries if one.what == "sent"]
    assert (sent.item, sent.reply_to, sent.text) == (*result.external_ids, item, "İM-1: ekibimiz yolda.")


async def test_nobody_can_look_such_an_answer_up(by_page, simulator, clock):
    item = simulator.mention("ayse", "lamba kırık")
    pointer = {"media_id": "1790", "comment_id": item}
    (event,) = by_page.parse(await by_page.look_up(pointer, last=False)).events
    with pytest.raises(OutcomeUnknownError):
        await by_page.check(answer_to(event), since=clock.now())


async def test_messages_go_by_the_pages_token_and_all_that_is_public_by_the_users(simulator, says, clock):
    simulator.server.user_token = "EAAGsimulatedUserToken"
    by_both = {"page_id": "153", "user_token": simulator.server.user_token}
    connector = PLATFORM.build(PLATFORM.settings(**{**simulator.account_settings(), **by_both}), clock)
    for stream in connector.facts.streams:
        await connector.poll(stream, "")
    await connector.look_up({"media_id": "1790", "comment_id": simulator.mention("ayse", "lamba")}, last=False)
    await connector.close()
    called = {path.rpartition("/")[2]: token for path, token in simulator.server.callers.items()}
    public = {name for name, token in called.items() if token == simulator.server.user_token}
    assert public == {"media", "tags", simulator.account_settings()["instagram_id"]}
    assert called.keys() - public == {"conversations"}
