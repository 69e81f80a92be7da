"""Fetches citizens' files in time, checks and cleans them, stores them; lets files vanish that were erased."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Mapping

from bots.picture_process import PictureProcess
from inbox.rules.files import PICTURES, largest, sniff
from inbox.services import attachments
from inbox.services.attachments import Download, FetchedFile
from models.db import Database
from models.errors import (
    AccountPausedError,
    ChannelError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    TransientError,
)
from models.ports import Clock, Connector, FileStore, LiveBus

log = logging.getLogger(__name__)

AT_ONCE = 3
LOOK_SECONDS = 0.5
PASSING = (TransientError, RateLimitedError, ReauthoriseError, AccountPausedError, OutcomeUnknownError)
TOO_LARGE = "Dosya izin verilenden büyük; indirilmedi."
NOT_ALLOWED = "Bu türde dosyalar indirilmiyor."
NOT_THERE = "Dosya platformda artık yok ya da erişime kapalı."
DAMAGED = "Dosya eksik veya bozuk geldi."
NOT_YET = "Dosya henüz indirilemedi; yeniden denenecek."
PROBLEMS = {"too_large": TOO_LARGE, "address": NOT_ALLOWED}


class AttachmentDownloader:
    """Any number may run: each file is claimed for a few minutes."""

    def __init__(
        self,
        *,
        connectors: Mapping[int, Connector],
        database: Database,
        files: FileStore,
        bus: LiveBus,
        clock: Clock,
        pictures: PictureProcess,
    ) -> None:
        self._connectors = connectors
        self._database = database
        self._files = files
        self._bus = bus
        self._clock = clock
        self._pictures = pictures

    async def run(self) -> None:
        """Download until cancelled."""
        while True:
            try:
                busy = await self.download_due() + await self.erase_due()
            except Exception:
                log.exception("downloading failed")
                busy = 0
            if not busy:
                await asyncio.sleep(LOOK_SECONDS)

    async def download_due(self) -> int:
        """Fetch what is due now, a few files at once; how many were tried."""
        able, now = list(self._connectors), self._clock.now()
        async with self._database.read() as session:
            if not await attachments.is_any_due(session, able, now=now):
                return 0
        async with self._database.write() as session:
            due = await attachments.claim(session, able, now=now, limit=AT_ONCE)
        await asyncio.gather(*(self._try(one) for one in due))
        return len(due)

    async def erase_due(self) -> int:
        """Let files vanish whose message was taken back, or whose download was never finished."""
        async with self._database.read() as session:
            names = await attachments.names_to_erase(session, now=self._clock.now())
        for name in names:
            await self._files.delete(name)
        if names:
            async with self._database.write() as session:
                await attachments.forget(session, names)
        return len(names)

    async def _try(self, download: Download) -> None:
        """One file must not stop the others: what nobody foresaw is one more failed try."""
        try:
            await self._download(download)
        except PASSING as error:
            await self._try_later(download, error)
        except ChannelError as error:
            await self._refuse(download, PROBLEMS.get(error.code, NOT_THERE))
        except Exception as error:
            log.exception("attachment %d failed", download.attachment_id)
            await self._try_later(download, error)

    async def _download(self, download: Download) -> None:
        wanted = download.attachment
        data = await self._connectors[download.account_id].fetch(wanted, most=largest(wanted.kind))
        digest = hashlib.sha256(data).hexdigest()
        if wanted.sha256 and not hmac.compare_digest(wanted.sha256.lower(), digest):
            raise TransientError(DAMAGED)
        kind = sniff(data)
        if kind is None:
            await self._refuse(download, NOT_ALLOWED)
            return
        await self._store(download, data, mime_type=kind[0], digest=digest)

    async def _store(self, download: Download, data: bytes, *, mime_type: str, digest: str) -> None:
        picture = None
        if mime_type in PICTURES:
            picture = await self._pictures.prepare(data)
            if picture is None:
                await self._refuse(download, DAMAGED)
                return
            await self._files.put(download.thumbnail, picture.thumbnail)
        await self._files.put(download.name, picture.data if picture else data)
        file = FetchedFile(
            mime_type=mime_type,
            size=len(data),
            sha256=digest,
            has_thumbnail=picture is not None,
            latitude=picture.latitude if picture else None,
            longitude=picture.longitude if picture else None,
        )
        async with self._database.write() as session:
            await attachments.record_stored(session, download, file)
            application_id = await attachments.application_of(session, download.attachment_id)
        if application_id:
            await self._bus.publish("application", {"id": application_id, "what": "attachment"})

    async def _refuse(self, download: Download, problem: str) -> None:
        async with self._database.write() as session:
            await attachments.record_refusal(session, download, problem=problem)

    async def _try_later(self, download: Download, error: Exception) -> None:
        retry_at = error.retry_at if isinstance(error, RateLimitedError) else None
        last = isinstance(error, TransientError) and error.detail == DAMAGED
        async with self._database.write() as session:
            await attachments.record_failure(
                session,
                download,
                problem=DAMAGED if last else NOT_YET,
                now=self._clock.now(),
                retry_at=retry_at,
            )
