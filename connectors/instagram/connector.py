"""The Instagram account as a port of the desk: glue between settings, parse and client."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.base import Platform
from connectors.instagram.client import InstagramClient
from connectors.instagram.facts import FACTS, FACTS_WITHOUT_PAGE
from connectors.instagram.parse import FOUND, parse
from connectors.instagram.settings import InstagramSettings
from connectors.meta.account import MetaAccount
from connectors.pieces import OwnText
from models.enums import Surface
from models.errors import ChannelError, ContactGoneError, OutcomeUnknownError, RequestRefusedError
from models.messages import AccountIdentity, OutboundMessage, Parsed
from models.ports import Clock


class InstagramConnector(MetaAccount[InstagramClient]):
    """Implements models.ports.Connector for one account."""

    def __init__(self, settings: InstagramSettings, clock: Clock) -> None:
        super().__init__(
            InstagramClient(settings, clock),
            facts=FACTS if settings.page_id else FACTS_WITHOUT_PAGE,
            account_id=settings.account_id,
            app_secret=settings.app_secret,
            verify_token=settings.verify_token,
            base_url=settings.base_url,
        )
        self._handle = settings.username.removeprefix("@").lower()
        self._looks_up = bool(settings.page_id)

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        own = self._handle
        return parse(payload, account_id=self.account_id, stream=stream, own_handle=own, looks_up=self._looks_up)

    async def identify(self) -> AccountIdentity:
        identity = await self._client.identify()
        self._handle = self._handle or identity.handle
        return identity

    async def look_up(self, pointer: Mapping[str, Any], *, last: bool) -> bytes:
        try:
            found = await self._client.mention(pointer)
        except (RequestRefusedError, ContactGoneError):
            found = {}
        except ChannelError:
            if not last:
                raise
            found = {}
        return json.dumps({"data": [{**pointer, FOUND: found}]}).encode()

    async def send_publicly(self, message: OutboundMessage, piece: str) -> str:
        if message.surface is Surface.TAG:
            named_in = "" if message.reply_to == message.thread_id else message.reply_to
            return await self._client.answer_mention(_media(message), named_in, piece)
        if message.reply_to:
            return await self._client.reply(message.reply_to, piece)
        return await self._client.comment(_media(message), piece)

    async def public_texts(self, message: OutboundMessage, *, since: datetime) -> Sequence[OwnText]:
        """Nobody but us writes our exact words: leaving the citizen's own comments out is enough."""
        if message.surface is Surface.TAG:
            raise OutcomeUnknownError("comments under media of others cannot be read")
        citizen = message.recipient_id
        if message.reply_to:
            return await self._client.replies_since(message.reply_to, not_by=citizen, since=since)
        return await self._client.comments_since(_media(message), not_by=citizen, since=since)

    def answered(self, message: OutboundMessage) -> Mapping[str, str]:
        if not message.reply_to:
            raise RequestRefusedError("no comment is named to answer privately")
        return {"comment_id": message.reply_to}


def _media(message: OutboundMessage) -> str:
    if not message.thread_id:
        raise RequestRefusedError("neither comment nor media is named to answer")
    return message.thread_id


PLATFORM = Platform(
    channel=FACTS.channel, facts=FACTS, settings=InstagramSettings, parse=parse, build=InstagramConnector
)
