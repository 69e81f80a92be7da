"""Tells management: by the city's own webhook, or by the pages alone."""

import logging

import aiohttp

from models.errors import TransientError

log = logging.getLogger(__name__)
SECONDS = 10.0


class PageNotifier:
    """Nothing leaves the house: management reads the page of emergencies."""

    async def tell(self, subject: str, text: str) -> None:
        log.info("%s: see the page of emergencies (%d)", subject, len(text.splitlines()))


class WebhookNotifier:
    """Posts `{"subject": …, "text": …}` to an address of the organisation (SMS gateway, chat, pager)."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def tell(self, subject: str, text: str) -> None:
        """Raises ChannelError where it was not taken."""
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                async with session.post(self._address, json={"subject": subject, "text": text}) as response:
                    if response.status >= 300:
                        raise TransientError(f"the webhook answered {response.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TransientError(f"the webhook cannot be reached: {type(error).__name__}") from error
