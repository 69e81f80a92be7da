"""The Instagram account as a port of the desk: glue between settings, parse and client."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.base import Platform, require_mode
from connectors.instagram.client import InstagramClient
from connectors.instagram.facts import FACTS, FACTS_WITHOUT_PAGE
from connectors.instagram.parse import FOUND, parse
from connectors.instagram.settings import InstagramSettings
from connectors.meta.files import LinkedFiles
from connectors.meta.signature import handshake, verify_signature
from connectors.outgoing_files import require_files, with_files_first
from connectors.pieces import CLOCK_SLACK, OwnText, PieceSender
from models.enums import SendMode, Surface
from models.errors import ChannelError, ContactGoneError, OutcomeUnknownError, RequestRefusedError
from models.messages import AccountIdentity, Attachment, OutboundMessage, Page, Parsed, Sender, SendResult
from models.ports import Clock, PieceAccepted
from models.splitting import split_text


class InstagramConnector:
    """Implements models.ports.Connector for one account."""

    def __init__(self, settings: InstagramSettings, clock: Clock) -> None:
        self.facts = FACTS if settings.page_id else FACTS_WITHOUT_PAGE
        self._settings = settings
        self._handle = settings.username
        self._client = InstagramClient(settings, clock)
        self._files = LinkedFiles(settings.base_url)
        self._pieces = PieceSender()

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return handshake(query, self._settings.verify_token)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        return verify_signature(self._settings.app_secret, headers, body)

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        settings = self._settings
        return parse(
            payload,
            account_id=settings.account_id,
            stream=stream,
            own_handle=self._handle,
            looks_up=bool(settings.page_id),
        )

    async def identify(self) -> AccountIdentity:
        identity = await self._client.identify()
        self._handle = self._handle or identity.handle
        return identity

    async def poll(self, stream: str, cursor: str) -> Page:
        return await self._client.poll(stream, cursor)

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

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        require_mode(message, SendMode.REPLY, SendMode.PRIVATE_REPLY)
        require_files(message, self.facts.surfaces.get(message.surface))
        pieces = _pieces(message)

        async def send_one(piece: str) -> str:
            if message.mode is SendMode.PRIVATE_REPLY:
                return await self._client.messages.reply_privately(_writer_of(message), piece)
            if message.surface is Surface.DIRECT:
                done = self._pieces.accepted(message)
                return await self._client.messages.send_piece(message, piece, done=done, count=len(pieces))
            if message.surface is Surface.TAG:
                named_in = "" if message.reply_to == message.thread_id else message.reply_to
                return await self._client.answer_mention(_media(message), named_in, piece)
            if message.reply_to:
                return await self._client.reply(message.reply_to, piece)
            return await self._client.comment(_media(message), piece)

        return await self._pieces.send(message, pieces, send_one, on_accepted=on_accepted)

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        found = await self._found(message, since - CLOCK_SLACK)
        return self._pieces.settle(message, _pieces(message), found)

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        await self._client.hide(external_id, hidden=hidden)

    async def person(self, person_id: str) -> Sender | None:
        return await self._client.messages.person(person_id, scope=self._settings.account_id)

    async def block(self, person_id: str, *, blocked: bool) -> None:
        await self._client.messages.block(person_id, blocked=blocked)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        return await self._files.fetch(attachment, most=most)

    async def close(self) -> None:
        await self._client.close()
        await self._files.close()

    async def _found(self, message: OutboundMessage, since: datetime) -> list[OwnText]:
        """Nobody but us writes our exact words: leaving the citizen's own comments out is enough."""
        if message.surface is Surface.TAG:
            raise OutcomeUnknownError("comments under media of others cannot be read")
        citizen = message.recipient_id
        if message.surface is Surface.DIRECT or message.mode is SendMode.PRIVATE_REPLY:
            return await self._client.messages.own_texts(citizen, since=since)
        if message.reply_to:
            return await self._client.replies_since(message.reply_to, not_by=citizen, since=since)
        return await self._client.comments_since(_media(message), not_by=citizen, since=since)


def _pieces(message: OutboundMessage) -> list[str]:
    if message.mode is SendMode.PRIVATE_REPLY:
        return [_single(message)]
    surface = FACTS.surfaces.get(message.surface)
    if surface is None:
        raise RequestRefusedError(f"instagram has no answer on surface {message.surface}")
    texts = split_text(message.text, limit=surface.limit, measure=surface.measure)
    return with_files_first(message, texts)


def _single(message: OutboundMessage) -> str:
    """A private answer is one message and no more."""
    direct = FACTS.surfaces[Surface.DIRECT]
    if direct.measure(message.text) > direct.limit:
        raise RequestRefusedError("too long for a private answer")
    return message.text


def _media(message: OutboundMessage) -> str:
    if not message.thread_id:
        raise RequestRefusedError("neither comment nor media is named to answer")
    return message.thread_id


def _writer_of(message: OutboundMessage) -> dict[str, str]:
    if not message.reply_to:
        raise RequestRefusedError("no comment is named to answer privately")
    return {"comment_id": message.reply_to}


PLATFORM = Platform(
    channel=FACTS.channel, facts=FACTS, settings=InstagramSettings, parse=parse, build=InstagramConnector
)
