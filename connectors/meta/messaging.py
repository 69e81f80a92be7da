"""Reads direct messages of Messenger and Instagram, which share one shape, pushed or polled. Pure; sends nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.meta.envelope import Entry, ignored
from connectors.meta.media import polled_attachments, pushed_attachments
from connectors.meta.reading import (
    Json,
    edge,
    facts,
    fingerprint,
    id_of,
    moment,
    record,
    required_id,
    required_text,
    sequence,
    text_of,
)
from models.enums import ChannelName, DeliveryStatus, EventKind, Surface
from models.messages import ChannelEvent, Sender

SYSTEM_ITEMS = (
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "app_roles",
    "policy-enforcement",
    "account_linking",
)
"""Hand-over notices and the like: kept, acted on by nobody yet."""
NO_ACCOUNT = "0"
"""Entry id in what the dashboard's «Test» button sends."""
SHELL_KEYS = frozenset({"sender", "recipient", "timestamp"})


@dataclass(frozen=True, slots=True)
class Parties:
    """Who speaks with whom. `citizen_id` names the thread."""

    ours: str
    citizen_id: str
    sender_id: str
    at: datetime | None
    replyable: bool = True


def read_messaging(
    channel: ChannelName, entry: Entry, item: Json, *, account_id: str = "", standby: bool = False
) -> Iterable[ChannelEvent]:
    """Events of one item of `messaging` or `standby`. In standby another app owns the thread: not replyable."""
    for name, read in _READERS:
        if item.get(name) is not None:
            parties = _parties(entry, item, account_id, standby)
            return [_sealed(channel, parties, event) for event in read(record(item[name]), parties)]
    return [_unread(channel, item, _parties(entry, item, account_id, standby))]


def read_polled_message(
    channel: ChannelName, message: Json, *, account_id: str, own_handle: str = ""
) -> Iterable[ChannelEvent]:
    """The event of one message of a conversation's list."""
    writer = record(message.get("from"))
    name, handle, sender_id = text_of(writer.get("name")), text_of(writer.get("username")), id_of(writer.get("id"))
    recipient_id = next((id_of(record(person).get("id")) for person in edge(message.get("to"))), "")
    is_own = bool(sender_id and sender_id == account_id) or bool(handle and handle == own_handle)
    citizen_id = recipient_id if is_own else sender_id
    parties = Parties(account_id or recipient_id, citizen_id, sender_id, moment(message.get("created_time")))
    event = _message_event(
        required_id(message.get("id"), "id"),
        parties,
        is_echo=is_own,
        text=text_of(message.get("message")),
        attachments=polled_attachments(message),
    )
    return [_sealed(channel, parties, event, name=name, handle=handle)]


def _parties(entry: Entry, item: Json, account_id: str, standby: bool) -> Parties:
    sender = id_of(record(item.get("sender")).get("id"))
    recipient = id_of(record(item.get("recipient")).get("id"))
    message = item.get("message")
    is_echo = isinstance(message, dict) and message.get("is_echo") is True
    named = "" if entry.account_id == NO_ACCOUNT else entry.account_id
    is_ours = is_echo or (sender != recipient and sender == (named or account_id) != "")
    ours, citizen = (sender, recipient) if is_ours else (recipient, sender)
    if named not in ("", ours, citizen):
        ours = named  # the id inside may be scoped otherwise; entries are routed by their own
    return Parties(ours or entry.account_id, citizen, sender, moment(item.get("timestamp")) or entry.time, not standby)


def _message(message: Json, parties: Parties) -> Iterable[dict[str, Any]]:
    mid = required_id(message.get("mid"), "mid")
    if message.get("is_deleted") is True:
        return [{"kind": EventKind.DELETE, "dedup_key": f"delete:{mid}", "external_id": mid}]
    extra = facts(
        app_id=id_of(message.get("app_id")),
        payload=text_of(record(message.get("quick_reply")).get("payload")),
        referral=text_of(record(message.get("referral")).get("ref")),
    )
    event = _message_event(
        mid,
        parties,
        is_echo=message.get("is_echo") is True,
        text=text_of(message.get("text")),
        attachments=pushed_attachments(message),
    )
    reply_to = id_of(record(message.get("reply_to")).get("mid"))
    return [{**event, "reply_to": reply_to, "extra": {**event["extra"], **extra}}]


def _message_event(mid: str, parties: Parties, *, is_echo: bool, **content: Any) -> dict[str, Any]:
    kind = EventKind.ECHO if is_echo else EventKind.MESSAGE
    extra = facts(recipient_id=parties.citizen_id) if is_echo else {}
    return {"kind": kind, "dedup_key": f"{kind}:{mid}", "external_id": mid, "extra": extra, **content}


