"""Which files of citizens are taken in: by what their bytes are, never by what they are called."""

from collections.abc import Callable
from dataclasses import dataclass

from models.enums import AttachmentKind
from models.messages import Attachment

MEGABYTE = 1024 * 1024
LARGEST = {
    AttachmentKind.IMAGE: 20 * MEGABYTE,
    AttachmentKind.STICKER: 2 * MEGABYTE,
    AttachmentKind.AUDIO: 25 * MEGABYTE,
    AttachmentKind.VIDEO: 50 * MEGABYTE,
    AttachmentKind.FILE: 25 * MEGABYTE,
}
"""Bytes; kinds that are not named here are links, places and the like: nothing to download."""
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


@dataclass(frozen=True, slots=True)
class _Sign:
    """How a kind of file begins."""

    mime_type: str
    ending: str
    fits: Callable[[bytes], bool]


def largest(kind: AttachmentKind) -> int:
    """Bytes that a file of this kind may have; 0 where nothing is downloaded."""
    return LARGEST.get(kind, 0)


def is_worth_fetching(attachment: Attachment) -> bool:
    """A file that may be kept, that the platform names, and that is not larger than we take."""
    named = bool(attachment.external_id or attachment.url)
    return attachment.keep and named and largest(attachment.kind) > 0


def sniff(data: bytes) -> tuple[str, str] | None:
    """(type, ending) by the first bytes; None for what is not taken in: programs, pages, archives, the unknown."""
    for sign in _SIGNS:
        if sign.fits(data):
            return sign.mime_type, sign.ending
    return None


def ending_of(mime_type: str) -> str:
    """Of a type that `sniff` finds; empty for others."""
    return next((sign.ending for sign in _SIGNS if sign.mime_type == mime_type), "")


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(beginnings)


def _boxed(*brands: bytes) -> Callable[[bytes], bool]:
    """ISO media: `ftyp` and a brand."""
    return lambda data: data[4:8] == b"ftyp" and data[8:12].startswith(brands)


def _office(part: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(b"PK\x03\x04") and part in data


def _mp3(data: bytes) -> bool:
    return data.startswith(b"ID3") or (len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2)


def _plain_text(data: bytes) -> bool:
    """Text without control characters that is no page and no script."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return False
    tells = text.lstrip("\ufeff \t\r\n")[:64].lower()
    readable = all(sign.isprintable() or sign in " \t\r\n\ufeff\u200d" for sign in text)
    return bool(text) and readable and not tells.startswith(("<", "#!", "%!"))


_OFFICE = "application/vnd.openxmlformats-officedocument"
_SIGNS = (
    _Sign("image/jpeg", "jpg", _begins(b"\xff\xd8\xff")),
    _Sign("image/png", "png", _begins(b"\x89PNG\r\n\x1a\n")),
    _Sign("image/gif", "gif", _begins(b"GIF87a", b"GIF89a")),
    _Sign("image/webp", "webp", lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP"),
    _Sign("image/heic", "heic", _boxed(b"heic", b"heix", b"mif1", b"msf1", b"hevc")),
    _Sign("audio/mp4", "m4a", _boxed(b"M4A", b"M4B")),
    _Sign("video/3gpp", "3gp", _boxed(b"3gp", b"3g2")),
    _Sign("video/quicktime", "mov", _boxed(b"qt")),
    _Sign("video/mp4", "mp4", _boxed(b"")),
    _Sign("video/webm", "webm", _begins(b"\x1aE\xdf\xa3")),
    _Sign("audio/ogg", "ogg", _begins(b"OggS")),
    _Sign("audio/amr", "amr", _begins(b"#!AMR")),
    _Sign("audio/wav", "wav", lambda data: data[:4] == b"RIFF" and data[8:12] == b"WAVE"),
    _Sign("audio/aac", "aac", lambda data: data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xF6 == 0xF0),
    _Sign("audio/mpeg", "mp3", _mp3),
    _Sign("application/pdf", "pdf", _begins(b"%PDF-")),
    _Sign(f"{_OFFICE}.wordprocessingml.document", "docx", _office(b"word/")),
    _Sign(f"{_OFFICE}.spreadsheetml.sheet", "xlsx", _office(b"xl/")),
    _Sign("text/plain", "txt", _plain_text),
)
