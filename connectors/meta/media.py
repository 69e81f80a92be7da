"""Reads attachments of direct messages, pushed or polled. Links only: nothing is fetched here."""

from typing import Any

from connectors.meta.reading import Json, edge, id_of, record, sequence, text_of
from models.enums import AttachmentKind
from models.messages import Attachment

KINDS = {
    "image": AttachmentKind.IMAGE,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
    "file": AttachmentKind.FILE,
    "location": AttachmentKind.LOCATION,
    "sticker": AttachmentKind.STICKER,
    "like_heart": AttachmentKind.STICKER,
    "fallback": AttachmentKind.SHARE,
    "share": AttachmentKind.SHARE,
    "post": AttachmentKind.SHARE,
    "reel": AttachmentKind.SHARE,
    "ig_post": AttachmentKind.SHARE,
    "ig_reel": AttachmentKind.SHARE,
    "template": AttachmentKind.SHARE,
    "story_mention": AttachmentKind.STORY,
    "ig_story": AttachmentKind.STORY,
}
UNKNOWN = Attachment(kind=AttachmentKind.OTHER, title="unsupported")
"""Stands for content that the platform does not hand over."""
SITE = "https://www.facebook.com"


def pushed_attachments(message: Json) -> tuple[Attachment, ...]:
    """Attachments of a webhook's message; a placeholder where it holds nothing readable."""
    found = [_pushed(record(item)) for item in sequence(message.get("attachments"))]
    story = record(record(message.get("reply_to")).get("story"))
    if story:
        found.append(story_link(story.get("id"), story.get("url")))
    return _or_placeholder(found, message.get("text"))


def polled_attachments(message: Json) -> tuple[Attachment, ...]:
    """Attachments of a message of a conversation's list; a placeholder where it holds nothing readable."""
    found = [_polled(record(item)) for item in edge(message.get("attachments"))]
    story = record(message.get("story"))
    for name in ("reply_to", "mention"):
        if part := record(story.get(name)):
            found.append(story_link(part.get("id"), part.get("link")))
    if message.get("sticker"):
        found.append(Attachment(kind=AttachmentKind.STICKER, url=address(message["sticker"])))
    for share in edge(message.get("shares")):
        found.append(Attachment(kind=AttachmentKind.SHARE, url=address(record(share).get("link"))))
    return _or_placeholder(found, message.get("message"))


def story_link(story_id: Any, url: Any) -> Attachment:
    """The platform forbids to keep a story's media: only the link stays."""
    return Attachment(kind=AttachmentKind.STORY, external_id=id_of(story_id), url=address(url), keep=False)


def address(value: Any) -> str:
    """A web address; Meta sometimes leaves out the host."""
    url = text_of(value)
    return f"{SITE}{url}" if url.startswith("/") else url


def _or_placeholder(found: list[Attachment], text: Any) -> tuple[Attachment, ...]:
    return tuple(found) if found or text_of(text) else (UNKNOWN,)


def _pushed(item: Json) -> Attachment:
    payload = record(item.get("payload"))
    kind = KINDS.get(text_of(item.get("type")), AttachmentKind.OTHER)
    if payload.get("sticker_id") is not None:
        kind = AttachmentKind.STICKER
    place = record(payload.get("coordinates"))
    return Attachment(
        kind=kind,
        external_id=id_of(payload.get("sticker_id")) or id_of(payload.get("attachment_id")),
        url=address(payload.get("url") or item.get("url") or item.get("URL")),
        title=text_of(item.get("title")) or text_of(payload.get("title")),
        latitude=_degrees(place.get("lat")),
        longitude=_degrees(place.get("long")),
        keep=kind is not AttachmentKind.STORY,
    )


def _polled(item: Json) -> Attachment:
    mime = text_of(item.get("mime_type"))
    image, video = record(item.get("image_data")), record(item.get("video_data"))
    return Attachment(
        kind=_polled_kind(mime, image, video),
        external_id=id_of(item.get("id")),
        url=address(image.get("url") or video.get("url") or item.get("file_url")),
        mime_type=mime,
        file_name=text_of(item.get("name")),
        size=_size(item.get("size")),
    )


def _polled_kind(mime: str, image: Json, video: Json) -> AttachmentKind:
    if image or mime.startswith("image/"):
        return AttachmentKind.STICKER if image.get("render_as_sticker") is True else AttachmentKind.IMAGE
    if video or mime.startswith("video/"):
        return AttachmentKind.VIDEO
    return AttachmentKind.AUDIO if mime.startswith("audio/") else AttachmentKind.FILE


def _size(value: Any) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 2**53 else None


def _degrees(value: Any) -> float | None:
    try:
        degrees = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return degrees if -180 <= degrees <= 180 else None
