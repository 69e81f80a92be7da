"""The connector against the simulated Bot API: polling, confirmation, sending, each error."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from connectors.simulation import CitizenPost, Disorder
from connectors.telegram.connector import PLATFORM, TelegramConnector
from connectors.telegram.facts import CHAT_PAUSE
from connectors.telegram.settings import TelegramSettings
from connectors.telegram.simulator import BOT_ID, TOKEN, TelegramSimulator
from models.clock import ScaledClock, StillClock
from models.enums import AttachmentKind, EventKind, Surface
from models.errors import (
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
)
from models.messages import ChannelEvent, OutboundMessage, Page
from models.ports import Connector


def post(text: str = "Merhaba", *, author: str = "ayse", photo: bool = False) -> CitizenPost:
    return CitizenPost(
        author=author, name="Ayşe Yıldız", handle="ayse-y", surface=Surface.DIRECT, text=text, photo=photo
    )


def answer(item: str, text: str = "Başvurunuz alındı.", *, reference: str = "1") -> OutboundMessage:
    chat = item.split(":")[1]
    return OutboundMessage(
        reference=reference, surface=Surface.DIRECT, recipient_id=chat, thread_id=chat, reply_to=item, text=text
    )


async def events(connector: Connector, cursor: str = "") -> tuple[list[ChannelEvent], Page]:
    page = await connector.poll("updates", cursor)
    parsed = connector.parse(page.payload, stream="updates")
    assert not parsed.problems
    return list(parsed.events), page


async def test_identify(connector: TelegramConnector) -> None:
    identity = await connector.identify()
    assert (identity.external_id, identity.handle) == (str(BOT_ID), "him_deneme_bot")


async def test_written_items_come_as_the_parser_names_them(
    simulator: TelegramSimulator, connector: TelegramConnector
) -> None:
    items = [await simulator.write(post("bir")), await simulator.write(post("iki", author="can", photo=True))]
    found, page = await events(connector)
    assert [event.external_id for event in found] == items
    assert [event.text for event in found] == ["bir", "iki"]
    assert found[1].attachments[0].kind is AttachmentKind.IMAGE
    assert not page.more
    assert [entry.item for entry in simulator.ledger.entries if entry.what == "served"] == items


async def test_updates_are_confirmed_only_by_their_cursor(
    simulator: TelegramSimulator, connector: TelegramConnector
) -> None:
    """A page that was not stored, so that the old cursor comes back, is served again."""
    await simulator.write(post())
    first, page = await events(connector)
    again, page_again = await events(connector)
    assert [event.dedup_key for event in again] == [event.dedup_key for event in first]
    assert len(simulator.updates) == 1
    none, empty = await events(connector, page_again.cursor)
    assert (none, empty.empty, empty.cursor) == ([], True, page.cursor)
    assert len(simulator.updates) == 0


async def test_walk_over_pages_with_a_crash_in_the_middle(
    simulator: TelegramSimulator, connector: TelegramConnector, clock: StillClock
) -> None:
    items = [await simulator.write(post(f"{number}")) for number in range(230)]
    stored, page = await events(connector)
    assert page.more
    lost, _ = await events(connector, page.cursor)
    assert len(lost) == 100
    restarted = PLATFORM.build(TelegramSettings(**simulator.account_settings()), clock)
    cursor, more = page.cursor, True
    while more:
        found, page = await events(restarted, cursor)
        stored, cursor, more = stored + found, page.cursor, page.more
    await restarted.close()
    assert {event.external_id for event in stored} == set(items)
    assert len({event.dedup_key for event in stored}) == 230


async def test_numbering_may_start_anew_after_an_idle_week(
    simulator: TelegramSimulator, connector: TelegramConnector, clock: StillClock
) -> None:
    await simulator.write(post())
    _, page = await events(connector)
    _, page = await events(connector, page.cursor)
    clock.advance(days=9)
    for _ in range(5):
        item = await simulator.write(post())
        found, page = await events(connector, page.cursor)
        assert [event.external_id for event in found] == [item]
        await events(connector, page.cursor)
        clock.advance(days=9)


async def test_a_poll_waits_for_the_next_message() -> None:
    clock = ScaledClock(60)
    simulator = TelegramSimulator(clock)
    await simulator.start()
    settings = TelegramSettings(**simulator.account_settings(), poll_timeout=50)
    connector = PLATFORM.build(settings, clock)
    waiting = asyncio.create_task(events(connector))
    while simulator.updates.allowed is None:
        await asyncio.sleep(0)
    item = await simulator.write(post())
    found, _ = await waiting
    assert [event.external_id for event in found] == [item]
    await connector.close()
    await simulator.stop()


async def test_a_second_poller_ends_the_first() -> None:
    clock = ScaledClock(60)
    simulator = TelegramSimulator(clock)
    await simulator.start()
    settings = TelegramSettings(**simulator.account_settings(), poll_timeout=50)
    first, second = (PLATFORM.build(settings, clock) for _ in range(2))
    waiting = asyncio.create_task(first.poll("updates", ""))
    while simulator.updates.allowed is None:
        await asyncio.sleep(0)
    assert (await second.poll("updates", "")).empty
    with pytest.raises(TransientError) as caught:
        await waiting
    assert caught.value.code == "409"
    await first.close()
    await second.close()
    await simulator.stop()


async def test_redelivered_updates_do_not_turn_the_offset_back(clock: StillClock) -> None:
    simulator = TelegramSimulator(clock, disorder=Disorder(redeliver=1.0))
    await simulator.start()
    connector = PLATFORM.build(TelegramSettings(**simulator.account_settings()), clock)
    cursor, seen = "", []
    for number in range(4):
        await simulator.write(post(f"{number}"))
        found, page = await events(connector, cursor)
        seen += [event.dedup_key for event in found]
        cursor = page.cursor
    await connector.close()
    await simulator.stop()
    assert len(set(seen)) == 4
    assert len(seen) == 1 + 2 + 3 + 4


async def test_edits_buttons_and_blocks_are_received(
    simulator: TelegramSimulator, connector: TelegramConnector
) -> None:
    item = await simulator.write(post())
    person = simulator.chats.person("ayse")
    sent = await connector.send(answer(item))
    simulator.edit(person, 1, text="Merhaba, düzelttim")
    simulator.press(person, int(sent.external_ids[0].split(":")[-1]), "evet")
    simulator.block(person)
    found, _ = await events(connector)
    assert [event.kind for event in found] == [
        EventKind.MESSAGE,
        EventKind.EDIT,
        EventKind.MESSAGE,
        EventKind.SYSTEM,
    ]
    assert found[1].external_id == item
    assert (found[2].text, found[2].reply_to) == ("evet", sent.external_ids[0])


async def test_send_answers_the_message(simulator: TelegramSimulator, connector: TelegramConnector) -> None:
    item = await simulator.write(post())
    result = await connector.send(answer(item))
    [entry] = [entry for entry in simulator.ledger.entries if entry.what == "sent"]
    assert (entry.item,) == result.external_ids
    assert (entry.reply_to, entry.recipient, entry.text) == (item, item.split(":")[1], "Başvurunuz alındı.")


async def test_send_answers_a_pressed_button_and_a_vanished_message(
    simulator: TelegramSimulator, connector: TelegramConnector
) -> None:
    item = await simulator.write(post())
    bot, chat, _ = item.split(":")
    for reply_to in (f"{bot}:{chat}:callback:31355123456789", f"{bot}:{chat}:999"):
        await connector.send(
            answer(item).__class__(
                reference=reply_to, surface=Surface.DIRECT, recipient_id=chat, reply_to=reply_to, text="Teşekkürler."
            )
        )
    assert [entry.reply_to for entry in simulator.ledger.entries if entry.what == "sent"] == ["", ""]


async def test_long_texts_leave_in_numbered_pieces(
    simulator: TelegramSimulator, connector: TelegramConnector, clock: StillClock
) -> None:
    item = await simulator.write(post())
    before = clock.now()
    result = await connector.send(answer(item, "çukur 🚧 " * 1500))
    texts = [entry.text for entry in simulator.ledger.entries if entry.what == "sent"]
    assert len(result.external_ids) == len(texts) == 4
    assert [text[-6:] for text in texts] == [" (1/4)", " (2/4)", " (3/4)", " (4/4)"]
    assert clock.now() - before == timedelta(seconds=3 * CHAT_PAUSE)


@pytest.mark.parametrize("fault", ["throttled", "throttled_silently", "html", "transient", "expired_token"])
async def test_a_fault_between_pieces_duplicates_nothing(
    simulator: TelegramSimulator, connector: TelegramConnector, fault: str
) -> None:
    item = await simulator.write(post())
    message = answer(item, "kaldırım " * 1000)
    simulator.fault(fault, path="sendMessage", after=1)
    with pytest.raises(ChannelError):
        await connector.send(message)
    result = await connector.send(message)
    sent = [entry for entry in simulator.ledger.entries if entry.what == "sent"]
    assert [entry.text[-6:] for entry in sent] == [" (1/3)", " (2/3)", " (3/3)"]
    assert tuple(entry.item for entry in sent) == result.external_ids


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("throttled", RateLimitedError),
        ("throttled_silently", RateLimitedError),
        ("html", TransientError),
        ("transient", TransientError),
        ("hang_up_before", OutcomeUnknownError),
        ("hang_up_after", OutcomeUnknownError),
        ("expired_token", ReauthoriseError),
    ],
)
async def test_faults_of_a_send(
    simulator: TelegramSimulator, connector: TelegramConnector, fault: str, error: type[ChannelError]
) -> None:
    item = await simulator.write(post())
    simulator.fault(fault, path="sendMessage")
    with pytest.raises(error) as caught:
        await connector.send(answer(item))
    sent = [entry for entry in simulator.ledger.entries if entry.what == "sent"]
    assert len(sent) == (1 if fault == "hang_up_after" else 0)
    assert TOKEN.split(":")[1] not in repr(caught.getrepr(chain=True))


async def test_rate_limit_says_when(
    simulator: TelegramSimulator, connector: TelegramConnector, clock: StillClock
) -> None:
    item = await simulator.write(post())
    simulator.fault("throttled", seconds=17)
    with pytest.raises(RateLimitedError) as caught:
        await connector.send(answer(item))
    assert caught.value.retry_at == clock.now() + timedelta(seconds=17)
    simulator.fault("throttled_silently")
    with pytest.raises(RateLimitedError) as caught:
        await connector.send(answer(item))
    assert caught.value.retry_at is None


async def test_the_limit_of_a_chat_counts_in_the_clock(
    simulator: TelegramSimulator, connector: TelegramConnector, clock: StillClock
) -> None:
    item = await simulator.write(post())
    for number in range(5):
        await connector.send(answer(item, reference=str(number)))
    with pytest.raises(RateLimitedError) as caught:
        await connector.send(answer(item, reference="6"))
    assert caught.value.retry_at is not None
    clock.advance(seconds=(caught.value.retry_at - clock.now()).total_seconds())
    await connector.send(answer(item, reference="6"))


@pytest.mark.parametrize("fault", ["throttled", "html", "hang_up_before", "hang_up_after", "expired_token"])
async def test_faults_of_a_poll_lose_nothing(
    simulator: TelegramSimulator, connector: TelegramConnector, fault: str
) -> None:
    item = await simulator.write(post())
    simulator.fault(fault, path="getUpdates")
    with pytest.raises(ChannelError) as caught:
        await connector.poll("updates", "")
    assert not isinstance(caught.value, OutcomeUnknownError)
    assert [event.external_id for event in (await events(connector))[0]] == [item]


async def test_contacts_that_are_gone(simulator: TelegramSimulator, connector: TelegramConnector) -> None:
    item = await simulator.write(post())
    simulator.block(simulator.chats.person("ayse"))
    with pytest.raises(ContactGoneError):
        await connector.send(answer(item))
    with pytest.raises(ContactGoneError):
        await connector.send(answer(f"{BOT_ID}:123:1"))


async def test_requests_that_are_wrong(simulator: TelegramSimulator, connector: TelegramConnector) -> None:
    item = await simulator.write(post())
    with pytest.raises(RequestRefusedError):
        await connector.send(answer(item, " "))
    with pytest.raises(RequestRefusedError):
        await connector.send(answer(f"{BOT_ID}:@kanal:1"))
    with pytest.raises(RequestRefusedError):
        await connector.poll("mentions", "")


@pytest.mark.parametrize("token", ["7153000153:AAwrongWRONGwrongWRONGwrongWRONGwrong", "12:short"])
async def test_wrong_token(simulator: TelegramSimulator, clock: StillClock, token: str) -> None:
    connector = PLATFORM.build(TelegramSettings(**simulator.account_settings() | {"token": token}), clock)
    for call in (connector.identify(), connector.poll("updates", "")):
        with pytest.raises(ReauthoriseError):
            await call
    await connector.close()


async def test_second_poller_and_webhook_are_a_conflict(
    simulator: TelegramSimulator, connector: TelegramConnector
) -> None:
    await simulator.write(post())
    await connector.poll("updates", "")
    simulator.webhook["url"] = "https://him.example/webhooks/telegram"
    with pytest.raises(TransientError) as caught:
        await connector.poll("updates", "")
    assert caught.value.code == "409"


async def test_unreachable_host_sent_nothing(clock: StillClock) -> None:
    settings = TelegramSettings(token=TOKEN, base_url="http://127.0.0.1:9")
    connector = PLATFORM.build(settings, clock)
    with pytest.raises(TransientError):
        await connector.send(answer(f"{BOT_ID}:5:1"))
    await connector.close()


async def test_nobody_can_look_a_send_up(connector: TelegramConnector) -> None:
    with pytest.raises(OutcomeUnknownError):
        await connector.check(answer(f"{BOT_ID}:5:1"), since=datetime(2026, 11, 22, tzinfo=UTC))


async def test_token_stays_out_of_logs_and_representations(
    simulator: TelegramSimulator, connector: TelegramConnector, caplog: pytest.LogCaptureFixture
) -> None:
    secret = TOKEN.split(":")[1]
    with caplog.at_level(logging.INFO):
        await connector.identify()
    assert "getMe" in caplog.text
    assert secret not in caplog.text
    assert secret not in repr(TelegramSettings(**simulator.account_settings()))


async def test_webhook_secret(clock: StillClock) -> None:
    settings = TelegramSettings(token=TOKEN, webhook_secret="gizli")
    connector = PLATFORM.build(settings, clock)
    header = "x-telegram-bot-api-secret-token"
    assert connector.verify({header: "gizli"}, b"{}")
    assert not connector.verify({header: "baska"}, b"{}")
    assert not connector.verify({}, b"{}")
    assert not PLATFORM.build(TelegramSettings(token=TOKEN), clock).verify({header: ""}, b"{}")
    assert connector.handshake({}) is None
    await connector.close()
