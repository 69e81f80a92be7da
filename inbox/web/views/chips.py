"""What came with a message, in a word each: pictures to look at, sounds to hear, files, places and links."""

from dataclasses import dataclass
from typing import Protocol

from inbox.rules.files import PICTURES
from inbox.rules.masking import mask_text
from inbox.rules.permissions import Actor
from models.enums import AttachmentKind
from models.tables import MessageAttachment, StaffFile

KINDS = {
    AttachmentKind.IMAGE: "Fotoğraf",
    AttachmentKind.VIDEO: "Video",
    AttachmentKind.AUDIO: "Ses kaydı",
    AttachmentKind.FILE: "Dosya",
    AttachmentKind.STICKER: "Çıkartma",
    AttachmentKind.LOCATION: "Konum",
    AttachmentKind.CONTACT: "Kişi kartı",
    AttachmentKind.SHARE: "Paylaşılan gönderi",
    AttachmentKind.STORY: "Hikâye",
    AttachmentKind.OTHER: "Ek",
}
LINKED = frozenset({AttachmentKind.SHARE, AttachmentKind.STORY})
"""What stays with its platform: shown as a link, never stored."""
HEIC = "Tarayıcı bu biçimi (HEIC) gösteremez; dosyayı indirip açınız."
ON_ITS_WAY = "İndiriliyor"


class Point(Protocol):
    """What lies somewhere."""

    @property
    def latitude(self) -> float | None: ...

    @property
    def longitude(self) -> float | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """`href` leads to the file, place or page; `picture` and `sound` are shown in place. `note` says what is amiss."""

    text: str
    href: str = ""
    picture: str = ""
    sound: str = ""
    note: str = ""
    outside: bool = False
    """`href` leaves this house."""
    taken_at: str = ""
    """Where a picture says that it was taken, in degrees."""
    is_place: bool = False
    """It can be taken as the application's place."""
    map: str = ""
    attachment_id: int = 0
    place_of: str = "attachment"
    """What `attachment_id` is the id of: a citizen's `attachment`, or a `file` of ours."""


def chip(attachment: MessageAttachment, *, actor: Actor, confidential: bool) -> Chip:
    detail = mask_text(attachment.title or attachment.file_name, actor, confidential=confidential)
    if attachment.stored_as:
        return _stored(attachment, detail)
    if attachment.latitude is not None and attachment.longitude is not None:
        return Chip(
            text=_named(attachment, detail or degrees(attachment)),
            href=map_address(attachment),
            outside=True,
            is_place=True,
            attachment_id=attachment.id or 0,
        )
    linked = attachment.kind in LINKED and attachment.url.startswith("https://")
    note = attachment.fetch_problem or (ON_ITS_WAY if attachment.fetch_at else "")
    return Chip(text=_named(attachment, detail), href=attachment.url if linked else "", outside=linked, note=note)


def _stored(attachment: MessageAttachment, detail: str) -> Chip:
    address, is_placed = f"/files/{attachment.id}", attachment.latitude is not None
    return Chip(
        text=f"{_named(attachment, detail)}{_size(attachment.size)}",
        href=address,
        picture=_picture(attachment, address),
        sound=address if attachment.mime_type.startswith("audio/") else "",
        note=HEIC if attachment.mime_type == "image/heic" else "",
        taken_at=degrees(attachment) if is_placed else "",
        map=map_address(attachment) if is_placed else "",
        is_place=is_placed,
        attachment_id=attachment.id or 0,
    )


def file_chip(one: StaffFile) -> Chip:
    """A file of ours; the place of a picture is offered where it was taken on the spot."""
    address, is_placed = f"/staff-files/{one.id}", one.check_id is not None and one.latitude is not None
    return Chip(
        text=f"{KINDS[one.kind]}: {one.file_name}{_size(one.size)}",
        href=address,
        picture=f"{address}/small" if one.thumbnail else "",
        taken_at=degrees(one) if is_placed else "",
        map=map_address(one) if is_placed else "",
        is_place=is_placed,
        attachment_id=one.id or 0,
        place_of="file",
    )


def _picture(attachment: MessageAttachment, address: str) -> str:
    """The small copy; what we sent ourselves has none."""
    if attachment.thumbnail:
        return f"{address}/small"
    return address if attachment.mime_type in PICTURES else ""


def _named(attachment: MessageAttachment, detail: str) -> str:
    name = KINDS[attachment.kind]
    return f"{name}: {detail}" if detail else name


def degrees(point: Point) -> str:
    """As people copy it into a map."""
    return f"{point.latitude:.5f}, {point.longitude:.5f}"


def map_address(point: Point) -> str:
    """A page that shows the point; opened by a click alone."""
    place = f"?mlat={point.latitude:.5f}&mlon={point.longitude:.5f}"
    return f"https://www.openstreetmap.org/{place}#map=17"


def _size(size: int | None) -> str:
    if not size:
        return ""
    return f" ({size / 1_048_576:.1f} MB)".replace(".", ",") if size >= 1_048_576 else f" ({max(1, size // 1024)} KB)"
