import json
from datetime import timedelta

import pytest

from connectors.facebook.parse import parse
from connectors.facebook.simulator import PAGE, VERIFY_TOKEN, FacebookSimulator
from connectors.simulation import Disorder
from models.enums import AttachmentKind, EventKind, Surface
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


async def test_identity(connector):
    identity = await connector.identify()
    assert (identity.external_id, identity.name) == (PAGE.id, PAGE.name)


async def test_unknown_stream(connector):
    with pytest.raises(InputError):
        await connector.poll("stories", "")


async def test_feed_walk_over_several_pages_of_posts_and_comments(simulator, connector, clock, says, walk):
    written = []
    for number in range(30):
        written.append(await simulator.write(says(f"Gönderi {number}", surface=Surface.VISITOR_POST)))
        written.append(await simulator.write(says(f"Yorum {number}", thread=f"duyuru-{number}")))
        clock.advance(seconds=7)
    for number in range(120):
        written.append(await simulator.write(says(f"Uzun {number}", author=f"kişi-{number}", thread="kalabalık")))
        clock.advance(seconds=1)
    events, cursor, count = await walk(connector, "feed")
    assert sorted(messages(events)) == sorted(written)
    assert count > 4
    again, _, _ = await walk(connector, "feed", cursor)
    assert not again


async def test_replies_hidden_and_wordless_comments_are_listed(simulator, connector, says, walk):
    hidden = await simulator.write(says("Kaba söz"))
    await connector.hide(hidden, hidden=True)
    reply = await simulator.write(says("Yanıtın altı"))
    wordless = await simulator.write(says("", author="mert", photo=True))
    events, _, _ = await walk(connector, "feed")
    found = {event.external_id: event for event in events if event.kind is EventKind.MESSAGE}
    assert found.keys() == {hidden, reply, wordless}
    assert found[reply].reply_to == hidden
    assert (found[wordless].text, [one.kind for one in found[wordless].attachments]) == ("", [AttachmentKind.IMAGE])


async def test_crash_in_the_middle_skips_nothing(simulator, connector, second_connector, clock, says, walk):
    written = [
        await simulator.write(says(f"Yorum {number}", author=f"kişi-{number}", thread="kalabalık"))
        for number in range(170)
    ]
    first = await connector.poll("feed", "")
    second = await connector.poll("feed", first.cursor)
    assert first.more
    assert second.more
    clock.advance(seconds=40)
    written.append(await simulator.write(says("Arada yazılan", author="geç-gelen", thread="kalabalık")))
    seen = messages(connector.parse(first.payload, stream="feed").events)
    rest, cursor, _ = await walk(second_connector, "feed", first.cursor)  # the second page was never stored
    later, _, _ = await walk(second_connector, "feed", cursor)
    await second_connector.close()
    assert sorted({*seen, *messages(rest), *messages(later)}) == sorted(written)


async def test_unchanged_list_gives_an_empty_page(simulator, connector, clock, says, walk):
    await simulator.write(says("Çukur var"))
    _, cursor, _ = await walk(connector, "feed")
    for _ in range(3):
        clock.advance(minutes=3)
        page = await connector.poll("feed", cursor)
        assert page.empty
        assert not page.more
        cursor = page.cursor
    late = await simulator.write(says("Yeni yorum"))
    events, _, _ = await walk(connector, "feed", cursor)
    assert messages(events) == [late]


async def test_first_start_looks_back_only_so_far(simulator, connector, clock, says, walk):
    await simulator.write(says("Eski yorum"))
    await simulator.write(says("Eski gönderi", surface=Surface.VISITOR_POST))
    clock.advance(hours=30)
    new = await simulator.write(says("Yeni yorum", author="mert"))
    events, _, _ = await walk(connector, "feed")
    assert messages(events) == [new]


async def test_dead_continuation_starts_the_walk_anew(simulator, connector, says, walk):
    written = [await simulator.write(says(f"Y{n}", author=f"k{n}", thread="kalabalık")) for n in range(80)]
    first = await connector.poll("feed", "")
    broken = json.loads(first.cursor)
    broken["rests"][0]["after"] = "bozuk"
    events, _, _ = await walk(connector, "feed", json.dumps(broken))
    seen = messages(connector.parse(first.payload).events)
    assert sorted({*seen, *messages(events)}) == sorted(written)


