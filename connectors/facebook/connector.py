"""The Facebook Page as a port of the desk: glue between settings, parse and client."""

from collections.abc import Mapping
from datetime import datetime

from connectors.base import Platform, split_text
from connectors.facebook.client import FacebookClient
from connectors.facebook.facts import FACTS
from connectors.facebook.parse import parse
from connectors.facebook.settings import FacebookSettings
from connectors.meta.signature import handshake, verify_signature
from connectors.pieces import CLOCK_SLACK, OwnText, PieceSender
from models.enums import Surface
from models.errors import RequestRefusedError
from models.messages import AccountIdentity, OutboundMessage, Page, Parsed, SendResult
from models.ports import Clock, PieceAccepted


class FacebookConnector:
    """Implements models.ports.Connector for one Page."""

    facts = FACTS

    def __init__(self, settings: FacebookSettings, clock: Clock) -> None:
        self._settings = settings
        self._client = FacebookClient(settings, clock)
        self._pieces = PieceSender()

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return handshake(query, self._settings.verify_token)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        return verify_signature(self._settings.app_secret, headers, body)

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        return parse(payload, account_id=self._settings.page_id, stream=stream)

    async def identify(self) -> AccountIdentity:
        return await self._client.identify()

    async def poll(self, stream: str, cursor: str) -> Page:
        return await self._client.poll(stream, cursor)

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        async def send_one(piece: str) -> str:
            if message.surface is Surface.DIRECT:
                return await self._client.messages.send_text(message.recipient_id, piece, by_human=message.by_human)
            return await self._client.comment(_target(message), piece)

        return await self._pieces.send(message, _pieces(message), send_one, on_accepted=on_accepted)

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        found = await self._found(message, since - CLOCK_SLACK)
        return self._pieces.settle(message, _pieces(message), found)

    async def close(self) -> None:
        await self._client.close()

    async def _found(self, message: OutboundMessage, since: datetime) -> list[OwnText]:
        if message.surface is Surface.DIRECT:
            return await self._client.messages.own_texts(message.recipient_id, since=since)
        target = _target(message)
        return await self._client.own_comments(message.thread_id or target, below=target, since=since)


def _pieces(message: OutboundMessage) -> list[str]:
    surface = FACTS.surfaces.get(message.surface)
    if surface is None:
        raise RequestRefusedError(f"facebook has no answer on surface {message.surface}")
    return split_text(message.text, limit=surface.limit, measure=surface.measure)


def _target(message: OutboundMessage) -> str:
    """The comment that is answered; the post itself where it is a visitor's, or where no comment is named."""
    target = message.reply_to or message.thread_id
    if not target:
        raise RequestRefusedError("neither comment nor post is named to answer")
    return target


PLATFORM = Platform(channel=FACTS.channel, facts=FACTS, settings=FacebookSettings, parse=parse, build=FacebookConnector)
