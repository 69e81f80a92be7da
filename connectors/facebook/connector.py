"""The Facebook Page as a port of the desk: glue between settings, parse and client."""

from collections.abc import Mapping
from datetime import datetime

from connectors.base import Platform, require_mode
from connectors.facebook.client import FacebookClient
from connectors.facebook.facts import FACTS
from connectors.facebook.parse import parse
from connectors.facebook.settings import FacebookSettings
from connectors.meta.files import LinkedFiles
from connectors.meta.signature import handshake, verify_signature
from connectors.outgoing_files import require_files, with_files_first
from connectors.pieces import CLOCK_SLACK, OwnText, PieceSender
from models.enums import SendMode, Surface
from models.errors import OutcomeUnknownError, RequestRefusedError
from models.messages import AccountIdentity, Attachment, OutboundMessage, Page, Parsed, Sender, SendResult
from models.ports import Clock, PieceAccepted
from models.splitting import split_text


class FacebookConnector:
    """Implements models.ports.Connector for one Page."""

    facts = FACTS

    def __init__(self, settings: FacebookSettings, clock: Clock) -> None:
        self._settings = settings
        self._client = FacebookClient(settings, clock)
        self._files = LinkedFiles(settings.base_url)
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
        require_mode(message, SendMode.REPLY, SendMode.PRIVATE_REPLY)
        require_files(message, FACTS.surfaces.get(message.surface))
        pieces = _pieces(message)

        async def send_one(piece: str) -> str:
            if message.mode is SendMode.PRIVATE_REPLY:
                return await self._client.messages.reply_privately(_writer_of(message), piece)
            if message.surface is Surface.DIRECT:
                done = self._pieces.accepted(message)
                return await self._client.messages.send_piece(message, piece, done=done, count=len(pieces))
            photo = next(iter(message.attachments), None) if not self._pieces.accepted(message) else None
            return await self._client.comment(_target(message), piece, photo=photo)

        return await self._pieces.send(message, pieces, send_one, on_accepted=on_accepted)

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        found = await self._found(message, since - CLOCK_SLACK)
        result = self._pieces.settle(message, _pieces(message), found)
        if result is None and message.mode is SendMode.PRIVATE_REPLY:
            await self._require_unanswered(message)
        return result

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        await self._client.hide(external_id, hidden=hidden)

    async def person(self, person_id: str) -> Sender | None:
        return await self._client.messages.person(person_id, scope=self._settings.page_id)

    async def block(self, person_id: str, *, blocked: bool) -> None:
        await self._client.messages.block(person_id, blocked=blocked)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        return await self._files.fetch(attachment, most=most)

    async def close(self) -> None:
        await self._client.close()
        await self._files.close()

    async def _require_unanswered(self, message: OutboundMessage) -> None:
        """The writer of a comment may have another id in Messenger: then only the comment tells."""
        if not await self._client.can_reply_privately(_target(message)):
            raise OutcomeUnknownError("the comment was answered privately, perhaps by this text")

    async def _found(self, message: OutboundMessage, since: datetime) -> list[OwnText]:
        if message.surface is Surface.DIRECT or message.mode is SendMode.PRIVATE_REPLY:
            return await self._client.messages.own_texts(message.recipient_id, since=since)
        target = _target(message)
        return await self._client.own_comments(message.thread_id or target, below=target, since=since)


def _pieces(message: OutboundMessage) -> list[str]:
    if message.mode is SendMode.PRIVATE_REPLY:
        return [_single(message)]
    surface = FACTS.surfaces.get(message.surface)
    if surface is None:
        raise RequestRefusedError(f"facebook has no answer on surface {message.surface}")
    texts = split_text(message.text, limit=surface.limit, measure=surface.measure)
    return with_files_first(message, texts) if message.surface is Surface.DIRECT else texts


def _single(message: OutboundMessage) -> str:
    """A private answer is one message and no more."""
    direct = FACTS.surfaces[Surface.DIRECT]
    if direct.measure(message.text) > direct.limit:
        raise RequestRefusedError("too long for a private answer")
    return message.text


def _target(message: OutboundMessage) -> str:
    """The comment that is answered; the post itself where it is a visitor's, or where no comment is named."""
    target = message.reply_to or message.thread_id
    if not target:
        raise RequestRefusedError("neither comment nor post is named to answer")
    return target


def _writer_of(message: OutboundMessage) -> dict[str, str]:
    target = _target(message)
    return {
        "post_id" if message.surface is Surface.VISITOR_POST and target == message.thread_id else "comment_id": target
    }


PLATFORM = Platform(channel=FACTS.channel, facts=FACTS, settings=FacebookSettings, parse=parse, build=FacebookConnector)