async def test_post_that_vanished_in_the_middle_does_not_stop_the_walk(simulator, connector, says, walk):
    for number in range(80):
        await simulator.write(says(f"Y{number}", author=f"k{number}", thread="kalabalık"))
    first = await connector.poll("feed", "")
    simulator.posts.clear()
    _, cursor, _ = await walk(connector, "feed", first.cursor)
    assert json.loads(cursor)["started"] == ""


async def test_conversations_walk(simulator, connector, clock, says, walk):
    written = []
    for number in range(90):
        author = "çok-yazan" if number < 40 else f"kişi-{number}"
        written.append(await simulator.write(says(f"Mesaj {number}", author=author, surface=Surface.DIRECT)))
        clock.advance(seconds=1)
    events, cursor, count = await walk(connector, "conversations")
    assert sorted(messages(events)) == sorted(written)
    assert count > 2
    clock.advance(minutes=1)
    written.append(await simulator.write(says("Bir daha", surface=Surface.DIRECT)))
    again, _, _ = await walk(connector, "conversations", cursor)
    assert messages(again) == written[-1:]


async def test_push_and_poll_tell_the_same(simulator, connector, webhook, says, walk):
    simulator.connect_webhook(webhook.url)
    for surface in (Surface.COMMENT, Surface.VISITOR_POST, Surface.DIRECT):
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
        polled |= {event.external_id: event for event in events if event.kind is EventKind.MESSAGE}
    assert pushed.keys() == polled.keys()
    assert len(pushed) == 9
    for name, event in pushed.items():
        other = polled[name]
        for fact in ("dedup_key", "surface", "thread_id", "text", "reply_to", "account_id", "kind"):
            assert getattr(event, fact) == getattr(other, fact), fact
        assert event.sender.external_id == other.sender.external_id
        assert [item.kind for item in event.attachments] == [item.kind for item in other.attachments]


async def test_redelivered_late_and_batched_pushes_arrive_all(clock, webhook, says):
    simulator = FacebookSimulator(clock, disorder=Disorder(redeliver=0.3, delay=0.3, batch=0.6, seed=3))
    await simulator.start()
    simulator.connect_webhook(webhook.url)
    written = {await simulator.write(says(f"Mesaj {n}", author=f"k{n % 9}")) for n in range(60)}
    await simulator.settle()
    seen = [event.external_id for _, body in webhook.bodies for event in parse(body).events]
    await simulator.stop()
    assert set(seen) == written
    assert len(seen) > len(written)
    assert any(len(json.loads(body)["entry"][0]["changes"]) > 1 for _, body in webhook.bodies)


async def test_signature_and_handshake(connector):
    assert not connector.verify({"x-hub-signature-256": "sha256=00"}, b"{}")
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "42"}
    assert connector.handshake(query) == "42"
    assert connector.handshake({**query, "hub.verify_token": "x"}) is None


@pytest.mark.parametrize("surface", [Surface.COMMENT, Surface.VISITOR_POST, Surface.DIRECT])
async def test_answer_reaches_its_citizen_and_its_echo_is_known(simulator, connector, webhook, says, walk, surface):
    await simulator.write(says("Yardım edin", surface=surface))
    stream = "conversations" if surface is Surface.DIRECT else "feed"
    (event,), cursor, _ = await walk(connector, stream)
    simulator.connect_webhook(webhook.url)
    result = await connector.send(answer_to(event))
    await simulator.settle()
    (entry,) = sent(simulator)
    assert result.external_ids == (entry.item,)
    assert entry.recipient == event.sender.external_id
    assert entry.reply_to in ("", event.external_id)
    pushed = [event for _, body in webhook.bodies for event in connector.parse(body).events]
    polled, _, _ = await walk(connector, stream, cursor)
    echoes = [event for event in (*pushed, *polled) if event.kind is EventKind.ECHO]
    assert {echo.dedup_key for echo in echoes} == {f"echo:{entry.item}"}
    assert len(echoes) == 2
    assert not messages([*pushed, *polled])


async def test_long_message_leaves_in_pieces(simulator, connector, says, walk):
    await simulator.write(says("Uzun yanıt lütfen", surface=Surface.DIRECT))
    (event,), _, _ = await walk(connector, "conversations")
    result = await connector.send(answer_to(event, "uzun cümle " * 400))
    entries = sent(simulator)
    assert result.external_ids == tuple(entry.item for entry in entries)
    assert [entry.text[-5:] for entry in entries] == ["(1/3)", "(2/3)", "(3/3)"]
    assert all(len(entry.text) <= 2000 for entry in entries)


