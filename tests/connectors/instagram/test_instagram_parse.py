import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.instagram.parse import parse
from models.enums import AttachmentKind, DeliveryStatus, EventKind, Surface

SAMPLES = Path(__file__).parents[3] / "connectors" / "instagram" / "samples"
ME, HANDLE = "17841405309211844", "him.simulated"
AYSE, MERT, MEDIA, C = "7812345678901234", "7898765432109876", "17900000000000777", "18000000000000"
COMMENT, DIRECT = Surface.COMMENT, Surface.DIRECT

TABLE = {
    "comment_top_level": [("message", f"{C}101", COMMENT, MEDIA, AYSE, "Sokak lambası yanmıyor", f"message:{C}101")],
    "comment_reply_on_reel": [("message", f"{C}102", COMMENT, MEDIA, MERT, "Bizde de yanmıyor", f"message:{C}102")],
    "comment_on_ad_copy": [
        (
            "message",
            f"{C}103",
            COMMENT,
            "17900000000000888",
            AYSE,
            "Bu reklamı gördüm, park ne zaman açılacak?",
            f"message:{C}103",
        )
    ],
    "comment_own_by_id": [("echo", f"{C}104", COMMENT, MEDIA, ME, "Bilginiz ilgili birime iletildi.", f"echo:{C}104")],
    "comment_own_by_scoped_id": [
        ("echo", f"{C}105", COMMENT, MEDIA, "1022334455667788", "Teşekkür ederiz.", f"echo:{C}105")
    ],
    "comment_without_sender": [
        ("message", f"{C}106", COMMENT, MEDIA, None, "Kimliği gelmeyen yorum", f"message:{C}106")
    ],
    "comment_live": [("message", f"{C}107", COMMENT, MEDIA, AYSE, "Canlı yayında soru", f"message:{C}107")],
    "mention_only_ids": [
        ("message", "18000000000000108", Surface.TAG, "17900000000000777", None, "", "message:18000000000000108")
    ],
    "message_text": [
        ("message", "aWdf111", DIRECT, AYSE, AYSE, "İyi günler, su faturamı nasıl öderim?", "message:aWdf111")
    ],
    "message_photo": [("message", "aWdf112", DIRECT, AYSE, AYSE, "", "message:aWdf112")],
    "message_story_reply": [("message", "aWdf113", DIRECT, AYSE, AYSE, "Bu etkinlik ücretli mi?", "message:aWdf113")],
    "message_story_mention": [("message", "aWdf114", DIRECT, AYSE, AYSE, "", "message:aWdf114")],
    "message_shared_post": [("message", "aWdf115", DIRECT, AYSE, AYSE, "", "message:aWdf115")],
    "message_unsend": [("delete", "aWdf111", DIRECT, AYSE, AYSE, "", "delete:aWdf111")],
    "message_edit": [
        ("edit", "aWdf111", DIRECT, AYSE, AYSE, "İyi günler, su faturasını nereden öderim?", "edit:aWdf111:1")
    ],
    "message_echo": [("echo", "aWdf221", DIRECT, AYSE, ME, "Başvurunuz alındı.", "echo:aWdf221")],
    "message_reaction": [("reaction", "aWdf221", DIRECT, AYSE, AYSE, "", None)],
    "message_seen": [("status", "aWdf221", DIRECT, AYSE, AYSE, "", "status:aWdf221:read")],
    "message_unsupported": [("message", "aWdf116", DIRECT, AYSE, AYSE, "", "message:aWdf116")],
    "message_quoting_another": [("message", "aWdf117", DIRECT, AYSE, AYSE, "Bunu soruyorum", "message:aWdf117")],
    "message_in_standby": [("message", "aWdf118", DIRECT, AYSE, AYSE, "Kimse var mı?", "message:aWdf118")],
    "message_from_dashboard_test": [
        ("message", "random_mid", DIRECT, "12334", "12334", "random_text", "message:random_mid")
    ],
    "postback": [("message", "aWdf119", DIRECT, AYSE, AYSE, "Başvuru yap", "message:aWdf119")],
    "object_page": [("ignored", "", None, "", None, "", None)],
    "batch_with_a_broken_item": [
        ("message", f"{C}111", COMMENT, MEDIA, AYSE, "Birinci", f"message:{C}111"),
        ("message", "aWdf120", DIRECT, AYSE, AYSE, "İkinci", "message:aWdf120"),
    ],
    "poll_media_with_comments": [
        ("message", f"{C}101", COMMENT, MEDIA, AYSE, "Sokak lambası yanmıyor", f"message:{C}101"),
        ("echo", f"{C}104", COMMENT, MEDIA, ME, "Bilginiz ilgili birime iletildi.", f"echo:{C}104"),
        ("message", f"{C}102", COMMENT, MEDIA, MERT, "Bizde de yanmıyor", f"message:{C}102"),
        ("message", f"{C}109", COMMENT, MEDIA, "@eski_hesap", "Kimliği olmayan", f"message:{C}109"),
    ],
    "poll_comments_rest": [("message", f"{C}102", COMMENT, MEDIA, MERT, "Bizde de yanmıyor", f"message:{C}102")],
    "poll_conversations": [
        ("echo", "aWdf221", DIRECT, AYSE, "990011", "Başvurunuz alındı.", "echo:aWdf221"),
        ("message", "aWdf113", DIRECT, AYSE, AYSE, "Bu etkinlik ücretli mi?", "message:aWdf113"),
        ("message", "aWdf111", DIRECT, AYSE, AYSE, "İyi günler, su faturamı nasıl öderim?", "message:aWdf111"),
    ],
}


