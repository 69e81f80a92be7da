"""Files chosen for an answer: cleaned, checked by content, stored; what is refused leaves nothing behind."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bots.file_folder import FolderFileStore
from bots.pictures import prepare
from connectors.telegram.facts import FACTS as TELEGRAM_FACTS
from inbox.repositories import downloads
from inbox.services import uploads
from inbox.services.answer_files import Upload
from models.db import Database
from models.enums import Surface
from models.errors import InputError, TransientError
from models.messages import OutboundFile
from tests.bots.test_pictures import SECRET, picture
from tests.conftest import NOW

FACTS = TELEGRAM_FACTS.surfaces[Surface.DIRECT]


async def clean(data: bytes) -> bytes | None:
    found = prepare(data)
    return found.data if found else None


async def busy(data: bytes) -> bytes | None:
    raise TransientError("died")


async def store(
    database: Database, folder: Path, *chosen: tuple[str, bytes], how: uploads.Clean = clean
) -> tuple[OutboundFile, ...]:
    wanted = [Upload(file_name=name, data=data) for name, data in chosen]
    return await uploads.store(database, FolderFileStore(folder), wanted, facts=FACTS, clean=how, now=NOW)


async def test_a_picture_leaves_without_what_is_hidden_in_it(sqlite_database: Database, tmp_path: Path) -> None:
    (file,) = await store(sqlite_database, tmp_path, ("plan.jpg", picture()))
    kept = (tmp_path / file.stored_as).read_bytes()
    assert SECRET.encode() not in kept
    assert not dict(Image.open(io.BytesIO(kept)).getexif())
    assert (file.size, len(file.sha256), file.mime_type) == (len(kept), 64, "image/jpeg")


async def test_what_is_never_tied_to_a_text_vanishes(sqlite_database: Database, tmp_path: Path) -> None:
    (file,) = await store(sqlite_database, tmp_path, ("ek.pdf", b"%PDF-1.7 ..."))
    async with sqlite_database.read() as session:
        assert await downloads.names_to_erase(session, now=NOW + timedelta(minutes=59)) == []
        assert await downloads.names_to_erase(session, now=NOW + timedelta(hours=1)) == [file.stored_as]


@pytest.mark.parametrize(
    ("chosen", "how", "words"),
    [
        (("plan.jpg", b"MZ\x90\x00program"), clean, "türü tanınmıyor"),
        (("plan.jpg", picture()[:500]), clean, "resim bozuk"),
        (("plan.jpg", b""), clean, "boş"),
        (("plan.jpg", picture()), busy, "birazdan yineleyiniz"),
    ],
)
async def test_refusals_name_the_file_and_store_nothing(
    sqlite_database: Database, tmp_path: Path, chosen: tuple[str, bytes], how: uploads.Clean, words: str
) -> None:
    with pytest.raises(InputError, match=f"«plan.jpg».*{words}"):
        await store(sqlite_database, tmp_path, ("iyi.pdf", b"%PDF-1.7"), chosen, how=how)
    assert list(tmp_path.rglob("answers/*")) == []
