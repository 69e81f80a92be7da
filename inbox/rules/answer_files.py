"""Which files may be put to an answer, a unit's response or a look, in a clerk's words. Pure: limits, bytes given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from models.enums import AttachmentKind

MEGABYTE = 1024 * 1024
TAKES_NONE = "Bu kanalda cevaba dosya eklenemez."
TOO_MANY = "Buraya en çok {most} dosya eklenebilir."
UNKNOWN_TYPE = "«{name}» eklenemez: dosyanın türü tanınmıyor."
WRONG_TYPE = "«{name}» eklenemez: buraya bu türde dosya eklenemiyor ({type})."
HEIC_NAME = "«{name}» eklenemez: HEIC biçiminde. Telefonunuzun kamera ayarından JPEG (en uyumlu) biçimini seçiniz."
TOO_LARGE = "«{name}» eklenemez: {size:.1f} MB; buraya en çok {most:.0f} MB eklenebilir."
EMPTY = "«{name}» boş."


class FileLimits(Protocol):
    """What may be put somewhere: a channel's surface, or one of our own forms."""

    @property
    def files(self) -> Mapping[str, int]:
        """Types, each with the most bytes."""

    @property
    def most_files(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseLimits:
    """Limits of a form of our own."""

    files: Mapping[str, int]
    most_files: int


LOOK_PICTURES = HouseLimits(
    files=dict.fromkeys(("image/jpeg", "image/png", "image/webp"), 20 * MEGABYTE), most_files=10
)
"""Of a look on the spot."""
WORK_FILES = HouseLimits(files={**LOOK_PICTURES.files, "application/pdf": 25 * MEGABYTE}, most_files=10)
"""Of the work that a unit has done."""


def refusal_of_count(count: int, limits: FileLimits | None) -> str:
    """Why so many files may not be put there; empty where they may."""
    if count and (limits is None or not limits.most_files):
        return TAKES_NONE
    return TOO_MANY.format(most=limits.most_files) if limits and count > limits.most_files else ""


def refusal_of_file(name: str, *, mime_type: str | None, size: int, limits: FileLimits) -> str:
    """Why this file may not be put there; empty where it may. `mime_type` is what its bytes are; None: unknown."""
    if not size:
        return EMPTY.format(name=name)
    if mime_type is None:
        return UNKNOWN_TYPE.format(name=name)
    most = limits.files.get(mime_type)
    if most is None and mime_type == "image/heic":
        return HEIC_NAME.format(name=name)
    if most is None:
        return WRONG_TYPE.format(name=name, type=mime_type)
    return TOO_LARGE.format(name=name, size=size / MEGABYTE, most=most / MEGABYTE) if size > most else ""


def kind_of(mime_type: str) -> AttachmentKind:
    """How the desk shows a file of this type."""
    begin = mime_type.partition("/")[0]
    kinds = {"image": AttachmentKind.IMAGE, "video": AttachmentKind.VIDEO, "audio": AttachmentKind.AUDIO}
    return kinds.get(begin, AttachmentKind.FILE)
