"""Files of answers: what they are, where they may leave, that none is left behind."""

from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.repositories import downloads, outbox
from inbox.services import answer_files
from inbox.services.answer_files import Upload
from models.channel_facts import SurfaceFacts
from models.db import Database
from models.enums import Purpose
from models.errors import ConflictError, InputError
from models.tables import OutboxItem
from tests.builders import message, set_up, take_in
from tests.conftest import NOW

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
FACTS = SurfaceFacts(limit=100, measure=len, files={"image/png": 200}, most_files=2)


def upload(data: bytes = PNG, name: str = "C:\\Belgeler\\plan.png") -> Upload:
    return Upload(file_name=name, data=data)


def test_a_file_is_what_its_bytes_are() -> None:
    (file,) = answer_files.accepted([upload()], FACTS)
    assert (file.mime_type, file.file_name, file.size, file.data) == ("image/png", "plan.png", len(PNG), PNG)
    assert file.stored_as.startswith("answers/")


@pytest.mark.parametrize(
    ("uploads", "facts", "told"),
    [
        ([upload()], None, "dosya eklenemez"),
        ([upload()], SurfaceFacts(limit=9, measure=len), "dosya eklenemez"),
        ([upload()] * 3, FACTS, "en çok 2"),
        ([upload(b"MZ\x90\x00program")], FACTS, "tanınmıyor"),
        ([upload(b"%PDF-1.7")], FACTS, "application/pdf"),
        ([upload(PNG + bytes(200))], FACTS, "en çok"),
        ([upload(b"")], FACTS, "boş"),
    ],
)
def test_what_may_not_leave_is_said(uploads: list[Upload], facts: SurfaceFacts | None, told: str) -> None:
    with pytest.raises(InputError, match=told):
        answer_files.accepted(uploads, facts)


async def queue(database: Database) -> int:
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1))).conversation_ids
    row = OutboxItem(
        unique_key="1:answer:1",
        conversation_id=key,
        account_id=1,
        purpose=Purpose.ANSWER,
        text="Ekte.",
        not_before=NOW,
        created_at=NOW,
    )
    async with database.write() as session:
        (item_id,) = await outbox.add(session, [row])
    return item_id


async def erased(database: Database) -> list[str]:
    async with database.read() as session:
        return await downloads.names_to_erase(session, now=NOW + timedelta(days=1))


async def test_an_upload_without_answer_vanishes(database: Database) -> None:
    item_id = await queue(database)
    files = answer_files.accepted([upload()], FACTS)
    async with database.write() as session:
        await answer_files.reserve(session, files, now=NOW)
    assert await erased(database) == [files[0].stored_as]
    async with database.write() as session:
        await answer_files.attach(session, item_id, files)
    assert await erased(database) == []
    async with database.read() as session:
        (kept,) = answer_files.outbound_files((await session.exec(select(OutboxItem))).one())
    assert (kept.stored_as, kept.data) == (files[0].stored_as, b"")


async def test_files_of_a_taken_back_answer_vanish(database: Database) -> None:
    item_id = await queue(database)
    files = answer_files.accepted([upload()], FACTS)
    async with database.write() as session:
        await answer_files.attach(session, item_id, files)
        assert await outbox.cancel(session, item_id)
    assert await erased(database) == [files[0].stored_as]
    async with database.write() as session:
        with pytest.raises(ConflictError):
            await answer_files.attach(session, item_id, files)
