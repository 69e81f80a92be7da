import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.facebook.parse import parse
from models.enums import AttachmentKind, DeliveryStatus, EventKind, Surface

SAMPLES = Path(__file__).parents[3] / "connectors" / "facebook" / "samples"
PAYLOADS = Path(__file__).parents[4] / "shared" / "payloads"
PAGE = "104523678901234"
POST = f"{PAGE}_900100200300"
AYSE, MERT = "6112345678901234", "6198765432109876"
COMMENT, DIRECT, VISITOR_POST = Surface.COMMENT, Surface.DIRECT, Surface.VISITOR_POST
C = "900100200300_"

TABLE = {
    "comment_add_top_level": [
        ("message", f"{C}411", COMMENT, POST, AYSE, "Sokağımızda üç gündür çöp alınmıyor.", f"message:{C}411")
    ],
    "comment_add_reply_with_photo": [
        ("message", f"{C}412", COMMENT, POST, MERT, "Bizim sokakta da aynı.", f"message:{C}412")
    ],
    "comment_add_without_sender": [
        ("message", f"{C}413", COMMENT, POST, None, "Kimliği gelmeyen yorum", f"message:{C}413")
    ],
    "comment_add_by_page": [
        ("echo", f"{C}414", COMMENT, POST, PAGE, "Bilginiz ilgili birime iletildi.", f"echo:{C}414")
    ],
    "comment_edit_both_verbs": [
        ("edit", f"{C}411", COMMENT, POST, AYSE, "Sokağımızda dört gündür çöp alınmıyor.", None),
        ("edit", f"{C}411", COMMENT, POST, AYSE, "Sokağımızda beş gündür çöp alınmıyor.", None),
    ],
    "comment_remove": [("delete", f"{C}411", COMMENT, POST, AYSE, "", f"delete:{C}411")],
    "visitor_post_photo": [
        (
            "message",
            f"{PAGE}_900100200400",
            VISITOR_POST,
            f"{PAGE}_900100200400",
            AYSE,
            "Mithatpaşa Caddesi'ndeki çukur",
            f"message:{PAGE}_900100200400",
        )
    ],
    "own_post_add": [("ignored", POST, VISITOR_POST, POST, PAGE, "", f"ignored:post:{POST}")],
    "ratings": [
        (
            "message",
            "900100200500",
            VISITOR_POST,
            "900100200500",
            AYSE,
            "Parktaki çeşme haftalardır akmıyor.",
            "message:900100200500",
        ),
        ("edit", "900100200500", VISITOR_POST, "900100200500", AYSE, "Sayfayı tavsiye ediyor.", None),
        ("delete", "900100200500", VISITOR_POST, "900100200500", AYSE, "", "delete:900100200500"),
        ("ignored", "900100200501", COMMENT, "", None, "", None),
    ],
    "field_other": [("ignored", "", None, "", None, "", None)],
    "message_text": [
        ("message", "m_aaa111", DIRECT, AYSE, AYSE, "Merhaba, 90 numaralı otobüs neden gelmiyor?", "message:m_aaa111")
    ],
    "message_photo_and_location": [("message", "m_aaa112", DIRECT, AYSE, AYSE, "", "message:m_aaa112")],
    "message_reel_relative_address": [("message", "m_aaa113", DIRECT, AYSE, AYSE, "", "message:m_aaa113")],
    "message_unsupported": [("message", "m_aaa114", DIRECT, AYSE, AYSE, "", "message:m_aaa114")],
    "message_echo": [("echo", "m_bbb221", DIRECT, AYSE, PAGE, "Başvurunuz alındı.", "echo:m_bbb221")],
    "message_edit": [
        ("edit", "m_aaa111", DIRECT, AYSE, AYSE, "Merhaba, 80 numaralı otobüs neden gelmiyor?", "edit:m_aaa111:1")
    ],
    "message_reaction": [("reaction", "m_bbb221", DIRECT, AYSE, AYSE, "", None)],
    "message_in_standby": [("message", "m_aaa115", DIRECT, AYSE, AYSE, "Kimse var mı?", "message:m_aaa115")],
    "message_from_dashboard_test": [("message", "test_message_id", DIRECT, "12334", "12334", "test_message", None)],
    "postback_with_title": [("message", "m_aaa116", DIRECT, AYSE, AYSE, "Başvurum ne durumda?", "message:m_aaa116")],
    "receipts": [
        ("status", "m_bbb221", DIRECT, AYSE, AYSE, "", "status:m_bbb221:delivered"),
        ("status", "m_bbb222", DIRECT, AYSE, AYSE, "", "status:m_bbb222:delivered"),
        ("status", "", DIRECT, AYSE, AYSE, "", f"status:{PAGE}:{AYSE}:read:1795424910999"),
    ],
    "batch_with_a_broken_item": [
        ("message", f"{C}421", COMMENT, POST, AYSE, "Birinci", f"message:{C}421"),
        ("message", f"{C}423", COMMENT, POST, AYSE, "Üçüncü", f"message:{C}423"),
        ("message", "m_aaa117", DIRECT, AYSE, AYSE, "Dördüncü", "message:m_aaa117"),
    ],
    "object_instagram": [("ignored", "", None, "", None, "", None)],
    "poll_feed": [
        (
            "message",
            f"{PAGE}_900100200400",
            VISITOR_POST,
            f"{PAGE}_900100200400",
            AYSE,
            "Mithatpaşa Caddesi'ndeki çukur",
            f"message:{PAGE}_900100200400",
        ),
        ("ignored", POST, VISITOR_POST, POST, PAGE, "Bugünkü çalışmalarımız", f"ignored:post:{POST}"),
        ("echo", f"{C}414", COMMENT, POST, PAGE, "Bilginiz ilgili birime iletildi.", f"echo:{C}414"),
        ("message", f"{C}411", COMMENT, POST, AYSE, "Sokağımızda üç gündür çöp alınmıyor.", f"message:{C}411"),
    ],
    "poll_comments_rest": [("message", f"{C}401", COMMENT, POST, MERT, "", f"message:{C}401")],
    "poll_conversations": [
        ("echo", "m_bbb221", DIRECT, AYSE, PAGE, "Başvurunuz alındı.", "echo:m_bbb221"),
        ("message", "m_aaa112", DIRECT, AYSE, AYSE, "", "message:m_aaa112"),
        ("message", "m_aaa111", DIRECT, AYSE, AYSE, "Merhaba, 90 numaralı otobüs neden gelmiyor?", "message:m_aaa111"),
    ],
}