def _postback(postback: Json, parties: Parties) -> Iterable[dict[str, Any]]:
    """A pressed button is an answer. Older payloads carry no `mid`: sender and time name it."""
    at = int(parties.at.timestamp() * 1000) if parties.at else 0
    mid = id_of(postback.get("mid")) or f"postback:{parties.sender_id}:{at}"
    extra = facts(
        payload=text_of(postback.get("payload")), referral=text_of(record(postback.get("referral")).get("ref"))
    )
    event = _message_event(mid, parties, is_echo=False, text=text_of(postback.get("title")))
    return [{**event, "extra": extra, "reason": "postback"}]


def _edit(edit: Json, parties: Parties) -> Iterable[dict[str, Any]]:
    mid = required_id(edit.get("mid"), "mid")
    text = required_text(edit.get("text"), "text")
    version = id_of(edit.get("num_edit", edit.get("num_edits"))) or f"{parties.at}:{fingerprint(text)[:8]}"
    return [{"kind": EventKind.EDIT, "dedup_key": f"edit:{mid}:{version}", "external_id": mid, "text": text}]


def _reaction(reaction: Json, parties: Parties) -> Iterable[dict[str, Any]]:
    mid = required_id(reaction.get("mid"), "mid")
    action = text_of(reaction.get("action")) or "react"
    name = text_of(reaction.get("reaction")) or text_of(reaction.get("emoji"))
    at = parties.at.isoformat() if parties.at else ""
    key = f"reaction:{mid}:{parties.sender_id}:{action}:{name}:{at}"
    extra = facts(action=action, reaction=name, emoji=text_of(reaction.get("emoji")))
    return [{"kind": EventKind.REACTION, "dedup_key": key, "external_id": mid, "extra": extra}]


def _delivery(delivery: Json, parties: Parties) -> Iterable[dict[str, Any]]:
    return _receipts(delivery, parties, DeliveryStatus.DELIVERED)


def _read(read: Json, parties: Parties) -> Iterable[dict[str, Any]]:
    return _receipts(read, parties, DeliveryStatus.READ)


def _receipts(receipt: Json, parties: Parties, status: DeliveryStatus) -> list[dict[str, Any]]:
    """One event a message; one for the thread where only a watermark is told: all of ours up to then have it."""
    mids = [id_of(mid) for mid in sequence(receipt.get("mids"))] or [id_of(receipt.get("mid"))]
    watermark = id_of(receipt.get("watermark"))
    base = {"kind": EventKind.STATUS, "status": status, "extra": facts(watermark=watermark)}
    named = [{**base, "dedup_key": f"status:{mid}:{status}", "external_id": mid} for mid in mids if mid]
    if named:
        return named
    required_id(watermark, "watermark")
    return [{**base, "dedup_key": f"status:{parties.ours}:{parties.citizen_id}:{status}:{watermark}"}]


def _unread(channel: ChannelName, item: Json, parties: Parties) -> ChannelEvent:
    name = next((key for key in item if key not in SHELL_KEYS), "empty item")
    fields: dict[str, Any] = {"sent_at": parties.at, "sender": _sender(parties)}
    event = ignored(channel, item, text_of(name), account_id=parties.ours, **fields)
    if name not in SYSTEM_ITEMS:
        return event
    notice = record(item[name])
    extra = facts(action=text_of(notice.get("action")), new_owner=id_of(notice.get("new_owner_app_id")))
    key = event.dedup_key.replace("ignored:", "system:", 1)
    fields |= {"account_id": parties.ours, "surface": Surface.DIRECT, "thread_id": parties.citizen_id, "reason": name}
    return ChannelEvent(kind=EventKind.SYSTEM, channel=channel, dedup_key=key, extra=extra, **fields)


def _sealed(
    channel: ChannelName, parties: Parties, event: dict[str, Any], *, name: str = "", handle: str = ""
) -> ChannelEvent:
    """The event with what all direct messages share."""
    shared = {
        "account_id": parties.ours,
        "surface": Surface.DIRECT,
        "thread_id": parties.citizen_id,
        "sender": _sender(parties, name=name, handle=handle),
        "sent_at": parties.at,
        "replyable": parties.replyable,
        "reason": "" if parties.replyable else "standby",
    }
    return ChannelEvent(channel=channel, **{**shared, **event})


def _sender(parties: Parties, *, name: str = "", handle: str = "") -> Sender | None:
    if not parties.sender_id:
        return None
    return Sender(
        external_id=parties.sender_id,
        scope=parties.ours,
        display_name=name,
        handle=handle,
        known_by_id_alone=not (name or handle) and parties.sender_id == parties.citizen_id,
    )


_READERS: tuple[tuple[str, Callable[[Json, Parties], Iterable[dict[str, Any]]]], ...] = (
    ("message", _message),
    ("message_edit", _edit),
    ("postback", _postback),
    ("reaction", _reaction),
    ("delivery", _delivery),
    ("read", _read),
)
