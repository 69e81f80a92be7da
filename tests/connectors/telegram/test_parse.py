"""Every sample and every foreign payload of the manifest against what it must become."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.telegram.parse import parse
from models.enums import AttachmentKind as A
from models.enums import EventKind as K
from models.enums import Surface
from models.messages import ChannelEvent

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "connectors/telegram/samples"
PAYLOADS = ROOT.parent / "shared/payloads"
BOT = "7153000153"
CHAT = "7300000001"


def read(name: str) -> tuple[ChannelEvent, ...]:
    return parse((SAMPLES / f"{name}.json").read_bytes(), account_id=BOT).events


TABLE: list[tuple[str, K, str, str, list[A]]] = [
    ("message_text", K.MESSAGE, "41", "Kazımdirik'te sokak lambası üç gündür yanmıyor.", []),
    ("message_start_with_payload", K.MESSAGE, "41", "/start qr-durak-10234", []),
    ("message_photo_with_caption", K.MESSAGE, "41", "Konteyner taşmış, Manavkuyu 275. sokak", [A.IMAGE]),
    ("message_voice", K.MESSAGE, "41", "", [A.AUDIO]),
    ("message_video_note", K.MESSAGE, "41", "", [A.VIDEO]),
    ("message_animation_repeated_as_document", K.MESSAGE, "41", "", [A.VIDEO]),
    ("message_document", K.MESSAGE, "41", "Dilekçem ektedir", [A.FILE]),
    ("message_location", K.MESSAGE, "41", "", [A.LOCATION]),
    ("message_venue_repeated_as_location", K.MESSAGE, "41", "", [A.LOCATION]),
    ("message_contact_own", K.MESSAGE, "41", "", [A.CONTACT]),
    ("message_sticker", K.MESSAGE, "41", "", [A.STICKER]),
    ("message_poll", K.MESSAGE, "41", "", [A.OTHER]),
    ("message_reply", K.MESSAGE, "60", "Evet, aynı yer", []),
    ("message_forwarded", K.MESSAGE, "41", "Arkadaşım yazmış", []),
    ("message_rich", K.MESSAGE, "41", "Otobüs\n302 geç geliyor", []),
    ("message_of_unknown_type", K.MESSAGE, "41", "", [A.OTHER]),
    ("message_without_sender", K.MESSAGE, "41", "Merhaba", []),
    ("message_ids_as_strings_and_milliseconds", K.MESSAGE, "41", "Merhaba", []),
    ("message_button_pressed", K.MESSAGE, "callback:31355123456789", "survey:yes", []),
    ("edit_text", K.EDIT, "41", "Kazımdirik'te iki sokak lambası yanmıyor.", []),
    ("edit_caption", K.EDIT, "41", "Konteyner taşmış, 276. sokak", [A.IMAGE]),
    ("reaction_added", K.REACTION, "62", "", []),
    ("system_message_pinned", K.SYSTEM, "63", "", []),
    ("echo_own_message", K.ECHO, "64", "Başvurunuz alındı.", []),
]


@pytest.mark.parametrize(("name", "kind", "message_id", "text", "attachments"), TABLE, ids=[row[0] for row in TABLE])
def test_sample(name: str, kind: K, message_id: str, text: str, attachments: list[A]) -> None:
    [event] = read(name)
    assert event.kind is kind
    assert event.external_id == f"{BOT}:{CHAT}:{message_id}"
    assert event.text == text
    assert [one.kind for one in event.attachments] == attachments
    assert (event.account_id, event.thread_id, event.surface) == (BOT, CHAT, Surface.DIRECT)
    if kind is not K.ECHO:
        assert event.sender is not None
        assert event.sender.external_id == CHAT


@pytest.mark.parametrize(
    ("name", "kind", "reason"),
    [
        ("system_bot_blocked", K.SYSTEM, "user_blocked"),
        ("system_bot_unblocked", K.SYSTEM, "user_unblocked"),
        ("system_message_pinned", K.SYSTEM, "pinned_message"),
        ("ignored_group_message", K.IGNORED, "not a private chat"),
        ("ignored_channel_post", K.IGNORED, "unsupported update: channel_post"),
        ("ignored_unknown_update", K.IGNORED, "unsupported update: future_thing"),
    ],
)
def test_reasons(name: str, kind: K, reason: str) -> None:
    [event] = read(name)
    assert (event.kind, event.reason) == (kind, reason)


def test_every_sample_is_tested() -> None:
    named = {row[0] for row in TABLE} | {"system_bot_blocked", "system_bot_unblocked", "ignored_group_message"}
    named |= {"ignored_channel_post", "ignored_unknown_update", "message_album", "page_with_bad_items"}
    assert named == {path.stem for path in SAMPLES.glob("*.json")}


def test_album_shares_a_group_key() -> None:
    first, second = read("message_album")
    assert first.group_key == second.group_key == f"{BOT}:{CHAT}:album-13712345678901234"
    assert first.external_id != second.external_id
    assert (first.text, second.text) == ("Yoldaki çukurlar", "")


def test_largest_photo_is_taken() -> None:
    [event] = read("message_photo_with_caption")
    [photo] = event.attachments
    assert (photo.external_id, photo.size, photo.mime_type) == ("AgACAgQAAxpy", 180422, "image/jpeg")
    assert event.extra["file_unique_ids"] == ["AQADpy"]


def test_place_and_contact() -> None:
    [place] = read("message_venue_repeated_as_location")[0].attachments
    assert (place.latitude, place.longitude, place.title) == (38.4192, 27.1287, "Konak İskelesi, Atatürk Cd.")
    [event] = read("message_contact_own")
    assert event.attachments[0].title == "Ayşe Yıldız +905550000001"
    assert event.extra["own_contact"] is True


def test_sender_and_time() -> None:
    [event] = read("message_text")
    assert event.sender is not None
    assert (event.sender.display_name, event.sender.handle, event.sender.scope) == ("Ayşe Yıldız", "ayseyildiz", "")
    [with_strings] = read("message_ids_as_strings_and_milliseconds")
    assert event.sent_at == with_strings.sent_at
    assert event.sent_at is not None
    assert event.sent_at.isoformat() == "2026-11-22T07:00:00+00:00"


def test_reply_names_the_answered_message() -> None:
    assert read("message_reply")[0].reply_to == f"{BOT}:{CHAT}:59"
    assert read("message_button_pressed")[0].reply_to == f"{BOT}:{CHAT}:61"


def test_edits_differ_from_their_message_and_from_each_other() -> None:
    payload = json.loads((SAMPLES / "edit_text.json").read_bytes())
    keys = {event.dedup_key for name in ("message_text", "edit_text") for event in read(name)}
    payload["edited_message"]["text"] += " Acil."
    keys |= {event.dedup_key for event in parse(json.dumps(payload).encode(), account_id=BOT).events}
    assert len(keys) == 3


def test_push_and_poll_agree() -> None:
    update = json.loads((SAMPLES / "message_text.json").read_bytes())
    shapes: list[Any] = [update, [update], {"ok": True, "result": [update]}]
    parsed = [parse(json.dumps(shape).encode(), account_id=BOT).events for shape in shapes]
    assert parsed[0] == parsed[1] == parsed[2]


def test_an_empty_notice_swallows_no_words() -> None:
    update = json.loads((SAMPLES / "message_text.json").read_bytes())
    (plain,) = parse(json.dumps(update).encode(), account_id=BOT).events
    update["message"] = {"pinned_message": None, **update["message"]}
    assert parse(json.dumps(update).encode(), account_id=BOT).events == (plain,)


def test_bad_items_lose_nothing() -> None:
    parsed = parse((SAMPLES / "page_with_bad_items.json").read_bytes(), account_id=BOT)
    assert [event.text for event in parsed.events] == ["birinci", "ikinci"]
    assert [problem.where for problem in parsed.problems] == ["$.result[1]", "$.result[2]", "$.result[3]"]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"7",
        b"{}",
        b'{"ok":false,"error_code":401}',
        b'{"message":null}',
        b'{"message":{"chat":{"id":1e999},"message_id":1}}',
        b"[" * 100_000,
        b'{"update_id":1,"message":' + b'{"chat":' * 500 + b"1" + b"}" * 501,
    ],
)
def test_nothing_raises(payload: bytes) -> None:
    parsed = parse(payload, account_id=BOT)
    assert parsed.problems
    assert not parsed.events


def test_unstorable_letters_are_replaced() -> None:
    [event] = parse(b'{"message":{"message_id":1,"chat":{"id":5},"text":"a\\u0000b\\ud83d"}}', account_id=BOT).events
    assert event.text == "ab?"


def _manifest() -> list[dict[str, Any]]:
    path = PAYLOADS / "manifest.json"
    if not path.exists():
        return []
    return [entry for entry in json.loads(path.read_bytes()) if entry["platform"] == "telegram"]


@pytest.mark.skipif(not _manifest(), reason="../shared/payloads is missing")
@pytest.mark.parametrize("entry", _manifest(), ids=lambda entry: entry["file"])
def test_manifest(entry: dict[str, Any]) -> None:
    parsed = parse((PAYLOADS / entry["file"]).read_bytes(), account_id="1")
    [event] = parsed.events
    assert not parsed.problems
    assert (
        (event.kind in (K.IGNORED, K.ECHO, K.SYSTEM))
        if entry["decision"] == "ignore"
        else (event.kind == entry["decision"])
    )
    expect = entry["expect"]
    assert event.text == (expect.get("text") or "")
    if expect.get("sender_id"):
        assert event.sender is not None
        assert event.sender.external_id == str(expect["sender_id"])
    if expect.get("platform_message_id"):
        assert event.external_id.split(":")[-1] == str(expect["platform_message_id"])