def read(name):
    return parse((SAMPLES / f"{name}.json").read_bytes(), account_id=PAGE)


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
    assert len({event.dedup_key for event in parsed.events}) == len(parsed.events)


@pytest.mark.parametrize(
    "value",
    [
        {"item": "comment", "verb": "edited", "comment_id": "1_2", "post_id": "9_1"},
        {"item": "rating", "verb": "edit", "open_graph_story_id": "3"},
    ],
)
def test_words_changed_and_changed_back_are_edits_of_their_own(value):
    """Also where the only time told is the comment's own; the same notice again is the same edit."""
    field, words = ("feed", "message") if value["item"] == "comment" else ("ratings", "review_text")

    def key(text, told_at):
        changed = {"field": field, "value": {**value, words: text, "created_time": 1795424000}}
        body = {"object": "page", "entry": [{"id": PAGE, "time": told_at, "changes": [changed]}]}
        (event,) = parse(json.dumps(body).encode()).events
        return event.dedup_key

    keys = [key(text, 1795424001 + number) for number, text in enumerate(("B", "A", "B"))]
    assert len(set(keys)) == 3
    assert keys[2] == key("B", 1795424003)


def test_an_edit_that_tells_nothing_takes_no_words_away():
    value = {"item": "comment", "verb": "edited", "comment_id": "1_2", "post_id": "9_1", "message": None}
    body = {"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "feed", "value": value}]}]}
    (event,) = parse(json.dumps(body).encode()).events
    assert event.kind is EventKind.IGNORED


def test_broken_item_becomes_a_problem_with_its_place():
    (problem,) = read("batch_with_a_broken_item").problems
    assert problem.where == "$.entry[0].changes[1]"


def test_times_in_seconds_milliseconds_and_text():
    first, third, _ = read("batch_with_a_broken_item").events
    assert first.sent_at == datetime.fromtimestamp(1795425000, UTC)
    assert third.sent_at == datetime.fromtimestamp(1795425002, UTC)
    assert read("message_reel_relative_address").events[0].sent_at == datetime.fromtimestamp(1795424902, UTC)


def test_comment_knows_its_parent_and_its_sender():
    (event,) = read("comment_add_reply_with_photo").events
    assert event.reply_to == f"{C}411"
    assert event.sender.scope == PAGE
    assert event.sender.display_name == "Mert Çınar"
    assert [item.kind for item in event.attachments] == [AttachmentKind.IMAGE]
    assert read("comment_add_top_level").events[0].reply_to == ""


def test_attachments():
    picture, place = read("message_photo_and_location").events[0].attachments
    assert (picture.kind, picture.url) == (AttachmentKind.IMAGE, "https://scontent.example/durak.jpg")
    assert (place.kind, place.latitude, place.longitude) == (AttachmentKind.LOCATION, 38.4192, 27.1287)
    (reel,) = read("message_reel_relative_address").events[0].attachments
    assert reel.url == "https://www.facebook.com/reel/123/"
    assert read("message_unsupported").events[0].attachments[0].kind is AttachmentKind.OTHER
    assert read("poll_comments_rest").events[0].attachments[0].kind is AttachmentKind.STICKER
    assert read("poll_conversations").events[1].attachments[0].mime_type == "image/jpeg"


def test_echo_receipt_and_standby_carry_their_facts():
    assert read("message_echo").events[0].extra == {"recipient_id": AYSE, "app_id": "1100110011"}
    assert [event.status for event in read("receipts").events] == [
        DeliveryStatus.DELIVERED,
        DeliveryStatus.DELIVERED,
        DeliveryStatus.READ,
    ]
    (standby,) = read("message_in_standby").events
    assert not standby.replyable
    assert standby.reason == "standby"


def test_other_object_is_ignored_with_its_reason():
    (event,) = read("object_instagram").events
    assert event.kind is EventKind.IGNORED
    assert "instagram" in event.reason


def test_list_of_bodies():
    bodies = b"[" + (SAMPLES / "message_text.json").read_bytes() + b"," + b"7]"
    parsed = parse(bodies)
    assert len(parsed.events) == 1
    assert parsed.problems[0].where == "$[1]"


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"7",
        b'"x"',
        b"[]",
        b"{}",
        b'{"object":"page"}',
        b'{"object":"page","entry":7}',
        b'{"object":"page","entry":[null,7,{},{"changes":7},{"messaging":[null,7,{}]},{"id":{},"changes":[]}]}',
        b'{"object":"page","entry":[{"id":"1","changes":[{"field":"feed"},{"field":"feed","value":[]}]}]}',
        b'{"data":[null,7,{"id":1.5},{"comments":7},{"messages":{"data":[{}]}}]}',
        b"[" * 100_000,
        b'{"object":"page","entry":[{"id":"1","messaging":[{"message":{"mid":"a","text":"\\ud800\\u0000x"}}]}]}',
    ],
)
def test_nothing_raises(payload):
    for event in parse(payload).events:
        event.text.encode()


