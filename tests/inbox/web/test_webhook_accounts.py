"""Several accounts of one channel at one address: each part of a push is the account's that it names, no other's."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import httpx
import pytest
from sqlmodel import select

from bots.queues.local import LocalBus, LocalQueue
from connectors.base import AccountSettings
from connectors.registry import PLATFORMS
from inbox.services import rereading
from inbox.services.readers import read_stored
from inbox.web.app import create_app
from inbox.web.desk import Desk
from inbox.web.pushes import LEFT_BEHIND, PushLine
from models.clock import StillClock
from models.db import Database
from models.enums import ChannelName, DeliveryState
from models.errors import ConflictError
from models.profile import Profile
from models.tables import Account, Delivery, Event, Message
from tests.builders import set_up
from tests.conftest import NOW

SECRET = "s" * 32
META = {"access_token": "t", "app_secret": SECRET, "verify_token": "v"}
FIRST, SECOND, STRANGER = "111", "222", "333"
SETTINGS: dict[ChannelName, Sequence[Mapping[str, str]]] = {
    ChannelName.INSTAGRAM: [
        {**META, "instagram_id": FIRST, "username": "ilk", "page_id": "9"},
        {**META, "instagram_id": SECOND, "username": "ikinci"},
    ],
    ChannelName.FACEBOOK: [{**META, "page_id": FIRST}, {**META, "page_id": SECOND}],
    ChannelName.WHATSAPP: [
        {**META, "phone_number_id": FIRST, "waba_id": "7"},
        {**META, "phone_number_id": SECOND, "waba_id": "7"},
    ],
    ChannelName.TELEGRAM: [
        {"token": f"{FIRST}:a", "webhook_secret": "birinci"},
        {"token": f"{SECOND}:b", "webhook_secret": "ikinci"},
    ],
}


class Place:
    """One channel with two accounts, and its address."""

    def __init__(self, desk: Desk, channel: ChannelName) -> None:
        self.desk, self.channel, self.pushes = desk, channel, PushLine(desk)

    async def push(self, body: Any, *, secret: str = SECRET) -> Delivery:
        """What became of a body, once it was read."""
        app = create_app(self.desk)
        app.state.pushes = self.pushes
        raw = json.dumps(body).encode()
        signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "X-Telegram-Bot-Api-Secret-Token": secret}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
            answer = await client.post(f"/webhooks/{self.channel}", content=raw, headers=headers)
        assert answer.status_code == 200
        await self.pushes.settled()
        return await self.delivery()

    async def delivery(self) -> Delivery:
        async with self.desk.database.read() as session:
            return (await session.exec(select(Delivery).order_by(Delivery.id.desc()))).first()  # type: ignore[return-value]

    async def read_again(self, delivery: Delivery) -> None:
        async with self.desk.database.write() as session:
            await rereading.reread(session, delivery.id or 0, partial(read_stored, self.desk.connectors))

    async def events(self) -> set[tuple[int, str, str]]:
        async with self.desk.database.read() as session:
            return {(one.account_id, one.kind.value, one.external_id) for one in await session.exec(select(Event))}

    async def messages(self) -> list[str]:
        async with self.desk.database.read() as session:
            return list((await session.exec(select(Message.external_id).order_by(Message.id))).all())


@pytest.fixture
async def place(
    sqlite_database: Database, clock: StillClock, profile: Profile, request: pytest.FixtureRequest
) -> Place:
    channel: ChannelName = request.param
    desk = Desk(database=sqlite_database, clock=clock, profile=profile, queue=LocalQueue(), bus=LocalBus())
    await set_up(sqlite_database, NOW, ChannelName.TWITTER)
    for values in SETTINGS[channel]:
        settings: AccountSettings = PLATFORMS[channel].settings(**values)
        async with sqlite_database.write() as session:
            account = Account(channel=channel, external_id=settings.account_id, name="x", created_at=NOW)
            session.add(account)
            await session.flush()
        desk.connectors[account.id or 0] = PLATFORMS[channel].build(settings, clock)
    return Place(desk, channel)


def on(*channels: ChannelName) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("place", channels, indirect=True)


def change(account: str, field: str, value: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": account, "time": 1795424400, "changes": [{"field": field, "value": value}]}


def message(account: str, sender: str, mid: str) -> dict[str, Any]:
    item = {"sender": {"id": sender}, "recipient": {"id": account}, "timestamp": 1795424400000}
    return {"id": account, "time": 1795424400000, "messaging": [{**item, "message": {"mid": mid, "text": "su yok"}}]}


@on(ChannelName.INSTAGRAM)
async def test_instagram_reads_each_entry_as_its_own_account(place: Place) -> None:
    """Our own user name, and whether mentions can be looked up, differ by account."""
    entries = [
        change(
            SECOND, "comments", {"id": "c1", "text": "bizden", "from": {"username": "ikinci"}, "media": {"id": "m"}}
        ),
        change(SECOND, "comments", {"id": "c2", "text": "onlar", "from": {"username": "ilk"}, "media": {"id": "m"}}),
        change(FIRST, "comments", {"id": "c3", "text": "biz", "from": {"username": "ilk"}, "media": {"id": "m"}}),
        change(FIRST, "mentions", {"media_id": "m9", "comment_id": "c4"}),
        change(SECOND, "mentions", {"media_id": "m9", "comment_id": "c5"}),
        message(SECOND, FIRST, "d1"),
        change(STRANGER, "comments", {"id": "c6", "text": "kime?", "from": {"id": "5"}, "media": {"id": "m"}}),
    ]
    told = await place.push({"object": "instagram", "entry": entries})
    assert await place.events() == {
        (3, "echo", "c1"),
        (3, "message", "c2"),
        (2, "echo", "c3"),
        (2, "pointer", "c4"),
        (3, "message", "c5"),
        (3, "message", "d1"),
    }
    assert (told.state, told.problem) == (DeliveryState.PARTIAL, "1 events name no account that is set up here")


@on(ChannelName.FACEBOOK)
async def test_a_page_keeps_what_its_entry_names(place: Place) -> None:
    comment = {"item": "comment", "verb": "add", "message": "su yok", "created_time": 1795424400}
    entries = [
        change(one, "feed", {**comment, "comment_id": f"{one}_1", "post_id": f"{one}_0", "from": {"id": SECOND}})
        for one in (FIRST, SECOND, STRANGER)
    ]
    told = await place.push({"object": "page", "entry": [*entries, message(SECOND, FIRST, "d1")]})
    assert await place.events() == {(2, "message", "111_1"), (3, "echo", "222_1"), (3, "message", "d1")}
    assert told.state is DeliveryState.PARTIAL


def change_of_number(number: str, wamid: str) -> dict[str, Any]:
    said = {"from": "905550000001", "id": wamid, "timestamp": "1795424400", "type": "text", "text": {"body": "su yok"}}
    metadata = {"metadata": {"phone_number_id": number}} if number else {}
    return change("7", "messages", {"messaging_product": "whatsapp", **metadata, "messages": [said]})


@on(ChannelName.WHATSAPP)
async def test_a_message_that_names_no_number_is_nobodys_where_there_are_two(place: Place) -> None:
    """A notice on which nobody acts tells no administrator anything."""
    numbers = (FIRST, SECOND, "")
    body = {
        "object": "whatsapp_business_account",
        "entry": [change_of_number(one, f"wamid.{one}") for one in numbers],
    }
    told = await place.push(body)
    assert await place.events() == {(2, "message", "wamid.111"), (3, "message", "wamid.222")}
    assert (told.state, told.problem) == (DeliveryState.PARTIAL, "1 events name no account that is set up here")
    template = change("7", "message_template_status_update", {"event": "APPROVED"})
    assert (await place.push({**body, "entry": [template]})).state is DeliveryState.PARSED


def update(number: int) -> dict[str, Any]:
    chat = {"id": 5, "type": "private", "first_name": "Ayşe"}
    person = {"id": 5, "is_bot": False, "first_name": "Ayşe"}
    said = {"message_id": number, "date": 1795424400, "chat": chat, "from": person, "text": "su yok"}
    return {"update_id": number, "message": said}


@on(ChannelName.TELEGRAM)
async def test_a_bots_push_is_its_own_whoever_reads_it(
    place: Place, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram's updates name no bot: its secret tells, also after the process that took the push is gone."""
    await place.push(update(1), secret="birinci")
    with monkeypatch.context() as patched:
        patched.setattr(PushLine, "_read_soon", lambda _: None)
        await place.push(update(2), secret="birinci")
        await place.push(update(3), secret="ikinci")
    clock.advance(seconds=LEFT_BEHIND.total_seconds() + 1)
    heir = PushLine(place.desk)
    await heir.take_left()
    await heir.settled()
    assert await place.messages() == ["111:5:1", "111:5:2", "222:5:3"]


