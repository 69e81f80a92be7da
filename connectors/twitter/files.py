"""Files of posts and messages on X. Those of messages ask for the account's signature, which goes to X's host alone."""

from urllib.parse import urlsplit

from oauthlib.oauth1 import Client

from connectors.download import GONE, Downloader
from connectors.twitter.settings import TwitterSettings
from models.errors import RequestRefusedError
from models.messages import Attachment

SIGNED_HOSTS = frozenset({"ton.twitter.com", "ton.x.com", "api.twitter.com", "api.x.com"})


class TwitterFiles:
    """Files that one account may see."""

    def __init__(self, settings: TwitterSettings) -> None:
        self._downloader = Downloader(settings.base_url)
        self._bearer = settings.access_token if settings.by_oauth2 else ""
        self._signer = Client(
            settings.consumer_key,
            client_secret=settings.consumer_secret,
            resource_owner_key=settings.access_token,
            resource_owner_secret=settings.access_token_secret,
        )

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """The bytes. Raises ChannelError."""
        if not attachment.url:
            raise RequestRefusedError("X gives no address for this file", code=GONE)
        return await self._downloader.get(attachment.url, most=most, headers=self._signature(attachment.url))

    async def close(self) -> None:
        await self._downloader.close()

    def _signature(self, url: str) -> dict[str, str] | None:
        if urlsplit(url).hostname not in SIGNED_HOSTS:
            return None
        if self._bearer:
            return {"Authorization": f"Bearer {self._bearer}"}
        _, headers, _ = self._signer.sign(url)
        return {"Authorization": str(headers["Authorization"])}
