"""Reads what stands in one Telegram message: words, attachments, service notices. Knows nothing of updates."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from models.enums import AttachmentKind
from models.messages import Attachment

Json = Mapping[str, Any]

FILES = {
    "photo": AttachmentKind.IMAGE,
    "live_photo": AttachmentKind.IMAGE,
    "animation": AttachmentKind.VIDEO,
    "video": AttachmentKind.VIDEO,
    "video_note": AttachmentKind.VIDEO,
    "voice": AttachmentKind.AUDIO,
    "audio": AttachmentKind.AUDIO,
    "document": AttachmentKind.FILE,
    "sticker": AttachmentKind.STICKER,
}
PLACEHOLDERS = {
    "poll": "question",
    "game": "title",
    "dice": "emoji",
    "checklist": "title",
    "paid_media": "",
    "invoice": "title",
    "web_app_data": "button_text",
    "users_shared": "",
    "chat_shared": "title",
    "passport_data": "",
    "gift": "",
    "unique_gift": "",
    "giveaway": "",
}
"""Content without words of the citizen: its key, and the field that names it."""
NOTICES = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "connected_website",
        "write_access_allowed",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "checklist_tasks_done",
        "checklist_tasks_added",
        "successful_payment",
        "refunded_payment",
        "gift_upgrade_sent",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "managed_bot_created",
        "poll_option_added",
        "poll_option_deleted",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "new_chat_members",
        "left_chat_member",
    }
)
"""Service messages that can stand in a private chat: something happened, nobody wrote."""
MILLISECONDS_FROM = 1e11
LARGEST_SIZE = 2**53


def words(message: Json) -> str:
    """The citizen's words, else the caption; empty where there are none."""
    for key in ("text", "caption"):
        if value := plain(message.get(key)):
            return value
    rich = message.get("rich_message")
    return "\n".join(_rich_blocks(rich.get("blocks"))).strip() if isinstance(rich, Mapping) else ""


def notice(message: Json) -> str:
    """The name of the service notice that this message is, else empty."""
    return next((key for key, value in message.items() if key in NOTICES and value is not None), "")


def attachments(message: Json) -> tuple[Attachment, ...]:
    """All that hangs on the message. Telegram repeats an animation as document and a venue as location: taken once."""
    found = list(_files(message))
    if isinstance(message.get("venue"), Mapping):
        found.append(_venue(message["venue"]))
    elif isinstance(message.get("location"), Mapping):
        found.append(_location(message["location"]))
    if isinstance(message.get("contact"), Mapping):
        found.append(_contact(message["contact"]))
    if any(isinstance(message.get(key), Mapping) for key in ("story", "reply_to_story")):
        found.append(Attachment(kind=AttachmentKind.STORY, keep=False))
    found.extend(_placeholders(message))
    return tuple(found)


def file_unique_ids(message: Json) -> list[str]:
    """Ids that stay the same for the same file in every chat, in the order of the attachments' files."""
    found = (_file(message, key).get("file_unique_id") for key in _file_keys(message))
    return [plain(value) for value in found if value]


def moment(value: Any) -> datetime | None:
    """A time given in seconds or milliseconds, as number or string; None where it is neither."""
    try:
        seconds = float(value)
        return datetime.fromtimestamp(seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def plain(value: Any) -> str:
    """Text as it can be stored everywhere: no NUL, no half surrogates. Anything but text is empty."""
    if not isinstance(value, str):
        return ""
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def identifier(value: Any) -> str:
    """An id given as number or string. Raises ValueError where it is missing or something else."""
    found = plain(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not found:
        raise ValueError("id is missing")
    return found


def _file_keys(message: Json) -> list[str]:
    keys = [key for key in FILES if message.get(key)]
    return [key for key in keys if not (key == "document" and "animation" in keys)]


def _file(message: Json, key: str) -> Json:
    """The file under `key`; of a photo's sizes the largest."""
    value = message[key]
    if isinstance(value, list):
        value = max((one for one in value if isinstance(one, Mapping)), key=_area, default={})
    return value if isinstance(value, Mapping) else {}


def _area(size: Json) -> float:
    return (number(size.get("width")) or 0) * (number(size.get("height")) or 0)


def _files(message: Json) -> Iterator[Attachment]:
    for key in _file_keys(message):
        file = _file(message, key)
        yield Attachment(
            kind=FILES[key],
            external_id=plain(str(file.get("file_id") or "")),
            mime_type=plain(file.get("mime_type")) or ("image/jpeg" if key == "photo" else ""),
            file_name=plain(file.get("file_name")),
            size=_size(file.get("file_size")),
            title=plain(file.get("title")) or plain(file.get("emoji")),
        )


def _size(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and 0 <= found <= LARGEST_SIZE else None


def _location(location: Json, *, title: str = "") -> Attachment:
    return Attachment(
        kind=AttachmentKind.LOCATION,
        latitude=number(location.get("latitude")),
        longitude=number(location.get("longitude")),
        title=title,
    )


def _venue(venue: Json) -> Attachment:
    title = ", ".join(filter(None, (plain(venue.get("title")), plain(venue.get("address")))))
    place = venue.get("location")
    return _location(place if isinstance(place, Mapping) else {}, title=title)


def _contact(contact: Json) -> Attachment:
    parts = (plain(contact.get(key)) for key in ("first_name", "last_name", "phone_number"))
    return Attachment(kind=AttachmentKind.CONTACT, title=" ".join(filter(None, parts)))


def _placeholders(message: Json) -> Iterator[Attachment]:
    for key, naming in PLACEHOLDERS.items():
        if isinstance(message.get(key), Mapping):
            yield Attachment(kind=AttachmentKind.OTHER, title=plain(message[key].get(naming)) or key)


def number(value: Any) -> float | None:
    """A finite number given as number or string, else None."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _rich_blocks(blocks: Any) -> Iterator[str]:
    """The words of each block of a rich message, lists and quotations included."""
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, Mapping):
            continue
        if "text" in block:
            yield _rich_text(block["text"])
        for key, inner in block.items():
            yield from _rich_blocks(inner if key != "text" else None)


def _rich_text(value: Any) -> str:
    """RichText: a string, a list of them, or an object that wraps one."""
    if isinstance(value, list):
        return "".join(_rich_text(one) for one in value)
    return _rich_text(value.get("text")) if isinstance(value, Mapping) else plain(value)