async def test_failure_between_pieces_duplicates_nothing(simulator, connector, says, walk):
    await simulator.write(says("Uzun yanıt lütfen", surface=Surface.DIRECT))
    (event,), _, _ = await walk(connector, "conversations")
    message = answer_to(event, "uzun cümle " * 400)
    simulator.fault("throttled", method="POST")
    with pytest.raises(RateLimitedError):
        await connector.send(message)
    await connector.send(message)
    await connector.send(message)
    assert len(sent(simulator)) == 3


@pytest.mark.parametrize("surface", [Surface.COMMENT, Surface.VISITOR_POST, Surface.DIRECT])
@pytest.mark.parametrize(("fault", "accepted"), [("hang_up_after", 1), ("hang_up_before", 0), ("html", 0)])
async def test_unknown_outcome_is_looked_up(
    simulator, connector, second_connector, clock, says, walk, surface, fault, accepted
):
    await simulator.write(says("Yardım edin", surface=surface))
    await simulator.write(says("Ben de", author="mert", surface=surface))
    events, _, _ = await walk(connector, "conversations" if surface is Surface.DIRECT else "feed")
    other, event = sorted(events, key=lambda event: event.text)
    await connector.send(answer_to(other, reference="outbox-0"))
    started = clock.now()
    simulator.fault(fault, method="POST")
    message = answer_to(event)
    with pytest.raises(OutcomeUnknownError):
        await connector.send(message)
    with pytest.raises(OutcomeUnknownError):
        await connector.send(message)
    clock.advance(seconds=20)
    result = await second_connector.check(message, since=started)
    assert bool(result) == bool(accepted)
    assert (await connector.check(message, since=started) is not None) == bool(accepted)
    await connector.send(message)
    await second_connector.close()
    assert [entry.recipient for entry in sent(simulator)].count(event.sender.external_id) == 1


async def test_answer_to_a_reply_is_found_below_its_top_level_comment(simulator, connector, clock, says, walk):
    await simulator.write(says("Birinci"))
    await simulator.write(says("Altındaki"))
    events, _, _ = await walk(connector, "feed")
    reply = next(event for event in events if event.reply_to)
    result = await connector.send(answer_to(reply))
    assert await connector.check(answer_to(reply), since=clock.now()) == result


async def test_window(simulator, connector, clock, says, walk):
    await simulator.write(says("Merhaba", surface=Surface.DIRECT))
    (event,), _, _ = await walk(connector, "conversations")
    clock.advance(hours=25)
    with pytest.raises(WindowClosedError):
        await connector.send(answer_to(event))
    await connector.send(answer_to(event, by_human=True))
    clock.advance(days=7)
    with pytest.raises(WindowClosedError):
        await connector.send(answer_to(event, "Bir daha", reference="outbox-2", by_human=True))
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
        await connector.poll("feed", "")
    if fault == "throttled":
        assert caught.value.retry_at == clock.now() + timedelta(minutes=5)
    clock.advance(minutes=6)
    page = await connector.poll("feed", "")
    assert not page.empty
    assert "EAAG" not in str(caught.value)
    assert "EAAG" not in page.payload.decode()


async def test_send_errors(simulator, connector, says, walk):
    await simulator.write(says("Merhaba", surface=Surface.DIRECT))
    (event,), _, _ = await walk(connector, "conversations")
    stranger = OutboundMessage(reference="x", surface=Surface.DIRECT, recipient_id="1", text="Merhaba")
    with pytest.raises(ContactGoneError):
        await connector.send(stranger)
    nowhere = OutboundMessage(reference="y", surface=Surface.COMMENT, recipient_id="1", text="Merhaba")
    with pytest.raises(RequestRefusedError):
        await connector.send(nowhere)
    mention = OutboundMessage(reference="z", surface=Surface.MENTION, recipient_id="1", text="Merhaba")
    with pytest.raises(RequestRefusedError):
        await connector.send(mention)
    simulator.fault("expired_token", method="POST")
    with pytest.raises(ReauthoriseError):
        await connector.send(answer_to(event))
