"""PURE: WhatsApp's webhooks -> events. Every message, receipt, echo and notice of a batch; calls nobody."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from connectors.meta.reading import UNREADABLE, Json, facts, fingerprint, id_of, record, required_id, sequence, text_of
from connectors.whatsapp.contents import Content, context_facts, read_content
from connectors.whatsapp.envelope import PIECE_MARK, ItemReader, Shell, Walk
from models.enums import AttachmentKind, DeliveryStatus, EventKind
from models.messages import ChannelEvent, Parsed

STATUSES = {
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "played": DeliveryStatus.READ,
    "failed": DeliveryStatus.FAILED,
}


def parse(payload: bytes, *, account_id: str = "", stream: str = "") -> Parsed:
    """Events of a webhook body, or of a list of them. `account_id` stands in where a body names no number of ours."""
    walk = Walk(account_id, READERS)
    try:
        document = json.loads(payload)
    except UNREADABLE as error:
        walk.problem("$", error)
        document = []
    bodies = enumerate(document) if isinstance(document, list) else [("", document)]
    for index, body in bodies:
        walk.body("$" if index == "" else f"$[{index}]", body)
    return Parsed(events=tuple(walk.events), problems=tuple(walk.problems))


def _message(value: Shell, item: Any) -> Iterable[ChannelEvent]:
    message, external_id = record(item), required_id(record(item).get("id"), "id")
    if message.get("group_id"):
        return [value.ignored(message, "group", external_id=external_id)]
    special = SPECIAL.get(text_of(message.get("type")))
    if special:
        return [special(value, message, external_id)]
    content = read_content(message)
    if content.notice:
        return [value.ignored(message, content.notice, external_id=external_id)]
    return [_content_event(value, EventKind.MESSAGE, f"message:{external_id}", message, content, external_id)]


def _content_event(
    value: Shell, kind: EventKind, dedup_key: str, message: Json, content: Content, external_id: str, **more: Any
) -> ChannelEvent:
    extra = {**content.extra, **dict(context_facts(message)), **more.pop("extra", {})}
    return value.event(
        kind,
        dedup_key,
        message,
        external_id=external_id,
        text=content.text,
        attachments=content.attachments,
        reply_to=id_of(record(message.get("context")).get("id")),
        extra=extra,
        **more,
    )


def _edit(value: Shell, message: Json, event_id: str) -> ChannelEvent:
    edit = record(message["edit"])
    original = required_id(edit.get("original_message_id"), "edit.original_message_id")
    content, extra = read_content(record(edit.get("message"))), {"event_id": event_id}
    if not content.text and all(one.kind is AttachmentKind.OTHER for one in content.attachments):
        return value.ignored(message, "edited, and nothing of it is told", external_id=original)
    return _content_event(value, EventKind.EDIT, f"edit:{original}:{event_id}", message, content, original, extra=extra)


def _revoke(value: Shell, message: Json, event_id: str) -> ChannelEvent:
    original = required_id(record(message["revoke"]).get("original_message_id"), "revoke.original_message_id")
    key, extra = f"delete:{original}", {"event_id": event_id}
    return value.event(EventKind.DELETE, key, message, external_id=original, extra=extra)


def _reaction(value: Shell, message: Json, event_id: str) -> ChannelEvent:
    """An absent or empty emoji takes the reaction back."""
    reaction = record(message["reaction"])
    target = required_id(reaction.get("message_id"), "reaction.message_id")
    extra = {"event_id": event_id, "emoji": text_of(reaction.get("emoji"))}
    return value.event(EventKind.REACTION, f"reaction:{event_id}", message, external_id=target, extra=extra)


def _system(value: Shell, message: Json, event_id: str) -> ChannelEvent:
    """Number or user id changed: `extra` names the ids before and after."""
    system = record(message.get("system"))
    before = (message.get("from"), message.get("from_user_id"), system.get("previous_user_id"))
    after = (system.get("new_wa_id"), system.get("wa_id"), system.get("user_id"))
    reason = text_of(system.get("type")) or text_of(message.get("type"))
    return value.event(
        EventKind.SYSTEM,
        f"system:{event_id}",
        message,
        external_id=event_id,
        reason=reason,
        extra=_id_change(before, after) if reason.startswith("user_changed") else {},
    )


def _id_update(value: Shell, item: Any) -> Iterable[ChannelEvent]:
    update = record(item)
    ids = [record(update.get(name)) for name in ("user_id", "parent_user_id")]
    before, after = [one.get("previous") for one in ids], [one.get("current") for one in ids]
    known_as = facts(**{"from": id_of(update.get("wa_id")), "from_user_id": id_of(ids[0].get("previous"))})
    return [
        value.event(
            EventKind.SYSTEM,
            f"system:{fingerprint(update)}",
            update,
            sender=value.sender(known_as),
            reason="user_id_update",
            extra=_id_change(before, (update.get("wa_id"), *after)),
        )
    ]


def _id_change(before: Iterable[Any], after: Iterable[Any]) -> dict[str, list[str]]:
    previous, current = ([found for one in ids if (found := id_of(one))] for ids in (before, after))
    return {"previous_ids": previous, "current_ids": [one for one in current if one not in previous]}


def _status(value: Shell, item: Any) -> Iterable[ChannelEvent]:
    receipt, external_id = record(item), required_id(record(item).get("id"), "id")
    name, recipient = text_of(receipt.get("status")), id_of(receipt.get("recipient_id"))
    shared: dict[str, Any] = {"external_id": external_id, "sender": None}
    shared["thread_id"] = id_of(receipt.get("recipient_user_id")) or recipient
    if receipt.get("recipient_type") == "group" or receipt.get("group_id"):
        return [value.ignored(receipt, "group receipt", **shared)]
    if name not in STATUSES:
        return [value.ignored(receipt, f"status {name or 'missing'}", **shared)]
    reference, _, piece = text_of(receipt.get("biz_opaque_callback_data")).partition(PIECE_MARK)
    errors = [record(error) for error in sequence(receipt.get("errors"))]
    pricing = record(receipt.get("pricing"))
    extra = facts(
        piece=piece,
        error_code=",".join(id_of(error.get("code")) for error in errors),
        price_category=text_of(pricing.get("category")),
        price_type=text_of(pricing.get("type")),
    )
    extra_facts: dict[str, Any] = {**extra, **({"billable": True} if pricing.get("billable") is True else {})}
    key, why = f"status:{external_id}:{name}", "; ".join(_said(error) for error in errors)
    return [
        value.event(
            EventKind.STATUS,
            key,
            receipt,
            status=STATUSES[name],
            reference=reference,
            reason=why,
            extra=extra_facts,
            **shared,
        )
    ]


def _echo(value: Shell, item: Any) -> Iterable[ChannelEvent]:
    """Written on the telephone that shares our number."""
    echo, event_id = record(item), required_id(record(item).get("id"), "id")
    recipient = id_of(echo.get("to_user_id")) or id_of(echo.get("to"))
    whom: dict[str, Any] = {"sender": None, "thread_id": recipient}
    kind = text_of(echo.get("type"))
    if kind in ("edit", "revoke", "reaction"):
        return [value.ignored(echo, f"own {kind}", external_id=event_id, **whom)]
    extra = facts(recipient_id=recipient)
    key, content = f"echo:{event_id}", read_content(echo)
    return [_content_event(value, EventKind.ECHO, key, echo, content, event_id, extra=extra, **whom)]


def _error(value: Shell, item: Any) -> Iterable[ChannelEvent]:
    """A fault of the account itself, beside its messages."""
    error = record(item)
    key, extra = f"system:{fingerprint(error)}", facts(error_code=id_of(error.get("code")))
    return [value.event(EventKind.SYSTEM, key, error, sender=None, reason=_said(error), extra=extra)]


def _said(error: Json) -> str:
    details = text_of(record(error.get("error_data")).get("details"))
    words = dict.fromkeys((id_of(error.get("code")), text_of(error.get("title")), details))
    return " ".join(filter(None, words))


READERS: dict[str, ItemReader] = {
    "messages": _message,
    "statuses": _status,
    "message_echoes": _echo,
    "user_id_update": _id_update,
    "errors": _error,
}
SPECIAL: dict[str, Callable[[Shell, Json, str], ChannelEvent]] = {
    "edit": _edit,
    "revoke": _revoke,
    "reaction": _reaction,
    "system": _system,
    "request_welcome": _system,
}
