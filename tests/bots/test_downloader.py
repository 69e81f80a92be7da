"""Citizens' files: fetched, checked, cleaned, stored once; erased with their message."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image
from sqlmodel import select

from bots import downloader as texts
from bots.downloader import AttachmentDownloader
from bots.file_folder import FolderFileStore
from bots.picture_process import PictureProcess
from bots.queues.local import LocalBus
from inbox.rules.permissions import Actor
from inbox.services import attachments
from models.clock import StillClock
from models.db import Database
from models.enums import ApplicationState, AttachmentKind, EventKind, Kind, Role
from models.errors import ChannelError, NotFoundError, RateLimitedError, RequestRefusedError, TransientError
from models.messages import Attachment
from models.ports import Connector
from models.tables import Application, ErasedFile, Message, MessageAttachment
from tests.builders import message, set_up, take_in
from tests.conftest import NOW

AGENT = Actor(user_id=1, name="Elif", roles=frozenset({Role.AGENT}), unit=None)
UNIT = Actor(user_id=2, name="Birim", roles=frozenset({Role.UNIT_USER}), unit="izsu")


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Platform:
    """Gives out bytes by the file's id, or fails."""

    files: dict[str, bytes | ChannelError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        self.asked.append(attachment.external_id)
        found = self.files[attachment.external_id]
        if isinstance(found, ChannelError):
            raise found
        return found


@dataclass
class Bench:
    bus: LocalBus
    database: Database
    clock: StillClock
    platform: Platform
    store: FolderFileStore
    folder: Path
    downloader: AttachmentDownloader

    async def receive(self, number: int, data: bytes | ChannelError, **facts: Any) -> None:
        """A citizen's message with one file."""
        self.platform.files[f"f{number}"] = data
        fields: dict[str, Any] = {"kind": AttachmentKind.IMAGE, "external_id": f"f{number}", **facts}
        await take_in(self.database, self.clock.now(), message(number, "", attachments=(Attachment(**fields),)))

    async def rows(self) -> list[MessageAttachment]:
        async with self.database.read() as session:
            return list((await session.exec(select(MessageAttachment).order_by(MessageAttachment.id))).all())

    def stored(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@pytest.fixture
async def bench(sqlite_database: Database, clock: StillClock, tmp_path: Path) -> AsyncIterator[Bench]:
    (account_id,) = await set_up(sqlite_database, clock.now())
    platform, folder = Platform(), tmp_path / "files"
    pictures, bus = PictureProcess(), LocalBus()
    downloader = AttachmentDownloader(
        connectors={account_id: cast(Connector, platform)},
        database=sqlite_database,
        files=FolderFileStore(folder),
        bus=bus,
        clock=clock,
        pictures=pictures,
    )
    yield Bench(bus, sqlite_database, clock, platform, FolderFileStore(folder), folder, downloader)
    pictures.close()


async def test_a_picture_is_stored_with_a_small_copy(bench: Bench) -> None:
    data = jpeg()
    await bench.receive(1, data, sha256=hashlib.sha256(data).hexdigest().upper())
    assert await bench.downloader.download_due() == 1
    (row,) = await bench.rows()
    assert (row.mime_type, row.size, row.fetch_at, row.fetch_problem) == ("image/jpeg", len(data), None, "")
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert (await bench.store.get(row.stored_as))[:3] == (await bench.store.get(row.thumbnail))[:3] == b"\xff\xd8\xff"
    bench.clock.advance(hours=2)
    assert await bench.downloader.download_due() == await bench.downloader.erase_due() == 0
    assert len(bench.stored()) == 2


async def test_sound_is_stored_as_it_came(bench: Bench) -> None:
    await bench.receive(1, b"OggS sound", kind=AttachmentKind.AUDIO)
    await bench.downloader.download_due()
    (row,) = await bench.rows()
    assert (row.mime_type, row.thumbnail, await bench.store.get(row.stored_as)) == ("audio/ogg", "", b"OggS sound")
    bench.clock.advance(hours=2)
    await bench.downloader.erase_due()
    assert len(bench.stored()) == 1


@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (b"MZ\x90\x00", texts.NOT_ALLOWED),
        (b"\xff\xd8\xff broken", texts.DAMAGED),
        (RequestRefusedError("", code="too_large"), texts.TOO_LARGE),
        (RequestRefusedError("", code="address"), texts.NOT_ALLOWED),
        (RequestRefusedError("", code="gone"), texts.NOT_THERE),
    ],
)
async def test_what_is_not_taken_in_says_why(bench: Bench, found: bytes | ChannelError, problem: str) -> None:
    await bench.receive(1, found)
    await bench.downloader.download_due()
    (row,) = await bench.rows()
    assert (row.stored_as, row.fetch_at, row.fetch_problem) == ("", None, problem)
    assert bench.stored() == []


