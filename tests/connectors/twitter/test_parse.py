"""The parser on own payloads written from the documentation, on broken ones, and on any JSON at all."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.twitter.parse import parse
from models.enums import AttachmentKind, ChannelName, DeliveryStatus, EventKind, Surface
from models.messages import ChannelEvent, Parsed

SAMPLES = Path(__file__).parents[3] / "connectors/twitter/samples"
MANIFEST = Path(__file__).parents[4] / "shared/payloads/manifest.json"
ME = "1390000000000001111"
AYSE = "2080700000000000001"
POST = "2080765813578191303"
DIRECT = "2080767000000000000"
THREAD = f"{ME}-{AYSE}"
MESSAGE, ECHO, IGNORED = EventKind.MESSAGE, EventKind.ECHO, EventKind.IGNORED

# file: (kinds, text of the last event, surface, can be answered)
TABLE: dict[str, tuple[list[EventKind], str, Surface | None, bool]] = {
    "message_mention": ([MESSAGE], "@izmirbld Alsancak'ta çöpler üç gündür alınmadı", Surface.MENTION, True),
    "message_mention_with_photo": ([MESSAGE], "@izmirbld kaldırım çökmüş", Surface.MENTION, True),
    "message_mention_with_video": ([MESSAGE], "@izmirbld şu gürültüyü dinleyin", Surface.MENTION, True),
    "message_mention_with_missing_media": ([MESSAGE, IGNORED], "", None, True),
    "message_place": ([MESSAGE], "@izmirbld su borusu patladı", Surface.MENTION, True),
    "message_entities_and_link": (
        [MESSAGE],
        "@izmirbld Temizlik & ilaçlama <ne zaman>? https://www.izmir.bel.tr/tr/Duyurular",
        Surface.MENTION,
        True,
    ),
    "message_reply_under_own_post": ([MESSAGE], "@izmirbld hangi mahalleler?", Surface.REPLY, True),
    "message_reply_in_own_thread": ([MESSAGE], "@izmirbld hâlâ gelen yok", Surface.MENTION, True),
    "message_quote": ([MESSAGE], "Kesinti dediğiniz üç gündür sürüyor", Surface.QUOTE, True),
    "message_not_summoned": ([MESSAGE], "İzmir'de trafik çekilmez oldu #izmir", Surface.MENTION, False),
    "message_ids_as_numbers": ([MESSAGE], "@izmirbld sayılarla", Surface.MENTION, True),
    "message_newer_field_names": ([MESSAGE], "@izmirbld kısa değil, uzun yazdım", Surface.MENTION, True),
    "message_without_author": ([MESSAGE], "@izmirbld kim yazdı?", Surface.MENTION, False),
    "edit_second_version": (
        [MESSAGE, EventKind.EDIT],
        "@izmirbld Alsancak'ta çöpler dört gündür alınmadı",
        Surface.MENTION,
        True,
    ),
    "ignored_repost": ([IGNORED], "", None, True),
    "echo_own_reply": ([ECHO], "@ayse_yildiz Başvurunuz alındı: HİM-2026-0000001", Surface.MENTION, False),
    "page_empty": ([], "", None, True),
    "message_direct": ([MESSAGE], "Merhaba, adımın görünmesini istemiyorum", Surface.DIRECT, True),
    "message_direct_with_photo": ([MESSAGE], "", Surface.DIRECT, True),
    "message_direct_with_shared_post": ([MESSAGE], "Şuna bakar mısınız", Surface.DIRECT, True),
    "echo_direct": ([ECHO], "Yardımcı olalım, hangi mahalle?", Surface.DIRECT, True),
    "ignored_direct_group": ([IGNORED], "", Surface.GROUP, True),
    "ignored_direct_join": ([IGNORED], "", Surface.DIRECT, True),
    "activity_message_mention": ([MESSAGE], "@izmirbld park lambaları yanmıyor", Surface.MENTION, True),
    "activity_message_direct": ([MESSAGE], "Gece de sürüyor", Surface.DIRECT, True),
    "activity_echo_direct": ([ECHO], "Ekibimiz yolda.", Surface.DIRECT, True),
    "activity_status_direct_read": ([EventKind.STATUS], "", Surface.DIRECT, True),
    "activity_delete_post": ([EventKind.DELETE], "", None, True),
    "activity_system_permission_withdrawn": ([EventKind.SYSTEM], "", None, True),
    "activity_ignored_encrypted": ([IGNORED], "", None, True),
    "activity_ignored_unknown": ([IGNORED], "", None, True),
}
TESTED_ELSEWHERE = {"message_long_post", "page_with_bad_items"}


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


def read(name: str, *, account_id: str = ME, stream: str = "") -> Parsed:
    return parse(sample(name), account_id=account_id, stream=stream)


def only(name: str) -> ChannelEvent:
    parsed = read(name)
    assert (len(parsed.events), parsed.problems) == (1, ())
    return parsed.events[0]


@pytest.mark.parametrize("name", TABLE)
def test_sample(name: str) -> None:
    kinds, text, surface, replyable = TABLE[name]
    parsed = read(name)
    assert not parsed.problems
    assert [event.kind for event in parsed.events] == kinds
    for event in parsed.events:
        assert event.channel is ChannelName.TWITTER
        assert event.account_id == ME
    if parsed.events:
        last = parsed.events[-1]
        assert (last.text, last.surface, last.replyable) == (text, surface, replyable)


def test_every_sample_is_tested() -> None:
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(TABLE) | TESTED_ELSEWHERE


def test_a_mention_whole() -> None:
    event = only("message_mention")
    assert (event.external_id, event.dedup_key, event.thread_id) == (POST, f"message:{POST}", POST)
    assert event.sent_at == datetime(2026, 7, 24, 21, 23, 23, tzinfo=UTC)
    assert event.sender
    assert (event.sender.external_id, event.sender.handle, event.sender.scope) == (AYSE, "ayse_yildiz", "")
    assert event.permalink == f"https://x.com/ayse_yildiz/status/{POST}"


def test_numbers_read_as_text_does() -> None:
    one, other = only("message_mention"), only("message_ids_as_numbers")
    assert (other.external_id, other.thread_id, other.sender) == (one.external_id, one.thread_id, one.sender)
    assert other.sent_at == one.sent_at


def test_long_posts_are_whole() -> None:
    event = only("message_long_post")
    assert event.text.endswith("sabah seferlerini artırın.")
    assert event.replyable


@pytest.mark.parametrize("name", ["text", "note_tweet"])
def test_addresses_are_no_html(name: str) -> None:
    """X escapes three signs in a text and none in an address: what looks like an entity there stays."""
    links = {"urls": [{"url": "https://t.co/a1b2c3d4e5", "expanded_url": "https://izmir.bel.tr/?bas=1&para=2&lt=3"}]}
    written = "@izmirbld su &amp; yol &lt;1&gt;, &amp;nbsp; ne? https://t.co/a1b2c3d4e5"
    body = {"id": POST, "text": written, "entities": links}
    if name == "note_tweet":
        body = {"id": POST, "text": "kesik…", name: {"text": written, "entities": links}}
    (event,) = parse(json.dumps({"data": [body]}).encode(), account_id=ME).events
    assert event.text == "@izmirbld su & yol <1>, &nbsp; ne? https://izmir.bel.tr/?bas=1&para=2&lt=3"
    private = {"id": DIRECT, "event_type": "MessageCreate", **body, "text": written, **links}
    (event,) = parse(json.dumps({"data": [private]}).encode(), account_id=ME).events
    assert event.text.endswith("?bas=1&para=2&lt=3")


def test_attachments() -> None:
    photo = only("message_mention_with_photo").attachments[0]
    assert (photo.kind, photo.url) == (AttachmentKind.IMAGE, "https://pbs.twimg.com/media/GxYz.jpg")
    video = only("message_mention_with_video").attachments[0]
    assert (video.kind, video.url, video.mime_type) == (
        AttachmentKind.VIDEO,
        "https://video.twimg.com/a/high.mp4",
        "video/mp4",
    )
    missing = read("message_mention_with_missing_media").events[0].attachments[0]
    assert (missing.kind, missing.external_id) == (AttachmentKind.OTHER, "3_2080765800000000000")
    place = only("message_place").attachments[0]
    assert (place.latitude, place.longitude, place.title) == (38.4237, 27.1428, "Konak, İzmir")
    shared = only("message_direct_with_shared_post").attachments[0]
    assert (shared.kind, shared.url) == (AttachmentKind.SHARE, "https://x.com/i/status/2080760000000000000")
    pushed = only("activity_message_direct").attachments[0]
    assert (pushed.kind, pushed.external_id) == (AttachmentKind.IMAGE, "2080766990000000000")


def test_edits_name_the_first_version() -> None:
    message, edit = read("edit_second_version").events
    assert message.external_id == edit.external_id == POST
    assert message.dedup_key == only("message_mention").dedup_key
    assert edit.dedup_key == f"edit:{POST}:2080766900000000000"


def test_pushed_and_polled_are_one() -> None:
    polled, pushed = only("message_direct"), only("activity_message_direct")
    for name in ("dedup_key", "external_id", "thread_id", "surface"):
        assert getattr(polled, name) == getattr(pushed, name)
    assert polled.thread_id == THREAD
    assert pushed.sender == polled.sender
    mention = only("activity_message_mention")
    assert (mention.dedup_key, mention.sender) == (only("message_mention").dedup_key, only("message_mention").sender)


@pytest.mark.parametrize("name", ["echo_own_reply", "echo_direct", "activity_echo_direct"])
def test_echoes_name_their_recipient(name: str) -> None:
    assert only(name).extra["recipient_id"] == AYSE


def test_read_receipts() -> None:
    event = only("activity_status_direct_read")
    assert (event.status, event.external_id, event.dedup_key) == (
        DeliveryStatus.READ,
        DIRECT,
        f"status:{DIRECT}:read",
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ignored_repost", "repost"),
        ("ignored_direct_group", "group"),
        ("ignored_direct_join", "ParticipantsJoin"),
        ("activity_ignored_encrypted", "encrypted"),
        ("activity_ignored_unknown", "follow.follow"),
        ("activity_system_permission_withdrawn", "permission"),
    ],
)
def test_reasons(name: str, reason: str) -> None:
    assert reason in only(name).reason


def test_bad_items_lose_nothing() -> None:
    parsed = read("page_with_bad_items")
    assert [event.text for event in parsed.events] == ["@izmirbld sağlam olan"]
    assert {problem.where for problem in parsed.problems} == {f"$.data[{index}]" for index in (0, 1, 2, 4)}


def test_pages_are_told_oldest_first() -> None:
    old, new = json.loads(sample("message_mention"))["data"][0], json.loads(sample("edit_second_version"))["data"][0]
    parsed = parse(json.dumps({"data": [new, old]}).encode(), account_id=ME)
    assert [event.text for event in parsed.events if event.kind is MESSAGE] == [old["text"], new["text"]]


def test_lists_and_bare_items() -> None:
    post, direct = json.loads(sample("message_mention"))["data"][0], json.loads(sample("message_direct"))["data"][0]
    parsed = parse(json.dumps([post, direct, {"data": direct}]).encode(), account_id=ME)
    assert [event.surface for event in parsed.events] == [Surface.MENTION, Surface.DIRECT, Surface.DIRECT]


def test_old_webhooks() -> None:
    body = {
        "for_user_id": ME,
        "tweet_create_events": [{"id_str": POST}, 5],
        "tweet_delete_events": [{"status": {"id": POST, "user_id": AYSE}, "timestamp_ms": "1784928700000"}],
    }
    parsed = parse(json.dumps(body).encode())
    assert [event.kind for event in parsed.events] == [IGNORED, EventKind.DELETE]
    assert [event.account_id for event in parsed.events] == [ME, ME]
    assert [problem.where for problem in parsed.problems] == ["$.tweet_create_events[1]"]


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff\xfe", b"7", b"null", b'"x"', b"{}", b"[[[[[1]]]]]", b"[" * 9999])
def test_what_is_no_payload_is_a_problem(payload: bytes) -> None:
    parsed = parse(payload, account_id=ME)
    assert parsed.problems
    assert not parsed.events


def test_without_a_known_account() -> None:
    """The command line reads files without knowing whose they are."""
    parsed = read("message_mention", account_id="")
    assert parsed.events[0].replyable
    assert read("echo_own_reply", account_id="").events[0].kind is MESSAGE
    assert read("activity_message_mention", account_id="").events[0].account_id == ME


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**400),
    st.floats(),
    st.text(max_size=9),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["id", "text", "type", "data"]), st.integers(), max_size=2),
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in pairs:
        found += places(value, (*path, key))
    return found


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_any_damage_is_survived(data: st.DataObject) -> None:
    document = json.loads(sample(data.draw(st.sampled_from(sorted(set(TABLE) | TESTED_ELSEWHERE)))))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(places(document) or [()]))
        if not path:
            break
        target = document
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = data.draw(ODD)
    parsed = parse(
        json.dumps(document).encode(), account_id=ME, stream=data.draw(st.sampled_from(["", "dms", "listening"]))
    )
    assert all(event.dedup_key and event.channel is ChannelName.TWITTER for event in parsed.events)
    json.dumps([dict(event.extra) for event in parsed.events])


def manifest_entries() -> list[dict[str, Any]]:
    entries = json.loads(MANIFEST.read_bytes()) if MANIFEST.exists() else []
    return [entry for entry in entries if entry["platform"] == ChannelName.TWITTER.value]


@pytest.mark.skipif(not manifest_entries(), reason="../shared/payloads holds none of X")
def test_manifest() -> None:
    silent = {ECHO, IGNORED, EventKind.SYSTEM}
    for entry in manifest_entries():
        events = parse((MANIFEST.parent / entry["file"]).read_bytes()).events
        kinds = {event.kind for event in events}
        decision, expected = entry["decision"], entry.get("expect", {})
        assert decision == "any" or (kinds <= silent if decision == "ignore" else EventKind(decision) in kinds)
        if "platform_message_id" in expected:
            assert expected["platform_message_id"] in {event.external_id for event in events}
