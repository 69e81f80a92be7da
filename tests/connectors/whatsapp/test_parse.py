"""Every sample and every foreign payload of the manifest against what it must become."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.whatsapp.parse import parse
from models.enums import AttachmentKind as A
from models.enums import DeliveryStatus, Surface
from models.enums import EventKind as K
from models.messages import ChannelEvent, Parsed

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "connectors/whatsapp/samples"
PAYLOADS = ROOT.parent / "shared/payloads"
NUMBER = "106700153000002"
CITIZEN = "TR.13491208655302741918"
PHONE = "905005550001"
MESSAGE = "wamid.HBgMOTA1MDA1NTUwMDAxFQIAEhgUM0EwMDAwMDAwMDAwMDAwMDAwMDEA"


def read(name: str) -> ChannelEvent:
    [event] = parse((SAMPLES / f"{name}.json").read_bytes()).events
    return event


MESSAGES: list[tuple[str, str, list[A]]] = [
    ("message_text", "Buca'da çöp üç gündür alınmadı", []),
    ("message_image_with_caption", "Yoldaki çukur", [A.IMAGE]),
    ("message_image_with_address", "", [A.IMAGE]),
    ("message_voice", "", [A.AUDIO]),
    ("message_video", "Su fışkırıyor", [A.VIDEO]),
    ("message_document", "Dilekçem ektedir", [A.FILE]),
    ("message_sticker", "", [A.STICKER]),
    ("message_location", "", [A.LOCATION]),
    ("message_contacts", "", [A.CONTACT]),
    ("message_button", "Evet, çözüldü", []),
    ("message_button_reply", "Hayır", []),
    ("message_list_reply", "Su ve kanal", []),
    ("message_flow_reply", "", [A.OTHER]),
    ("message_order", "iki tane", [A.OTHER]),
    ("message_reply_forwarded", "Bunu da görün", []),
    ("message_by_advertisement", "Merhaba", []),
    ("message_unsupported", "", [A.OTHER]),
    ("message_of_unknown_type", "", [A.OTHER]),
    ("message_without_phone", "Merhaba", []),
    ("message_numeric_id_and_milliseconds", "Merhaba", []),
    ("message_in_standby", "Merhaba", []),
]
OTHERS: list[tuple[str, K, str, str]] = [
    ("edit_text", K.EDIT, "wamid.ORIGINAL", ""),
    ("edit_caption", K.EDIT, "wamid.ORIGINAL", ""),
    ("delete_revoked", K.DELETE, "wamid.ORIGINAL", ""),
    ("reaction_added", K.REACTION, "wamid.OURS", ""),
    ("reaction_removed", K.REACTION, "wamid.OURS", ""),
    ("system_number_changed", K.SYSTEM, "wamid.SYSTEM", "user_changed_number"),
    ("system_user_id_changed", K.SYSTEM, "wamid.SYSTEM", "user_changed_user_id"),
    ("system_user_id_update", K.SYSTEM, "", "user_id_update"),
    ("system_account_error", K.SYSTEM, "", "131031 Business Account locked Policy"),
    ("system_chat_opened", K.SYSTEM, "wamid.WELCOME", "request_welcome"),
    ("status_sent", K.STATUS, "wamid.OURS", ""),
    ("status_delivered_of_a_piece", K.STATUS, "wamid.OURS", ""),
    ("status_read_without_phone", K.STATUS, "wamid.OURS", ""),
    ("status_played", K.STATUS, "wamid.OURS", ""),
    (
        "status_failed_window_closed",
        K.STATUS,
        "wamid.OURS",
        "131047 Re-engagement message More than 24 hours have passed",
    ),
    ("status_of_unknown_name", K.IGNORED, "wamid.OURS", "status pondered"),
    ("status_in_a_group", K.IGNORED, "wamid.OURS", "group receipt"),
    ("echo_text", K.ECHO, "wamid.PHONE", ""),
    ("ignored_echo_revoked", K.IGNORED, "wamid.PHONE2", "own revoke"),
    ("ignored_group_message", K.IGNORED, MESSAGE, "group"),
    ("ignored_call_permission", K.IGNORED, MESSAGE, "call_permission_reply"),
    ("ignored_template_status", K.IGNORED, "", "field message_template_status_update"),
    ("ignored_other_object", K.IGNORED, "", "object 'page' is another connector's"),
]
ALONE = {"message_without_user_id", "message_without_sender", "batch_with_bad_items"}


@pytest.mark.parametrize(("name", "text", "attachments"), MESSAGES, ids=[row[0] for row in MESSAGES])
def test_messages(name: str, text: str, attachments: list[A]) -> None:
    event = read(name)
    assert (event.kind, event.external_id, event.dedup_key) == (K.MESSAGE, MESSAGE, f"message:{MESSAGE}")
    assert (event.account_id, event.thread_id, event.surface) == (NUMBER, CITIZEN, Surface.DIRECT)
    assert (event.text, [one.kind for one in event.attachments]) == (text, attachments)
    assert event.sender is not None
    assert (event.sender.external_id, event.sender.display_name) == (CITIZEN, "Ayşe Yıldız")
    assert event.sent_at is not None
    assert event.sent_at.isoformat() == "2026-11-22T07:00:00+00:00"


@pytest.mark.parametrize(("name", "kind", "external_id", "reason"), OTHERS, ids=[row[0] for row in OTHERS])
def test_other_events(name: str, kind: K, external_id: str, reason: str) -> None:
    event = read(name)
    assert (event.kind, event.external_id, event.reason) == (kind, external_id, reason)


def test_every_sample_is_tested() -> None:
    named = {row[0] for row in MESSAGES} | {row[0] for row in OTHERS} | ALONE
    assert named == {path.stem for path in SAMPLES.glob("*.json")}


def test_dedup_keys_tell_events_apart() -> None:
    names = [row[0] for row in OTHERS if row[1] is not K.REACTION and row[0] != "edit_caption"]
    names.remove("system_user_id_changed")
    keys = {read(name).dedup_key for name in names}
    assert len(keys) == len(names)


def test_identity_is_the_user_id_with_the_phone_as_alias() -> None:
    sender = read("message_text").sender
    assert sender is not None
    assert (sender.external_id, sender.aliases, sender.handle) == (CITIZEN, (PHONE,), "ayseyildiz")
    hidden = read("message_without_phone").sender
    assert hidden is not None
    assert (hidden.external_id, hidden.aliases) == (CITIZEN, ())
    old = read("message_without_user_id").sender
    assert old is not None
    assert (old.external_id, old.aliases) == (PHONE, ())


def test_missing_sender_is_tolerated() -> None:
    event = read("message_without_sender")
    assert (event.kind, event.sender, event.text) == (K.MESSAGE, None, "Merhaba")


def test_changed_ids_are_named() -> None:
    assert read("system_number_changed").extra == {
        "previous_ids": [PHONE, CITIZEN],
        "current_ids": ["905005550002", "TR.99"],
    }
    for name in ("system_user_id_changed", "system_user_id_update"):
        event = read(name)
        assert CITIZEN in event.extra["previous_ids"]
        assert "TR.99" in event.extra["current_ids"]
        assert event.sender is not None
        assert event.sender.external_id == CITIZEN


def test_edits_carry_the_new_words() -> None:
    assert read("edit_text").text == "Buca'da çöp dört gündür alınmadı"
    assert read("edit_caption").text == "Yoldaki büyük çukur"
    assert read("edit_text").extra == {"event_id": "wamid.EDIT"}


def test_receipts() -> None:
    names = ("status_sent", "status_delivered_of_a_piece", "status_read_without_phone", "status_played")
    statuses = [read(name) for name in (*names, "status_failed_window_closed")]
    D = DeliveryStatus
    assert [one.status for one in statuses] == [D.SENT, D.DELIVERED, D.READ, D.READ, D.FAILED]
    assert [one.reference for one in statuses] == ["41", "41", "", "", "41"]
    assert {one.thread_id for one in statuses} == {CITIZEN}
    assert statuses[0].extra == {"price_category": "service", "price_type": "regular", "billable": True}
    assert statuses[1].extra["piece"] == "2/3"
    assert statuses[4].extra == {"error_code": "131047"}


def test_echo_names_the_recipient() -> None:
    echo = read("echo_text")
    assert (echo.text, echo.thread_id, dict(echo.extra)) == ("Ekip yolda.", CITIZEN, {"recipient_id": CITIZEN})
    assert echo.sender is None


def test_attachment_facts() -> None:
    [document] = read("message_document").attachments
    assert (document.external_id, document.file_name, document.mime_type) == (
        "1003383421387256",
        "dilekçe.pdf",
        "application/pdf",
    )
    assert document.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    [place] = read("message_location").attachments
    assert (place.latitude, place.longitude, place.title) == (38.4192, 27.1287, "Konak İskelesi, Atatürk Cd.")
    assert read("message_contacts").attachments[0].title == "Muhtar Ali +90 500 555 00 09"
    assert read("message_image_with_address").attachments[0].url.startswith("https://lookaside.fbsbx.com/")


def test_context_and_buttons() -> None:
    event = read("message_reply_forwarded")
    assert (event.reply_to, dict(event.extra)) == ("wamid.OURS", {"forwarded": True})
    assert read("message_button").extra == {"button": "survey:yes"}
    assert read("message_by_advertisement").extra == {"referral": {"type": "ad", "id": "1201"}}
    assert not read("message_in_standby").replyable
    assert read("message_text").replyable


def _alone(**message: Any) -> Parsed:
    shell = {"from": "905550000001", "id": "wamid.1", "timestamp": "1795330800"}
    value = {"metadata": {"phone_number_id": "1"}, "messages": [{**shell, **message}]}
    entry = {"id": "2", "changes": [{"field": "messages", "value": value}]}
    return parse(json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode())


@pytest.mark.parametrize("content", [{"button": {"text": None}}, {"interactive": {"type": "list_reply"}}])
def test_what_tells_nothing_has_a_placeholder(content: dict[str, Any]) -> None:
    (kind,) = content
    (event,) = _alone(type=kind, **content).events
    assert (event.text, [one.title for one in event.attachments]) == ("", [kind])


@pytest.mark.parametrize("told", [{}, {"message": {"type": "unsupported", "errors": [{"code": 131051}]}}])
def test_an_edit_that_tells_nothing_takes_no_words_away(told: dict[str, Any]) -> None:
    (event,) = _alone(type="edit", edit={"original_message_id": "wamid.0", **told}).events
    assert (event.kind, event.external_id) == (K.IGNORED, "wamid.0")


def test_bad_items_lose_nothing() -> None:
    parsed = parse((SAMPLES / "batch_with_bad_items.json").read_bytes())
    texts = [(event.text, event.sender.display_name) for event in parsed.events if event.sender]
    assert texts == [("birinci", "Ayşe Yıldız"), ("üçüncü", "Can"), ("dördüncü", "Ayşe Yıldız")]
    assert [event.kind for event in parsed.events].count(K.STATUS) == 1
    value = "$.entry[0].changes[0].value"
    assert [problem.where for problem in parsed.problems] == [
        f"{value}.messages[1]",
        f"{value}.messages[2]",
        f"{value}.statuses[1]",
        "$.entry[1].changes",
    ]


@pytest.mark.parametrize(
    "payload", [b"", b"\xff\xfe", b"null", b"7", b"{}", b'{"entry":7}', b'{"object":"page"}', b"[1]", b"[" * 100_000]
)
def test_nothing_raises(payload: bytes) -> None:
    parsed = parse(payload)
    assert parsed.problems
    assert not parsed.events


def test_lists_of_bodies_are_read() -> None:
    body = json.loads((SAMPLES / "message_text.json").read_bytes())
    assert len(parse(json.dumps([body, body]).encode()).events) == 2


def _manifest() -> list[dict[str, Any]]:
    path = PAYLOADS / "manifest.json"
    if not path.exists():
        return []
    return [entry for entry in json.loads(path.read_bytes()) if entry["platform"] == "whatsapp"]


@pytest.mark.skipif(not _manifest(), reason="../shared/payloads is missing")
@pytest.mark.parametrize("entry", _manifest(), ids=lambda entry: entry["file"])
def test_manifest(entry: dict[str, Any]) -> None:
    """`platform_message_id` is the id of the notice; of edits, revokes and reactions ours names the message meant.

    `sender_id` is what stands in `from`; where the user id stands beside it, that is our key and the phone an alias.
    """
    parsed = parse((PAYLOADS / entry["file"]).read_bytes())
    assert not parsed.problems
    event, decision, expect = parsed.events[0], entry["decision"], entry["expect"]
    if decision == "ignore":
        assert event.kind in (K.IGNORED, K.ECHO, K.SYSTEM)
    elif decision != "any":
        assert event.kind == decision
    if expect.get("sender_id"):
        assert event.sender is not None
        assert expect["sender_id"] in (event.sender.external_id, *event.sender.aliases)
    if expect.get("platform_message_id"):
        assert expect["platform_message_id"] in (event.external_id, event.extra.get("event_id"))
    if decision == "message":
        assert event.text == (expect.get("text") or "")
