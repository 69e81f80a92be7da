"""Media that citizens sent on WhatsApp: an id, an address that lives for five minutes, bytes. Nothing else."""

from urllib.parse import urlsplit

from connectors.download import GONE, Downloader
from connectors.meta.files import fetch_by_id
from connectors.meta.graph import GraphClient
from connectors.whatsapp.errors import CODES
from connectors.whatsapp.settings import WhatsAppSettings
from models.errors import RequestRefusedError
from models.messages import Attachment
from models.ports import Clock


class WhatsAppFiles:
    """Files of one number. Each fetch asks for a fresh address."""

    def __init__(self, settings: WhatsAppSettings, clock: Clock) -> None:
        self._token = settings.access_token
        self._host = urlsplit(settings.base_url).hostname or ""
        self._downloader = Downloader(settings.base_url)
        self._graph = GraphClient(
            base_url=settings.base_url,
            version=settings.graph_version,
            access_token=settings.access_token,
            app_secret=settings.app_secret,
            clock=clock,
            codes=CODES,
        )

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """The bytes. Raises ChannelError."""
        if not attachment.external_id.isdecimal():
            raise RequestRefusedError("the file has no id", code=GONE)
        return await fetch_by_id(
            self._graph,
            self._downloader,
            attachment.external_id,
            most=most,
            token=self._token,
            own_host=self._host,
        )

    async def close(self) -> None:
        await self._graph.close()
        await self._downloader.close()
