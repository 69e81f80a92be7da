"""Reads pictures, videos and links that stand in posts and comments of a Page. Links only: nothing is fetched."""

from typing import Any

from connectors.meta.media import UNKNOWN, address
from connectors.meta.reading import Json, edge, record, sequence, text_of
from models.enums import AttachmentKind
from models.messages import Attachment

KINDS = {
    "photo": AttachmentKind.IMAGE,
    "album": AttachmentKind.IMAGE,
    "cover_photo": AttachmentKind.IMAGE,
    "image": AttachmentKind.IMAGE,
    "animated_image_share": AttachmentKind.IMAGE,
    "video": AttachmentKind.VIDEO,
    "video_inline": AttachmentKind.VIDEO,
    "sticker": AttachmentKind.STICKER,
    "share": AttachmentKind.SHARE,
    "link": AttachmentKind.SHARE,
}


def change_attachments(value: Json) -> tuple[Attachment, ...]:
    """Of a `feed` change: `photo`, `photos`, `video`, `link`; a placeholder where there are no words either."""
    found = [_at(AttachmentKind.IMAGE, url) for url in sequence(value.get("photos"))]
    if value.get("photo") and not found:
        found.append(_at(AttachmentKind.IMAGE, value["photo"]))
    if value.get("video"):
        found.append(_at(AttachmentKind.VIDEO, value["video"]))
    if value.get("link") and not found:
        found.append(_at(KINDS.get(text_of(value.get("item")), AttachmentKind.SHARE), value["link"]))
    return _or_placeholder(found, value.get("message"))


def read_attachments(comment: Json) -> tuple[Attachment, ...]:
    """Of a comment that was read: its one `attachment`."""
    attachment = record(comment.get("attachment"))
    return _or_placeholder([_read(attachment)] if attachment else [], comment.get("message"))


def post_attachments(post: Json) -> tuple[Attachment, ...]:
    """Of a post that was read: `attachments`, or the members of an album."""
    found: list[Attachment] = []
    for attachment in (record(item) for item in edge(post.get("attachments"))):
        parts = edge(attachment.get("subattachments"))
        found.extend(_read(record(part)) for part in parts or (attachment,))
    return _or_placeholder(found, post.get("message"))


def _read(attachment: Json) -> Attachment:
    media = record(attachment.get("media"))
    kind = KINDS.get(text_of(attachment.get("type")) or text_of(attachment.get("media_type")), AttachmentKind.OTHER)
    image = record(media.get("image")).get("src")
    url = media.get("source") or (image if kind is AttachmentKind.IMAGE else None) or attachment.get("url") or image
    return Attachment(kind=kind, url=address(url), title=text_of(attachment.get("title")))


def _at(kind: AttachmentKind, url: Any) -> Attachment:
    return Attachment(kind=kind, url=address(url))


def _or_placeholder(found: list[Attachment], text: Any) -> tuple[Attachment, ...]:
    return tuple(found) if found or text_of(text) else (UNKNOWN,)
