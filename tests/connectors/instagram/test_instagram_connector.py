import json

import pytest

from connectors.instagram.parse import parse
from connectors.instagram.simulator import ACCESS_TOKEN, ACCOUNT, VERIFY_TOKEN, InstagramSimulator
from connectors.simulation import Disorder
from models.enums import EventKind, Surface
from models.errors import (
    ContactGoneError,
    InputError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)
from models.messages import OutboundMessage


def answer_to(event, text="Başvurunuz HİM-2026-0000001 numarasıyla alındı.", **more):
    return OutboundMessage(
        reference=more.pop("reference", "outbox-1"),
        surface=event.surface,
        recipient_id=event.sender.external_id,
        text=text,
        thread_id=event.thread_id,
        reply_to=event.external_id,
        **more,
    )


def messages(events):
    return [event.external_id for event in events if event.kind is EventKind.MESSAGE]


def sent(simulator):
    return [entry for entry in simulator.ledger.entries if entry.what == "sent"]


def stream_of(surface):
    return "conversations" if surface is Surface.DIRECT else "comments"


async def test_identity(connector):
    identity = await connector.identify()
    assert (identity.external_id, identity.handle) == (ACCOUNT.id, ACCOUNT.handle)


async def test_unknown_stream(connector):
    with pytest.raises(InputError):
        await connector.poll("feed", "")


async def test_comment_walk_over_media_comments_and_replies(simulator, connector, clock, says, walk):
    written = []
    for number in range(30):
        written.append(await simulator.write(says(f"Yorum {number}", thread=f"duyuru-{number}")))
    for number in range(120):
        written.append(await simulator.write(says(f"Uzun {number}", author=f"kişi-{number}", thread="kalabalık")))
    for number in range(130):
        written.append(await simulator.write(says(f"Cevap {number}", author="çok-yazan", thread="sohbet")))
        clock.advance(seconds=1)
    events, cursor, count = await walk(connector, "comments")
    assert sorted(messages(events)) == sorted(written)
    assert count > 5
    again, _, _ = await walk(connector, "comments", cursor)
    assert not again


async def test_crash_in_the_middle_skips_nothing(simulator, connector, second_connector, clock, says, walk):
    written = [
        await simulator.write(says(f"Yorum {number}", author=f"kişi-{number}", thread="kalabalık"))
        for number in range(170)
    ]
    first = await connector.poll("comments", "")
    assert (await connector.poll("comments", first.cursor)).more
    clock.advance(seconds=40)
    written.append(await simulator.write(says("Arada yazılan", author="geç-gelen", thread="kalabalık")))
    seen = messages(connector.parse(first.payload, stream="comments").events)
    rest, cursor, _ = await walk(second_connector, "comments", first.cursor)  # the second page was never stored
    later, _, _ = await walk(second_connector, "comments", cursor)
    await second_connector.close()
    assert sorted({*seen, *messages(rest), *messages(later)}) == sorted(written)


async def test_reply_to_an_old_comment_is_found(simulator, connector, clock, says, walk):
    await simulator.write(says("İlk yorum"))
    _, cursor, _ = await walk(connector, "comments")
    clock.advance(days=2)
    late = await simulator.write(says("Hâlâ bekliyorum"))
    (event,), _, _ = await walk(connector, "comments", cursor)
    assert event.external_id == late
    assert event.reply_to


async def test_unchanged_list_gives_an_empty_page(simulator, connector, clock, says, walk):
    await simulator.write(says("Çukur var"))
    _, cursor, _ = await walk(connector, "comments")
    for _ in range(3):
        clock.advance(minutes=3)
        page = await connector.poll("comments", cursor)
        assert page.empty
        assert not page.more
        cursor = page.cursor


async def test_first_start_looks_back_only_so_far(simulator, connector, clock, says, walk):
    await simulator.write(says("Eski yorum"))
    await simulator.write(says("Eski mesaj", surface=Surface.DIRECT))
    clock.advance(hours=30)
    new = await simulator.write(says("Yeni yorum"))
    comments, _, _ = await walk(connector, "comments")
    direct, _, _ = await walk(connector, "conversations")
    assert messages(comments) == [new]
    assert not direct


async def test_conversations_walk(simulator, connector, clock, says, walk):
    written = []
    for number in range(60):
        written.append(await simulator.write(says(f"M {number}", author=f"k-{number % 30}", surface=Surface.DIRECT)))
        clock.advance(seconds=1)
    events, cursor, count = await walk(connector, "conversations")
    assert sorted(messages(events)) == sorted(written)
    assert count == 2
    clock.advance(minutes=1)
    last = await simulator.write(says("Bir daha", surface=Surface.DIRECT))
    again, _, _ = await walk(connector, "conversations", cursor)
    assert messages(again) == [last]


