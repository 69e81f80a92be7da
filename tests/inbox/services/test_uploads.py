"""Files chosen for an answer: cleaned, checked by content, stored; what is refused leaves nothing behind."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bots.file_folder import FolderFileStore
from bots.pictures import THUMBNAIL, Picture, prepare
from connectors.telegram.facts import FACTS as TELEGRAM_FACTS
from inbox.repositories import downloads
from inbox.services import answer_files, uploads
from inbox.services.answer_files import Upload
from models.db import Database
from models.enums import Surface
from models.errors import InputError, TransientError
from models.tables import StaffFile
from tests.bots.test_pictures import SECRET, picture
from tests.conftest import NOW

FACTS = TELEGRAM_FACTS.surfaces[Surface.DIRECT]


async def opened(data: bytes) -> Picture | None:
    return prepare(data)


async def busy(data: bytes) -> Picture | None:
    raise TransientError("died")


async def store(
    database: Database, folder: Path, *chosen: tuple[str, bytes], how: uploads.Prepare = opened, already: int = 0
) -> list[StaffFile]:
    wanted = [Upload(file_name=name, data=data) for name, data in chosen]
    return await uploads.store(
        database, FolderFileStore(folder), wanted,
        application_id=1, user_id=2, limits=FACTS, prepare=how, already=already, now=NOW,
    )  # fmt: skip


async def test_a_picture_leaves_without_what_is_hidden_in_it(sqlite_database: Database, tmp_path: Path) -> None:
    (file,) = await store(sqlite_database, tmp_path, ("plan.jpg", picture()))
    kept = (tmp_path / file.stored_as).read_bytes()
    assert SECRET.encode() not in kept
    assert not dict(Image.open(io.BytesIO(kept)).getexif())
    assert (file.size, len(file.sha256), file.mime_type) == (len(kept), 64, "image/jpeg")
    assert (round(file.latitude or 0, 2), round(file.longitude or 0, 2)) == (38.42, 27.13)
    assert Image.open(tmp_path / file.thumbnail).size <= THUMBNAIL


async def test_what_is_never_tied_to_a_text_vanishes(sqlite_database: Database, tmp_path: Path) -> None:
    (file,) = await store(sqlite_database, tmp_path, ("ek.pdf", b"%PDF-1.7 ..."))
    async with sqlite_database.read() as session:
        assert await downloads.names_to_erase(session, now=NOW + timedelta(minutes=59)) == []
        assert await downloads.names_to_erase(session, now=NOW + timedelta(hours=1)) == [file.stored_as]


@pytest.mark.parametrize(
    ("chosen", "how", "words"),
    [
        (("plan.jpg", b"MZ\x90\x00program"), opened, "türü tanınmıyor"),
        (("plan.jpg", picture()[:500]), opened, "resim bozuk"),
        (("plan.jpg", b""), opened, "boş"),
        (("plan.jpg", picture()), busy, "birazdan yineleyiniz"),
    ],
)
async def test_refusals_name_the_file_and_store_nothing(
    sqlite_database: Database, tmp_path: Path, chosen: tuple[str, bytes], how: uploads.Prepare, words: str
) -> None:
    with pytest.raises(InputError, match=f"«plan.jpg».*{words}"):
        await store(sqlite_database, tmp_path, ("iyi.pdf", b"%PDF-1.7"), chosen, how=how)
    assert list(tmp_path.rglob("answers/*")) == []


async def test_what_stands_there_already_is_counted(sqlite_database: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="en çok 10 dosya"):
        await store(sqlite_database, tmp_path, ("ek.pdf", b"%PDF-1.7"), already=10)


HOSTILE = [
    ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "türü tanınmıyor"),
    ("plan.jpg", b"<html><script>alert(1)</script></html>", "türü tanınmıyor"),
    ("plan.pdf", b"PK\x03\x04 an archive", "türü tanınmıyor"),
    ("IMG_1.HEIC", b"\x00\x00\x00\x18ftypheic", "JPEG"),
    ("film.mov", b"\x00\x00\x00\x18ftypqt  ", "bu türde"),
]


@pytest.mark.parametrize(("name", "data", "words"), HOSTILE)
async def test_a_name_makes_no_type(
    sqlite_database: Database, tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    """[ASVS 12.2.1] By content alone."""
    with pytest.raises(InputError, match=words):
        await store(sqlite_database, tmp_path, (name, data))


@pytest.mark.parametrize(
    ("given", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.png", "b.png"), ("a\x00\u202eb\n.pdf", "ab.pdf"), ("..", "dosya")],
)
def test_names_lead_nowhere(given: str, shown: str) -> None:
    """[ASVS 12.3.1]"""
    assert answer_files.shown_name(given) == shown
