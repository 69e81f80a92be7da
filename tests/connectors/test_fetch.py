"""Every connector brings the files that its simulated citizens send."""

import json
from typing import Any

import pytest

from bots.demo import SIMULATORS
from connectors.registry import PLATFORMS
from connectors.simulation import CitizenPost
from models.clock import StillClock
from models.enums import AttachmentKind, ChannelName, EventKind, Surface
from models.errors import RequestRefusedError
from models.messages import Attachment, ChannelEvent
from models.ports import Connector

LARGE = 1_000_000
PHOTO = CitizenPost(author="ayse", name="Ayşe", handle="ayse", text="bakın", surface=Surface.DIRECT, photo=True)


async def sent_with_photo(simulator: Any, connector: Connector, clock: StillClock) -> ChannelEvent:
    """The citizen's message as polled, or as the simulator would push it."""
    item = await simulator.write(PHOTO)
    clock.advance(minutes=2)
    if simulator.channel is ChannelName.WHATSAPP:
        body = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages"}]}]}
        body["entry"][0]["changes"][0]["value"] = simulator.pushed[-1]  # type: ignore[index]
        return connector.parse(_json(body)).events[0]
    for stream in connector.facts.streams:
        cursor, more = "", True
        while more:
            page = await connector.poll(stream, cursor)
            cursor, more = page.cursor, page.more
            for event in connector.parse(page.payload, stream=stream).events:
                if event.kind is EventKind.MESSAGE and event.external_id == item:
                    return event
            clock.advance(seconds=61)
    raise AssertionError("the message did not come")


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize("make", SIMULATORS, ids=lambda one: str(one.channel))
async def test_photos_are_fetched(make: Any, clock: StillClock) -> None:
    """Half an hour later, too: addresses that die in minutes are asked for anew."""
    simulator = make(clock)
    await simulator.start()
    platform = PLATFORMS[simulator.channel]
    connector = platform.build(platform.settings(**simulator.account_settings()), clock)
    try:
        event = await sent_with_photo(simulator, connector, clock)
        photo = next(one for one in event.attachments if one.kind is AttachmentKind.IMAGE)
        clock.advance(minutes=30)
        data = await connector.fetch(photo, most=LARGE)
        assert data.startswith(b"\xff\xd8\xff")
        with pytest.raises(RequestRefusedError):
            await connector.fetch(photo, most=20)
        with pytest.raises(RequestRefusedError):
            await connector.fetch(Attachment(kind=AttachmentKind.IMAGE), most=LARGE)
    finally:
        await connector.close()
        await simulator.stop()


async def test_the_bots_token_is_in_no_log(clock: StillClock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    make = next(one for one in SIMULATORS if one.channel is ChannelName.TELEGRAM)
    simulator = make(clock)
    await simulator.start()
    platform = PLATFORMS[simulator.channel]
    settings = simulator.account_settings()
    connector = platform.build(platform.settings(**settings), clock)
    try:
        event = await sent_with_photo(simulator, connector, clock)
        simulator.chats.files.clear()
        with pytest.raises(RequestRefusedError) as caught:
            await connector.fetch(event.attachments[0], most=LARGE)
        assert settings["token"] not in str(caught.value)
        assert settings["token"].partition(":")[2] not in caplog.text
    finally:
        await connector.close()
        await simulator.stop()