@on(ChannelName.TELEGRAM)
async def test_what_is_left_of_a_bot_that_was_taken_off_waits_for_it(
    place: Place, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another bot never reads it."""
    with monkeypatch.context() as patched:
        patched.setattr(PushLine, "_read_soon", lambda _: None)
        kept = await place.push(update(1), secret="ikinci")
    bot = place.desk.connectors.pop(kept.account_id or 0)
    clock.advance(seconds=LEFT_BEHIND.total_seconds() + 1)
    heir = PushLine(place.desk)
    await heir.take_left()
    await heir.settled()
    assert (await place.messages(), (await place.delivery()).state) == ([], DeliveryState.UNREADABLE)
    with pytest.raises(ConflictError):
        await place.read_again(kept)
    place.desk.connectors[kept.account_id or 0] = bot
    await place.read_again(kept)
    assert await place.messages() == ["222:5:1"]


@on(ChannelName.TELEGRAM)
async def test_what_could_not_be_read_is_read_again_as_its_bot(place: Place) -> None:
    kept = await place.push([1], secret="ikinci")
    assert kept.state is DeliveryState.UNREADABLE
    async with place.desk.database.write() as session:
        mended = await session.get_one(Delivery, kept.id)
        mended.body = json.dumps(update(4)).encode()
    await place.read_again(kept)
    assert await place.messages() == ["222:5:4"]


@on(ChannelName.TELEGRAM)
async def test_bots_that_share_a_secret_take_nothing_for_each_other(place: Place, clock: StillClock) -> None:
    platform = PLATFORMS[ChannelName.TELEGRAM]
    same = {**SETTINGS[ChannelName.TELEGRAM][1], "webhook_secret": "birinci"}
    place.desk.connectors[3] = platform.build(platform.settings(**same), clock)
    told = await place.push(update(1), secret="birinci")
    assert (told.state, await place.events()) == (DeliveryState.UNREADABLE, set())
