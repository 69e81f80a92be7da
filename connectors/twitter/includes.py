"""What X sends beside the data (`includes`): users, media, places and posts, found by their ids. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from connectors.twitter.values import Json, as_id, as_object, as_text, objects
from models.enums import AttachmentKind
from models.messages import Attachment, Sender

MEDIA_KINDS = {
    "photo": AttachmentKind.IMAGE,
    "video": AttachmentKind.VIDEO,
    "animated_gif": AttachmentKind.VIDEO,
}


@dataclass(frozen=True, slots=True)
class Includes:
    """Expanded objects by id. What is missing gives an empty object."""

    users: dict[str, Json] = field(default_factory=dict)
    media: dict[str, Json] = field(default_factory=dict)
    places: dict[str, Json] = field(default_factory=dict)
    posts: dict[str, Json] = field(default_factory=dict)

    def sender(self, user_id: str) -> Sender | None:
        """None where nobody is named."""
        if not user_id:
            return None
        user = self.users.get(user_id, {})
        return Sender(
            external_id=user_id,
            display_name=as_text(user.get("name")),
            handle=as_text(user.get("username")) or as_text(user.get("screen_name")),
        )

    def media_attachments(self, keys: Iterable[str]) -> tuple[Attachment, ...]:
        """An attachment per key, a placeholder where the file was not sent along."""
        return tuple(_media_attachment(key, self.media.get(key, {})) for key in keys)


def read_includes(value: object) -> Includes:
    """Both names of the lists of posts (`tweets`, `posts`) are known."""
    found = as_object(value)
    return Includes(
        users=_by_id(found.get("users"), "id"),
        media=_by_id(found.get("media"), "media_key"),
        places=_by_id(found.get("places"), "id"),
        posts={**_by_id(found.get("tweets"), "id"), **_by_id(found.get("posts"), "id")},
    )


def _by_id(value: object, name: str) -> dict[str, Json]:
    return {as_id(item.get(name)): item for item in objects(value)}


def _media_attachment(key: str, media: Json) -> Attachment:
    kind = MEDIA_KINDS.get(as_text(media.get("type")), AttachmentKind.OTHER)
    variant = _best_variant(media)
    url = as_text(media.get("url")) or as_text(variant.get("url")) or as_text(media.get("preview_image_url"))
    return Attachment(
        kind=kind,
        external_id=key,
        url=url,
        mime_type=as_text(variant.get("content_type")),
        title=as_text(media.get("alt_text")),
    )


def _best_variant(media: Json) -> Json:
    """The video file of the highest rate; stream lists have no rate."""
    files = [item for item in objects(media.get("variants")) if as_text(item.get("content_type")) == "video/mp4"]
    return max(files, key=_rate, default={})


def _rate(variant: Json) -> int:
    rate = variant.get("bit_rate")
    return rate if isinstance(rate, int) else 0
