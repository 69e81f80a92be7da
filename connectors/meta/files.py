"""Files of Meta's platforms: those that come with an address, and those that Graph names by id. Knows no events."""

from urllib.parse import urlsplit

from connectors.download import GONE, TOO_LARGE, Downloader
from connectors.meta.graph import GraphClient
from connectors.meta.reading import id_of, record, text_of
from models.errors import RequestRefusedError
from models.messages import Attachment

META_HOSTS = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net")


class LinkedFiles:
    """Files that Messenger and Instagram name by an address of their own, good without a token, for some days."""

    def __init__(self, base_url: str) -> None:
        self._downloader = Downloader(base_url)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """The bytes. Raises ChannelError."""
        if not attachment.url:
            raise RequestRefusedError("the platform gives no address for this file", code=GONE)
        return await self._downloader.get(attachment.url, most=most)

    async def close(self) -> None:
        await self._downloader.close()


async def fetch_by_id(
    graph: GraphClient, downloader: Downloader, media_id: str, *, most: int, token: str, own_host: str
) -> bytes:
    """Ask for the address, which lives for minutes, and fetch it with the token, which goes to Meta's hosts alone.

    Raises ChannelError.
    """
    node = record((await graph.get(media_id)).json)
    url, size = text_of(node.get("url")), id_of(node.get("file_size"))
    if not url:
        raise RequestRefusedError("the platform has no such file any more", code=GONE)
    if size.isdecimal() and int(size) > most:
        raise RequestRefusedError(f"the file is larger than {most // 1024} KB", code=TOO_LARGE)
    host = urlsplit(url).hostname or ""
    is_meta = host == own_host or host.endswith(META_HOSTS)
    return await downloader.get(url, most=most, headers={"Authorization": f"Bearer {token}"} if is_meta else None)