def _samples():
    return [json.loads(path.read_bytes()) for path in SAMPLES.glob("*.json")]


JUNK = st.sampled_from(
    ["null", "7", "-1", "1e308", '""', '"x"', "[]", "{}", "true", "[[]]", '{"id":null}', '{"data":3}']
).map(json.loads)


@st.composite
def mutated(draw):
    """A sample with some values replaced by junk, or removed."""
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
def test_mutated_payloads_never_raise_and_never_vanish(document):
    parsed = parse(json.dumps(document).encode(), account_id=PAGE)
    for event in parsed.events:
        assert event.dedup_key
        json.dumps(dict(event.extra))


def manifest():
    if not PAYLOADS.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip(reason="../shared/payloads is missing"))]
    entries = json.loads((PAYLOADS / "manifest.json").read_text("utf-8"))
    return [pytest.param(entry, id=entry["file"]) for entry in entries if entry["platform"] == "facebook"]


@pytest.mark.parametrize("entry", manifest())
def test_manifest(entry):
    parsed = parse((PAYLOADS / entry["file"]).read_bytes())
    assert parsed.events
    assert not parsed.problems
    kinds = {event.kind.value for event in parsed.events}
    if entry["decision"] == "ignore":
        assert kinds <= {"ignored", "echo", "system"}
    elif entry["decision"] != "any":
        assert kinds == {entry["decision"]}
    expect, event = entry["expect"], parsed.events[0]
    if expect.get("sender_id"):
        assert event.sender.external_id == expect["sender_id"]
    if expect.get("text"):
        assert event.text == expect["text"]
    if expect.get("platform_message_id"):
        assert event.external_id == expect["platform_message_id"]
    if expect.get("sender_name"):
        assert event.sender.display_name == expect["sender_name"]
    if "attachments" in expect:
        assert len(event.attachments) == len(expect["attachments"]) or entry["decision"] in ("any", "ignore")
