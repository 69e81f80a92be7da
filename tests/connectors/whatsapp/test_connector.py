"""The connector against the simulated Cloud API: pushes, sending, receipts, each error."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from connectors.simulation import CitizenPost, Disorder
from connectors.whatsapp.connector import PLATFORM, WhatsAppConnector
from connectors.whatsapp.settings import WhatsAppSettings
from connectors.whatsapp.simulator import ACCESS_TOKEN, APP_SECRET, PHONE_NUMBER_ID, VERIFY_TOKEN, WhatsAppSimulator
from models.clock import ScaledClock, StillClock
from models.enums import AttachmentKind, DeliveryStatus, EventKind, Surface
from models.errors import (
    AccountPausedError,
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)
from models.messages import OutboundMessage
from tests.connectors.whatsapp.receiver import Receiver


def post(text: str = "Merhaba", *, author: str = "ayse", **options: Any) -> CitizenPost:
    return CitizenPost(author=author, name="Ayşe Yıldız", handle="ayse-y", surface=Surface.DIRECT, text=text, **options)


def answer(
    recipient: str, text: str = "Başvurunuz alındı.", *, reference: str = "41", reply_to: str = ""
) -> OutboundMessage:
    return OutboundMessage(
        reference=reference,
        surface=Surface.DIRECT,
        recipient_id=recipient,
        thread_id=recipient,
        reply_to=reply_to,
        text=text,
    )


async def citizen(simulator: WhatsAppSimulator) -> tuple[str, str]:
    """(user id, message id) of a citizen who has just written."""
    item = await simulator.write(post())
    return simulator.town.people["ayse"].user_id, item


def sent_texts(simulator: WhatsAppSimulator) -> list[str]:
    return [entry.text for entry in simulator.ledger.entries if entry.what == "sent"]


async def test_identify(connector: WhatsAppConnector) -> None:
    identity = await connector.identify()
    assert (identity.external_id, identity.name, identity.handle) == (
        PHONE_NUMBER_ID,
        "İzmir HİM",
        "+90 232 555 01 53",
    )


async def test_written_items_are_pushed_signed(simulator: WhatsAppSimulator, receiver: Receiver) -> None:
    items = [await simulator.write(post("Çöp alınmadı")), await simulator.write(post("Yol", author="can", photo=True))]
    await simulator.settle()
    assert {event.external_id for event in receiver.events} == set(items)
    by_id = {event.external_id: event for event in receiver.events}
    assert by_id[items[0]].text == "Çöp alınmadı"
    assert by_id[items[1]].attachments[0].kind is AttachmentKind.IMAGE
    assert {entry.item for entry in simulator.ledger.entries if entry.what == "served"} == set(items)
    authors = {entry.author for entry in simulator.ledger.entries if entry.what == "written"}
    assert authors == {event.sender.external_id for event in receiver.events if event.sender}
    assert b"\\u00c7" in b"".join(receiver.bodies)


async def test_pushes_are_repeated_until_taken(simulator: WhatsAppSimulator, receiver: Receiver) -> None:
    receiver.refusals = 3
    item = await simulator.write(post())
    await simulator.settle()
    assert [event.external_id for event in receiver.events] == [item]


@pytest.mark.parametrize("simulator", [Disorder(redeliver=0.5, delay=0.5, batch=0.8)], indirect=True)
async def test_batches_and_redelivery(simulator: WhatsAppSimulator, receiver: Receiver) -> None:
    items = [await simulator.write(post(f"{number}")) for number in range(60)]
    await simulator.settle()
    keys = [event.dedup_key for event in receiver.events]
    assert set(keys) == {f"message:{item}" for item in items}
    assert len(keys) > len(items)
    assert len(receiver.bodies) < len(keys)


async def test_every_kind_of_change_is_received(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, receiver: Receiver
) -> None:
    user_id, item = await citizen(simulator)
    person = simulator.town.people["ayse"]
    inner = {"type": "text", "text": {"body": "Düzelttim"}}
    simulator.change(person, {"type": "edit", "edit": {"original_message_id": item, "message": inner}})
    simulator.change(person, {"type": "reaction", "reaction": {"message_id": item, "emoji": "👍"}})
    simulator.change(person, {"type": "revoke", "revoke": {"original_message_id": item}})
    simulator.change(person, {"type": "system", "system": {"type": "user_changed_number", "wa_id": "905005559999"}})
    echo = simulator.answer_on_phone(person, "Ekip yolda.")
    await simulator.settle()
    kinds = {event.kind: event for event in receiver.events}
    assert set(kinds) == {
        EventKind.MESSAGE,
        EventKind.EDIT,
        EventKind.REACTION,
        EventKind.DELETE,
        EventKind.SYSTEM,
        EventKind.ECHO,
    }
    assert kinds[EventKind.EDIT].external_id == kinds[EventKind.DELETE].external_id == item
    assert (kinds[EventKind.ECHO].external_id, kinds[EventKind.ECHO].thread_id) == (echo, user_id)


async def test_a_send_is_followed_by_receipts_with_its_tag(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, receiver: Receiver
) -> None:
    user_id, item = await citizen(simulator)
    result = await connector.send(answer(user_id, reply_to=item))
    await simulator.settle()
    [entry] = [entry for entry in simulator.ledger.entries if entry.what == "sent"]
    assert (entry.item,) == result.external_ids
    assert (entry.recipient, entry.reply_to, entry.text) == (user_id, item, "Başvurunuz alındı.")
    receipts = [event for event in receiver.events if event.kind is EventKind.STATUS]
    assert {event.external_id for event in receipts} == set(result.external_ids)
    assert {event.reference for event in receipts} == {"41"}
    assert {event.status for event in receipts} >= {DeliveryStatus.SENT, DeliveryStatus.DELIVERED}
    assert {event.thread_id for event in receipts} == {user_id}


async def test_phones_and_user_ids_are_addressed(simulator: WhatsAppSimulator, connector: WhatsAppConnector) -> None:
    user_id, _ = await citizen(simulator)
    phone = simulator.town.people["ayse"].phone
    await connector.send(answer(user_id))
    await connector.send(answer(phone, reference="42"))
    requests = [body for body, _ in simulator.exchanges]
    assert (requests[0]["recipient"], "to" in requests[0]) == (user_id, False)
    assert (requests[1]["to"], "recipient" in requests[1]) == (f"+{phone}", False)
    recipients = {entry.recipient for entry in simulator.ledger.entries if entry.what == "sent"}
    assert recipients == {user_id}


async def test_long_texts_leave_in_numbered_pieces(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, receiver: Receiver
) -> None:
    user_id, item = await citizen(simulator)
    result = await connector.send(answer(user_id, "kaldırım " * 1000, reply_to=item))
    await simulator.settle()
    assert len(result.external_ids) == 3
    assert [text[-6:] for text in sent_texts(simulator)] == [" (1/3)", " (2/3)", " (3/3)"]
    assert [body.get("context") for body, _ in simulator.exchanges] == [{"message_id": item}, None, None]
    receipts = [event for event in receiver.events if event.kind is EventKind.STATUS]
    assert {event.reference for event in receipts} == {"41"}
    assert {event.extra["piece"] for event in receipts} == {"1/3", "2/3", "3/3"}


@pytest.mark.parametrize("code", [130429, 131000, 190])
async def test_a_fault_between_pieces_duplicates_nothing(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, code: int
) -> None:
    user_id, _ = await citizen(simulator)
    message = answer(user_id, "kaldırım " * 1000)
    simulator.refuse(code, after=1)
    with pytest.raises(ChannelError):
        await connector.send(message)
    result = await connector.send(message)
    assert [text[-6:] for text in sent_texts(simulator)] == [" (1/3)", " (2/3)", " (3/3)"]
    assert len(result.external_ids) == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("throttled", RateLimitedError),
        ("throttled_silently", RateLimitedError),
        ("html", OutcomeUnknownError),
        ("transient", TransientError),
        ("hang_up_before", OutcomeUnknownError),
        ("hang_up_after", OutcomeUnknownError),
        ("expired_token", ReauthoriseError),
    ],
)
async def test_faults_of_a_send(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, fault: str, error: type[ChannelError]
) -> None:
    user_id, _ = await citizen(simulator)
    simulator.fault(fault)
    with pytest.raises(error) as caught:
        await connector.send(answer(user_id))
    assert len(sent_texts(simulator)) == (1 if fault == "hang_up_after" else 0)
    shown = repr(caught.getrepr(chain=True)) + caught.value.detail
    assert ACCESS_TOKEN not in shown
    assert APP_SECRET not in shown


async def test_an_uncertain_send_is_told_by_its_tag(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, receiver: Receiver
) -> None:
    """Nobody can look it up, but the receipts of what was accepted carry our reference."""
    user_id, _ = await citizen(simulator)
    simulator.fault("hang_up_after")
    with pytest.raises(OutcomeUnknownError):
        await connector.send(answer(user_id))
    with pytest.raises(OutcomeUnknownError):
        await connector.check(answer(user_id), since=datetime(2026, 11, 22, tzinfo=UTC))
    await simulator.settle()
    assert "41" in {event.reference for event in receiver.events}


async def test_closed_window_and_unreachable_citizens_are_told_by_receipts(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, receiver: Receiver, clock: StillClock
) -> None:
    user_id, _ = await citizen(simulator)
    clock.advance(hours=25)
    await connector.send(answer(user_id, reference="late"))
    await connector.send(answer("905000000000", reference="stranger"))
    await simulator.settle()
    failed = {event.reference: event for event in receiver.events if event.status is DeliveryStatus.FAILED}
    assert failed["late"].extra == {"error_code": "131047"}
    assert failed["stranger"].extra == {"error_code": "131026"}


async def test_pair_limit() -> None:
    clock = ScaledClock(1)
    simulator = WhatsAppSimulator(clock)
    await simulator.start()
    connector = PLATFORM.build(WhatsAppSettings(**simulator.account_settings()), clock)
    user_id, _ = await citizen(simulator)
    for number in range(45):
        await connector.send(answer(user_id, reference=str(number)))
    with pytest.raises(RateLimitedError) as caught:
        await connector.send(answer(user_id, reference="46"))
    assert caught.value.code == "131056"
    await connector.close()
    await simulator.stop()


async def test_waits_for_one_citizen_grow(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, clock: StillClock
) -> None:
    user_id, _ = await citizen(simulator)
    waits = []
    for _ in range(3):
        simulator.refuse(131056)
        with pytest.raises(RateLimitedError) as caught:
            await connector.send(answer(user_id))
        assert caught.value.retry_at is not None
        waits.append((caught.value.retry_at - clock.now()).total_seconds())
    assert waits == [4, 16, 64]


async def test_throttling_says_when(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, clock: StillClock
) -> None:
    user_id, _ = await citizen(simulator)
    simulator.fault("throttled", minutes=7)
    with pytest.raises(RateLimitedError) as caught:
        await connector.send(answer(user_id))
    assert caught.value.retry_at == clock.now() + timedelta(minutes=7)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (131005, ReauthoriseError),
        (190, ReauthoriseError),
        (80007, RateLimitedError),
        (131048, RateLimitedError),
        (130429, RateLimitedError),
        (131000, TransientError),
        (131057, TransientError),
        (131047, WindowClosedError),
        (131026, ContactGoneError),
        (368, AccountPausedError),
        (131042, AccountPausedError),
        (131031, AccountPausedError),
        (100, RequestRefusedError),
        (131062, RequestRefusedError),
        (132001, RequestRefusedError),
        (999999, RequestRefusedError),
    ],
)
async def test_codes(
    simulator: WhatsAppSimulator, connector: WhatsAppConnector, code: int, error: type[ChannelError]
) -> None:
    user_id, _ = await citizen(simulator)
    simulator.refuse(code)
    with pytest.raises(error) as caught:
        await connector.send(answer(user_id))
    assert caught.value.code == str(code)


async def test_requests_that_are_wrong(simulator: WhatsAppSimulator, connector: WhatsAppConnector) -> None:
    user_id, _ = await citizen(simulator)
    for message in (answer(user_id, " "), answer("@ayse")):
        with pytest.raises(RequestRefusedError):
            await connector.send(message)
    with pytest.raises(RequestRefusedError):
        await connector.poll("messages", "")


async def test_wrong_token(simulator: WhatsAppSimulator, clock: StillClock) -> None:
    settings = WhatsAppSettings(**simulator.account_settings() | {"access_token": "EAAother"})
    connector = PLATFORM.build(settings, clock)
    with pytest.raises(ReauthoriseError):
        await connector.identify()
    await connector.close()


async def test_unreachable_host_sent_nothing(simulator: WhatsAppSimulator, clock: StillClock) -> None:
    settings = WhatsAppSettings(**simulator.account_settings() | {"base_url": "http://127.0.0.1:9"})
    connector = PLATFORM.build(settings, clock)
    with pytest.raises(TransientError):
        await connector.send(answer("TR.1"))
    await connector.close()


async def test_media_is_found_by_its_id_for_five_minutes(
    simulator: WhatsAppSimulator, receiver: Receiver, connector: WhatsAppConnector, clock: StillClock
) -> None:
    await simulator.write(post(photo=True))
    await simulator.settle()
    media_id = receiver.events[0].attachments[0].external_id
    described = (await connector._client._graph.get(media_id)).json
    bearer = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
    async with aiohttp.ClientSession() as session:
        async with session.get(described["url"]) as refused:
            assert refused.status == 401
        async with session.get(described["url"], headers=bearer) as found:
            assert (found.status, len(await found.read())) == (200, int(described["file_size"]))
        clock.advance(minutes=6)
        async with session.get(described["url"], headers=bearer) as late:
            assert late.status == 404


def test_handshake_and_signature(clock: StillClock) -> None:
    settings = WhatsAppSettings(
        phone_number_id="1", waba_id="2", access_token="a", app_secret=APP_SECRET, verify_token=VERIFY_TOKEN
    )
    connector = PLATFORM.build(settings, clock)
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY_TOKEN}
    assert connector.handshake(query) == "1158201444"
    assert connector.handshake({**query, "hub.verify_token": "x"}) is None
    assert not connector.verify({"x-hub-signature-256": "sha256=00"}, b"{}")
    assert not connector.verify({}, b"{}")


def test_secrets_stay_out_of_representations(simulator: WhatsAppSimulator) -> None:
    settings = WhatsAppSettings(**simulator.account_settings())
    assert not any(secret in repr(settings) for secret in (ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN))
    assert set(settings.secret_values()) == {"access_token", "app_secret", "verify_token"}
