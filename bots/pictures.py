"""Pictures of citizens made safe to show: position read, everything hidden taken out, a small copy. Bytes in and out.

Uses the CPU for longer than an event loop may wait: run it in a process of its own.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageOps

MOST_PIXELS = 60_000_000
THUMBNAIL = (480, 480)
QUALITY = 90
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class Picture:
    """`data` is the picture without EXIF, XMP and comments, upright. The position is where it says it was taken."""

    data: bytes
    thumbnail: bytes
    latitude: float | None = None
    longitude: float | None = None


def prepare(data: bytes) -> Picture | None:
    """The safe copy; None where the bytes are no picture after all, or one too large to open."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    return None
                return _prepared(picture, data)
        except (
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
        ):
            return None


def _prepared(picture: Image.Image, data: bytes) -> Picture:
    latitude, longitude = _position(picture)
    upright = ImageOps.exif_transpose(picture)
    assert upright is not None
    if picture.format == "GIF":
        return Picture(data, _thumbnail(upright))
    return Picture(_written(upright, picture.format or "JPEG"), _thumbnail(upright), latitude, longitude)


def _written(picture: Image.Image, kind: str) -> bytes:
    """Written anew from the pixels: only colours' meaning (ICC) goes with them."""
    bare = picture.copy()
    bare.info = {key: value for key, value in picture.info.items() if key in ("icc_profile", "transparency")}
    out = io.BytesIO()
    bare.save(out, kind, quality=QUALITY, exif=b"", icc_profile=bare.info.get("icc_profile"))
    return out.getvalue()


def _thumbnail(picture: Image.Image) -> bytes:
    small = picture.convert("RGBA")
    small.thumbnail(THUMBNAIL)
    paper = Image.new("RGB", small.size, "white")
    paper.paste(small, mask=small.getchannel("A"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=80)
    return out.getvalue()


def _position(picture: Image.Image) -> tuple[float, float] | tuple[None, None]:
    """Degrees from EXIF's GPS part; nothing where it is missing, broken, or the zero that some cameras write."""
    place = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        latitude = _degrees(place[ExifTags.GPS.GPSLatitude], place.get(ExifTags.GPS.GPSLatitudeRef) == "S")
        longitude = _degrees(place[ExifTags.GPS.GPSLongitude], place.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    known = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0.0, 0.0)
    return (latitude, longitude) if known else (None, None)


def _degrees(parts: tuple[float, float, float], negative: bool) -> float:
    whole, minutes, seconds = (float(part) for part in parts)
    degrees = whole + minutes / 60 + seconds / 3600
    return round(-degrees if negative else degrees, 6)