async def test_push_and_poll_tell_the_same(simulator, connector, webhook, says, walk):
    simulator.connect_webhook(webhook.url)
    for surface in (Surface.COMMENT, Surface.DIRECT):
        await simulator.write(says("Şehirde IŞIK yok", surface=surface))
        await simulator.write(says("Fotoğraf ekte", author="mert", surface=surface, photo=True))
        await simulator.write(says("Devamı", surface=surface))
    await simulator.settle()
    pushed = {}
    for headers, body in webhook.bodies:
        assert connector.verify(headers, body)
        pushed |= {event.external_id: event for event in connector.parse(body).events}
    polled = {}
    for stream in connector.facts.streams:
        events, _, _ = await walk(connector, stream)
        polled |= {event.external_id: event for event in events}
    assert pushed.keys() == polled.keys()
    assert len(pushed) == 6
    for name, event in pushed.items():
        other = polled[name]
        for fact in ("dedup_key", "surface", "thread_id", "text", "reply_to", "account_id", "kind"):
            assert getattr(event, fact) == getattr(other, fact), fact
        assert event.sender.external_id == other.sender.external_id
        assert [item.kind for item in event.attachments] == [item.kind for item in other.attachments]


async def test_redelivered_late_and_batched_pushes_arrive_all(clock, webhook, says):
    simulator = InstagramSimulator(clock, disorder=Disorder(redeliver=0.3, delay=0.3, batch=0.6, seed=3))
    await simulator.start()
    simulator.connect_webhook(webhook.url)
    surfaces = (Surface.COMMENT, Surface.DIRECT)
    written = {
        await simulator.write(says(f"Mesaj {number}", author=f"k{number % 9}", surface=surfaces[number % 2]))
        for number in range(60)
    }
    await simulator.settle()
    await simulator.stop()
    seen = [event.external_id for _, body in webhook.bodies for event in parse(body).events]
    assert set(seen) == written
    assert len(seen) > len(written)


async def test_signature_and_handshake(connector):
    assert not connector.verify({"x-hub-signature-256": "sha256=00"}, b"{}")
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "42"}
    assert connector.handshake(query) == "42"


@pytest.mark.parametrize("surface", [Surface.COMMENT, Surface.DIRECT])
async def test_answer_reaches_its_citizen_and_its_echo_is_known(simulator, connector, webhook, says, walk, surface):
    await simulator.write(says("Yardım edin", surface=surface))
    (event,), cursor, _ = await walk(connector, stream_of(surface))
    simulator.connect_webhook(webhook.url)
    result = await connector.send(answer_to(event))
    await simulator.settle()
    (entry,) = sent(simulator)
    assert result.external_ids == (entry.item,)
    assert entry.recipient == event.sender.external_id
    pushed = [event for _, body in webhook.bodies for event in connector.parse(body).events]
    polled, _, _ = await walk(connector, stream_of(surface), cursor)
    echoes = [event for event in (*pushed, *polled) if event.kind is EventKind.ECHO]
    assert {echo.dedup_key for echo in echoes} == {f"echo:{entry.item}"}
    assert len(echoes) == 2
    assert not messages([*pushed, *polled])


async def test_answer_under_media_where_no_comment_is_named(simulator, connector, clock):
    media = simulator.own_media("duyuru")
    message = OutboundMessage(
        reference="o", surface=Surface.COMMENT, recipient_id="1", text="Açıklama", thread_id=media.id
    )
    result = await connector.send(message)
    assert [comment.id for comment in media.comments] == list(result.external_ids)
    assert await connector.check(message, since=clock.now()) == result


async def test_turkish_letters_count_two_bytes(simulator, connector, says, walk):
    await simulator.write(says("Uzun yanıt lütfen", surface=Surface.DIRECT))
    (event,), _, _ = await walk(connector, "conversations")
    await connector.send(answer_to(event, "ş" * 500))
    await connector.send(answer_to(event, "ş" * 501, reference="outbox-2"))
    texts = [entry.text for entry in sent(simulator)]
    assert len(texts) == 3
    assert all(len(text.encode()) <= 1000 for text in texts)