async def test_passing_faults_are_tried_again_a_few_times(bench: Bench) -> None:
    await bench.receive(1, TransientError("down"))
    for _ in range(attachments.MOST_TRIES):
        assert await bench.downloader.download_due() == 1
        assert await bench.downloader.download_due() == 0
        bench.clock.advance(hours=10)
    assert await bench.downloader.download_due() == 0
    assert (await bench.rows())[0].fetch_problem == texts.NOT_YET


async def test_a_stated_time_is_waited_for(bench: Bench) -> None:
    await bench.receive(1, RateLimitedError("slow", retry_at=bench.clock.now() + timedelta(minutes=30)))
    await bench.downloader.download_due()
    bench.platform.files["f1"] = b"OggS"
    bench.clock.advance(minutes=29)
    assert await bench.downloader.download_due() == 0
    bench.clock.advance(minutes=1)
    assert await bench.downloader.download_due() == 1
    assert (await bench.rows())[0].stored_as


async def test_other_bytes_than_the_platform_said_are_not_kept(bench: Bench) -> None:
    await bench.receive(1, jpeg(), sha256="0" * 64)
    await bench.downloader.download_due()
    (row,) = await bench.rows()
    assert (row.stored_as, row.fetch_problem) == ("", texts.DAMAGED)
    assert row.fetch_at is not None


async def test_one_bad_file_does_not_stop_the_others(bench: Bench) -> None:
    await bench.receive(1, b"OggS")
    await bench.receive(2, b"OggS")
    del bench.platform.files["f1"]
    await bench.downloader.download_due()
    assert [bool(row.stored_as) for row in await bench.rows()] == [False, True]


async def test_stories_are_never_fetched(bench: Bench) -> None:
    await bench.receive(1, b"OggS", keep=False, url="https://example.org/story.mp4")
    assert await bench.downloader.download_due() == 0


async def test_a_taken_back_message_takes_its_files_along(bench: Bench) -> None:
    await bench.receive(1, jpeg())
    await bench.downloader.download_due()
    assert len(bench.stored()) == 2
    await take_in(bench.database, bench.clock.now(), message(1, "", kind=EventKind.DELETE, dedup_key="delete:1"))
    assert await bench.downloader.erase_due() == 2
    assert bench.stored() == []
    async with bench.database.read() as session:
        assert (await session.exec(select(ErasedFile))).all() == []


async def test_taken_back_while_it_was_fetched(bench: Bench) -> None:
    await bench.receive(1, b"OggS")
    fetch = bench.platform.fetch

    async def slow(attachment: Attachment, *, most: int) -> bytes:
        await take_in(bench.database, bench.clock.now(), message(1, "", kind=EventKind.DELETE, dedup_key="delete:1"))
        return await fetch(attachment, most=most)

    bench.platform.fetch = slow  # type: ignore[method-assign]
    await bench.downloader.download_due()
    assert len(bench.stored()) == 1
    bench.clock.advance(hours=2)
    await bench.downloader.erase_due()
    assert bench.stored() == []


async def test_who_may_see_a_file(bench: Bench) -> None:
    await bench.receive(1, b"OggS")
    async with bench.database.read() as session:
        with pytest.raises(NotFoundError):
            await attachments.stored_file(session, 1, AGENT, now=NOW)
    await bench.downloader.download_due()
    async with bench.database.read() as session:
        file = await attachments.stored_file(session, 1, AGENT, now=NOW)
        assert (file.mime_type, file.may_be_shown) == ("audio/ogg", True)
        with pytest.raises(NotFoundError):
            await attachments.stored_file(session, 1, UNIT, now=NOW)
        with pytest.raises(NotFoundError):
            await attachments.stored_file(session, 99, AGENT, now=NOW)


async def test_an_open_application_hears_that_its_file_is_here(bench: Bench) -> None:
    await bench.receive(1, b"OggS", kind=AttachmentKind.AUDIO)
    async with bench.database.write() as session:
        stored = (await session.exec(select(Message))).one()
        application = Application(
            number="HİM-2026-0000001", conversation_id=stored.conversation_id, citizen_id=1, channel=stored.channel,
            state=ApplicationState.DRAFT, kind=Kind.COMPLAINT, received_at=NOW, due_at=NOW, last_message_at=NOW,
            created_at=NOW,
        )  # fmt: skip
        session.add(application)
        await session.flush()
        stored.application_id = application.id
        session.add(stored)
    listening = bench.bus.listen()
    news = asyncio.ensure_future(anext(listening))
    await asyncio.sleep(0)
    await bench.downloader.download_due()
    assert await asyncio.wait_for(news, 5) == ("application", {"id": application.id, "what": "attachment"})