def read(name):
    return parse((SAMPLES / f"{name}.json").read_bytes(), account_id=ME, own_handle=HANDLE)


def row(event, *, with_key):
    sender = event.sender.external_id if event.sender else None
    key = event.dedup_key if with_key else None
    return (event.kind.value, event.external_id, event.surface, event.thread_id, sender, event.text, key)


def test_every_sample_is_in_the_table():
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_sample(name):
    parsed = read(name)
    expected = TABLE[name]
    assert [row(event, with_key=line[6]) for event, line in zip(parsed.events, expected, strict=True)] == expected
    assert all(event.account_id in (ME, "23245", "104523678901234") for event in parsed.events)


def test_broken_item_becomes_a_problem_with_its_place():
    (problem,) = read("batch_with_a_broken_item").problems
    assert problem.where == "$.entry[0].changes[1]"


def test_stories_are_linked_and_never_kept():
    for name in ("message_story_reply", "message_story_mention"):
        (story,) = read(name).events[0].attachments
        assert story.kind is AttachmentKind.STORY
        assert story.url.startswith("https://")
        assert not story.keep
    (polled,) = read("poll_conversations").events[1].attachments
    assert (polled.kind, polled.keep, polled.external_id) == (AttachmentKind.STORY, False, "17950001")


def test_comment_facts():
    (reply,) = read("comment_reply_on_reel").events
    assert reply.reply_to == f"{C}101"
    assert (reply.sender.handle, reply.sender.scope) == ("mert_c", ME)
    assert reply.sent_at == datetime.fromtimestamp(1795424400, UTC)
    (on_ad,) = read("comment_on_ad_copy").events
    assert on_ad.extra == {"product": "AD", "ad_id": "120200000000000001", "original_media_id": MEDIA}
    (live,) = read("comment_live").events
    assert not live.replyable
    nested = read("poll_media_with_comments").events[2]
    assert nested.reply_to == f"{C}101"
    assert nested.permalink == "https://www.instagram.com/p/Cabc/"


def test_a_citizen_with_a_scoped_id_of_another_is_no_echo():
    """The documentation's skeleton shows the field for anybody: only our own ids make an echo."""
    body = json.loads((SAMPLES / "comment_top_level.json").read_text("utf-8"))
    body["entry"][0]["changes"][0]["value"]["from"]["self_ig_scoped_id"] = "555"
    (event,) = parse(json.dumps(body).encode(), account_id=ME).events
    assert event.kind is EventKind.MESSAGE


def test_status_and_placeholder():
    assert read("message_seen").events[0].status is DeliveryStatus.READ
    assert read("message_unsupported").events[0].attachments[0].kind is AttachmentKind.OTHER
    assert read("message_shared_post").events[0].attachments[0].kind is AttachmentKind.SHARE
    assert read("message_quoting_another").events[0].reply_to == "aWdf221"


def test_other_object_is_ignored_with_its_reason():
    (event,) = read("object_page").events
    assert "page" in event.reason


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[[]]",
        b"{}",
        b'{"object":"instagram","entry":{"id":1}}',
        b'{"object":"instagram","entry":[null,7,{},{"changes":7},{"messaging":[null,7,{}]},{"id":{},"changes":[]}]}',
        b'{"object":"instagram","entry":[{"id":"1","changes":[{"field":"comments","value":{"id":"1","media":7}}]}]}',
        b'{"data":[null,7,{"id":1.5},{"comments":7},{"messages":{"data":[{}]}},{"comments":{"data":[7]}}]}',
        b"[" * 100_000,
    ],
)
def test_nothing_raises(payload):
    parse(payload)


def _samples():
    return [json.loads(path.read_bytes()) for path in sorted(SAMPLES.glob("*.json"))]


JUNK = st.sampled_from(
    ["null", "7", "-1", "1e308", '""', '"x"', "[]", "{}", "true", "[[]]", '{"id":null}', '{"data":3}']
).map(json.loads)


@st.composite
def mutated(draw):
    """A sample with some values replaced by junk."""
    document = json.loads(json.dumps(draw(st.sampled_from(_samples()))))
    for _ in range(draw(st.integers(1, 4))):
        node = document
        while isinstance(node, dict | list) and node:
            key = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
            child = node[key]
            if not isinstance(child, dict | list) or not child or draw(st.integers(0, 3)) == 0:
                node[key] = draw(JUNK)
                break
            node = child
    return document


@settings(max_examples=150, deadline=None)
@given(mutated())
def test_mutated_payloads_never_raise(document):
    for event in parse(json.dumps(document).encode(), account_id=ME, own_handle=HANDLE).events:
        assert event.dedup_key
        json.dumps(dict(event.extra))