async def test_failure_between_pieces_duplicates_nothing(simulator, connector, says, walk):
    await simulator.write(says("Uzun yanıt lütfen", surface=Surface.DIRECT))
    (event,), _, _ = await walk(connector, "conversations")
    message = answer_to(event, "uzun cümle " * 200)
    simulator.fault("throttled", method="POST")
    with pytest.raises(RateLimitedError):
        await connector.send(message)
    result = await connector.send(message)
    assert len(sent(simulator)) == len(result.external_ids) > 2


@pytest.mark.parametrize("surface", [Surface.COMMENT, Surface.DIRECT])
@pytest.mark.parametrize(("fault", "accepted"), [("hang_up_after", 1), ("hang_up_before", 0), ("html", 0)])
async def test_unknown_outcome_is_looked_up(
    simulator, connector, second_connector, clock, says, walk, surface, fault, accepted
):
    await simulator.write(says("Yardım edin", surface=surface))
    await simulator.write(says("Devamı da var", surface=surface))
    events, _, _ = await walk(connector, stream_of(surface))
    event = next(event for event in events if event.text == "Devamı da var")
    started = clock.now()
    simulator.fault(fault, method="POST")
    message = answer_to(event)
    with pytest.raises(OutcomeUnknownError):
        await connector.send(message)
    clock.advance(seconds=20)
    assert bool(await second_connector.check(message, since=started)) == bool(accepted)
    assert bool(await connector.check(message, since=started)) == bool(accepted)
    await connector.send(message)
    await second_connector.close()
    assert len(sent(simulator)) == 1


async def test_window(simulator, connector, clock, says, walk):
    await simulator.write(says("Merhaba", surface=Surface.DIRECT))
    (event,), _, _ = await walk(connector, "conversations")
    clock.advance(hours=25)
    with pytest.raises(WindowClosedError):
        await connector.send(answer_to(event))
    await connector.send(answer_to(event, by_human=True))
    assert len(sent(simulator)) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("throttled", RateLimitedError),
        ("throttled_silently", RateLimitedError),
        ("html", TransientError),
        ("hang_up_before", TransientError),
        ("transient", TransientError),
        ("expired_token", ReauthoriseError),
    ],
)
async def test_poll_fails_by_class_and_goes_on_from_the_same_cursor(simulator, connector, clock, says, fault, error):
    await simulator.write(says("Merhaba"))
    simulator.fault(fault, times=2 if fault == "hang_up_before" else 1)
    with pytest.raises(error) as caught:
        await connector.poll("comments", "")
    clock.advance(minutes=6)
    page = await connector.poll("comments", "")
    assert not page.empty
    assert ACCESS_TOKEN not in str(caught.value)
    assert ACCESS_TOKEN not in page.payload.decode()


async def test_send_errors(connector):
    with pytest.raises(ContactGoneError):
        await connector.send(OutboundMessage(reference="x", surface=Surface.DIRECT, recipient_id="1", text="Merhaba"))
    for surface in (Surface.COMMENT, Surface.MENTION):
        with pytest.raises(RequestRefusedError):
            await connector.send(OutboundMessage(reference="y", surface=surface, recipient_id="1", text="Merhaba"))


async def test_no_fields_on_writes(simulator, connector, says, walk):
    """With `fields` Graph creates the reply and then refuses: the trap is there, and we are not in it."""
    await simulator.write(says("Merhaba"))
    (event,), _, _ = await walk(connector, "comments")
    with pytest.raises(OutcomeUnknownError):
        await connector._client._graph.post(
            f"{event.external_id}/replies", data={"message": "x"}, params={"fields": "id"}
        )
    await connector.send(answer_to(event))
    assert len(sent(simulator)) == 2


@pytest.mark.parametrize(("written", "is_known"), [("", False), (f"@{ACCOUNT.handle.title()}", True)])
async def test_handle_is_learnt_when_it_is_not_set(simulator, clock, written, is_known):
    """Instagram's handles are small letters, however an administrator writes ours."""
    from connectors.instagram.connector import PLATFORM

    settings = PLATFORM.settings(**{**simulator.account_settings(), "username": written})
    connector = PLATFORM.build(settings, clock)
    comment = {"id": "1", "text": "Bizim", "timestamp": clock.now().isoformat(), "username": ACCOUNT.handle}
    payload = json.dumps({"thread_id": "7", "data": [comment]}).encode()
    assert connector.parse(payload).events[0].kind is (EventKind.ECHO if is_known else EventKind.MESSAGE)
    await connector.identify()
    assert connector.parse(payload).events[0].kind is EventKind.ECHO
    await connector.close()
