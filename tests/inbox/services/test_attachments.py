"""Which files wait, who holds them, and that nothing is left behind, on both databases."""

from datetime import timedelta

from sqlmodel import select

from inbox.services import attachments
from inbox.services.attachments import FetchedFile
from models.db import Database
from models.enums import AttachmentKind, EventKind
from models.messages import Attachment
from models.tables import MessageAttachment
from tests.builders import message, set_up, take_in
from tests.conftest import NOW

FILE = FetchedFile(mime_type="image/jpeg", size=3, sha256="ab", has_thumbnail=True, latitude=38.4, longitude=27.1)


async def test_a_file_is_claimed_once_and_recorded(database: Database) -> None:
    (account_id,) = await set_up(database, NOW)
    photo = Attachment(kind=AttachmentKind.IMAGE, external_id="f1")
    await take_in(database, NOW, message(1, "", attachments=(photo,)))
    async with database.write() as session:
        assert await attachments.claim(session, [account_id + 1], now=NOW, limit=5) == []
        (download,) = await attachments.claim(session, [account_id], now=NOW, limit=5)
        assert await attachments.claim(session, [account_id], now=NOW, limit=5) == []
    async with database.write() as session:
        assert await attachments.record_stored(session, download, FILE)
        assert await attachments.names_to_erase(session, now=NOW + timedelta(days=1)) == []
        (row,) = (await session.exec(select(MessageAttachment))).all()
        assert (row.stored_as, row.thumbnail, row.latitude) == (download.name, download.thumbnail, 38.4)


async def test_a_claim_of_somebody_who_died_runs_out(database: Database) -> None:
    (account_id,) = await set_up(database, NOW)
    photo = Attachment(kind=AttachmentKind.IMAGE, external_id="f1")
    await take_in(database, NOW, message(1, "", attachments=(photo,)))
    later = NOW + attachments.CLAIM
    async with database.write() as session:
        (first,) = await attachments.claim(session, [account_id], now=NOW, limit=5)
        (second,) = await attachments.claim(session, [account_id], now=later, limit=5)
    assert (first.name != second.name, second.tries) == (True, 2)
    async with database.read() as session:
        left = await attachments.names_to_erase(session, now=NOW + attachments.RESERVED)
    assert set(left) == {first.name, first.thumbnail}


async def test_a_file_whose_message_was_taken_back_is_not_recorded(database: Database) -> None:
    (account_id,) = await set_up(database, NOW)
    photo = Attachment(kind=AttachmentKind.IMAGE, external_id="f1")
    await take_in(database, NOW, message(1, "", attachments=(photo,)))
    async with database.write() as session:
        (download,) = await attachments.claim(session, [account_id], now=NOW, limit=5)
    await take_in(database, NOW, message(1, "", kind=EventKind.DELETE, dedup_key="delete:1"))
    async with database.write() as session:
        assert not await attachments.record_stored(session, download, FILE)
        left = await attachments.names_to_erase(session, now=NOW + attachments.RESERVED)
    assert set(left) == {download.name, download.thumbnail}
