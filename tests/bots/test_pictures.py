"""Pictures: the position is read, and nothing hidden stays in them."""

import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image

from bots.pictures import THUMBNAIL, prepare

SECRET = "Gizli Makine 4711"


def picture(
    kind: str = "JPEG", *, orientation: int = 1, south: bool = False, size: tuple[int, int] = (800, 600)
) -> bytes:
    """Taken at Konak square."""
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = SECRET
    exif[ExifTags.Base.Orientation] = orientation
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "S" if south else "N", (38.0, 25.0, 7.68)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (27.0, 7.0, 42.6)
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_position_is_read_and_taken_out(kind: str) -> None:
    data = picture(kind)
    assert SECRET.encode() in data
    found = prepare(data)
    assert found is not None
    assert (found.latitude, found.longitude) == (38.4188, 27.128500)
    for copy in (found.data, found.thumbnail):
        assert SECRET.encode() not in copy
        with Image.open(io.BytesIO(copy)) as opened:
            assert not dict(opened.getexif())
    with Image.open(io.BytesIO(found.data)) as opened:
        assert (opened.format, opened.size) == (kind, (800, 600))
    with Image.open(io.BytesIO(found.thumbnail)) as small:
        assert small.size == (THUMBNAIL[0], 360)


def test_pictures_stand_upright_without_the_note_that_turned_them() -> None:
    found = prepare(picture(orientation=6))
    assert found is not None
    with Image.open(io.BytesIO(found.data)) as opened:
        assert opened.size == (600, 800)


def test_the_southern_half() -> None:
    found = prepare(picture(south=True))
    assert found is not None
    assert found.latitude == -38.4188


def test_a_picture_without_position_and_with_comments() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (30, 20)).save(out, "PNG", pnginfo=None)
    assert (found := prepare(out.getvalue())) is not None
    assert found.latitude is None
    commented = io.BytesIO()
    Image.new("RGB", (30, 20)).save(commented, "JPEG", comment=SECRET.encode())
    assert (found := prepare(commented.getvalue())) is not None
    assert SECRET.encode() not in found.data


def test_a_bomb_is_not_opened() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    assert prepare(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")) is None


def test_broken_pictures_are_none() -> None:
    whole = picture()
    assert prepare(whole[:300]) is None
    assert prepare(b"\xff\xd8\xff\xe0 no picture") is None
    assert prepare(b"") is None
