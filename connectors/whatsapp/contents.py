"""Reads what stands in one WhatsApp message: words, attachments, small facts. Knows no webhook around it."""

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.meta.reading import Json, facts, id_of, record, sequence, text_of
from models.enums import AttachmentKind
from models.messages import Attachment

MEDIA = {
    "image": AttachmentKind.IMAGE,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
    "document": AttachmentKind.FILE,
    "sticker": AttachmentKind.STICKER,
}
CALL_PERMISSION = "call_permission_reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """`text`: the citizen's words, else a caption, else a button's title. `notice`: why nobody need act on it."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    notice: str = ""


def read_content(message: Json) -> Content:
    """Content by `type`; a placeholder where the type is unknown. Raises any of `UNREADABLE`."""
    kind = text_of(message.get("type")) or next((name for name in READERS if name in message), "")
    reader = READERS.get(kind)
    content = reader(kind, message) if reader and message.get(kind) is not None else _unknown(kind, message)
    is_empty = not (content.text or content.attachments or content.notice)
    return replace(content, attachments=(_placeholder(kind),)) if is_empty else content


def _text(kind: str, message: Json) -> Content:
    return Content(text=text_of(record(message[kind]).get("body")))


def _media(kind: str, message: Json) -> Content:
    node = record(message[kind])
    attachment = Attachment(
        kind=MEDIA[kind],
        external_id=id_of(node.get("id")),
        url=text_of(node.get("url")) or text_of(node.get("link")),
        mime_type=text_of(node.get("mime_type")),
        file_name=text_of(node.get("filename")),
        sha256=_hex(text_of(node.get("sha256"))),
    )
    extra = {"voice": True} if node.get("voice") is True else {}
    return Content(text=text_of(node.get("caption")), attachments=(attachment,), extra=extra)


def _location(kind: str, message: Json) -> Content:
    node = record(message[kind])
    title = ", ".join(filter(None, (text_of(node.get("name")), text_of(node.get("address")))))
    place = Attachment(
        kind=AttachmentKind.LOCATION,
        latitude=_degrees(node.get("latitude")),
        longitude=_degrees(node.get("longitude")),
        title=title,
        url=text_of(node.get("url")),
    )
    return Content(attachments=(place,))


def _contacts(kind: str, message: Json) -> Content:
    found = (_contact(record(one)) for one in sequence(message[kind]))
    return Content(attachments=tuple(found) or (_placeholder(kind),))


def _contact(card: Json) -> Attachment:
    name = text_of(record(card.get("name")).get("formatted_name"))
    phones = (text_of(record(phone).get("phone")) for phone in sequence(card.get("phones")))
    return Attachment(kind=AttachmentKind.CONTACT, title=" ".join(filter(None, (name, *phones))))


def _button(kind: str, message: Json) -> Content:
    node = record(message[kind])
    return Content(text=text_of(node.get("text")), extra=facts(button=text_of(node.get("payload"))))


def _interactive(kind: str, message: Json) -> Content:
    node = record(message[kind])
    name = text_of(node.get("type"))
    reply = record(node.get(name))
    if name == CALL_PERMISSION:
        return Content(notice=name)
    if name in ("button_reply", "list_reply"):
        return Content(text=text_of(reply.get("title")), extra=facts(button=id_of(reply.get("id"))))
    return Content(attachments=(_placeholder(text_of(reply.get("response_json")) or name or kind),))


def _order(kind: str, message: Json) -> Content:
    return Content(text=text_of(record(message[kind]).get("text")), attachments=(_placeholder(kind),))


def _unknown(kind: str, message: Json) -> Content:
    """What WhatsApp does not hand over, or what is newer than this parser."""
    codes = [id_of(record(error).get("code")) for error in sequence(message.get("errors"))]
    title = text_of(record(message.get("unsupported")).get("type")) or kind
    return Content(attachments=(_placeholder(title),), extra=facts(error_code=",".join(filter(None, codes))))


def _placeholder(title: str) -> Attachment:
    return Attachment(kind=AttachmentKind.OTHER, title=title)


def _degrees(value: Any) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return degrees if -180 <= degrees <= 180 else None


def _hex(digest: str) -> str:
    """WhatsApp gives SHA-256 in base64; left as it is where it is something else."""
    try:
        raw = base64.b64decode(digest, validate=True)
    except (binascii.Error, ValueError):
        return digest
    return raw.hex() if len(raw) == 32 else digest


READERS: dict[str, Callable[[str, Json], Content]] = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
}


def context_facts(message: Json) -> Iterator[tuple[str, Any]]:
    """Forwarded, came by an advertisement: small facts for later."""
    context = record(message.get("context"))
    for name in ("forwarded", "frequently_forwarded"):
        if context.get(name) is True:
            yield name, True
    referral = record(message.get("referral"))
    if source := facts(type=text_of(referral.get("source_type")), id=id_of(referral.get("source_id"))):
        yield "referral", source
