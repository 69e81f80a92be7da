"""WhatsApp behind the connector port: signed pushes in, texts out. Glue only."""

from collections.abc import Mapping
from datetime import datetime

from connectors.base import Platform, require_mode
from connectors.meta.signature import handshake, verify_signature
from connectors.outgoing_files import require_files, with_files_first
from connectors.pieces import PieceSender
from connectors.whatsapp.client import WhatsAppClient
from connectors.whatsapp.envelope import PIECE_MARK
from connectors.whatsapp.errors import retry_time
from connectors.whatsapp.facts import FACTS, PAIR_BASE, TAG_LIMIT, TEXT_LIMIT
from connectors.whatsapp.files import WhatsAppFiles
from connectors.whatsapp.parse import parse
from connectors.whatsapp.settings import WhatsAppSettings
from models.enums import SendMode
from models.errors import NO_TEMPLATE, OutcomeUnknownError, RateLimitedError, RequestRefusedError
from models.messages import AccountIdentity, Attachment, OutboundMessage, Page, Parsed, SendResult
from models.ports import Clock, PieceAccepted
from models.splitting import split_text


class WhatsAppConnector:
    """Implements models.ports.Connector for one number."""

    facts = FACTS

    def __init__(self, settings: WhatsAppSettings, clock: Clock) -> None:
        self._settings = settings
        self.account_id = settings.account_id
        self._clock = clock
        self._client = WhatsAppClient(settings, clock)
        self._files = WhatsAppFiles(settings, clock)
        self._pieces = PieceSender(looks_up=False)
        self._refusals: dict[str, int] = {}
        """How often in a row a citizen's texts were refused as too many."""

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return handshake(query, self._settings.verify_token)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        return verify_signature(self._settings.app_secret, headers, body)

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        return parse(payload, account_id=self.account_id, stream=stream)

    async def identify(self) -> AccountIdentity:
        return await self._client.identify()

    async def poll(self, stream: str, cursor: str) -> Page:
        raise RequestRefusedError("WhatsApp has nothing to poll")

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        """Receipts give `reference` back; of a text in several pieces as `reference#2/3`, which parse takes apart."""
        if message.surface not in FACTS.surfaces:
            raise RequestRefusedError(f"whatsapp has no answer on surface {message.surface}")
        require_mode(message, SendMode.REPLY, SendMode.TEMPLATE)
        require_files(message, FACTS.surfaces[message.surface])
        pieces = _pieces(message)

        async def send_one(piece: str) -> str:
            number = self._pieces.accepted(message) + 1
            return await self._send_piece(message, piece, number=number, count=len(pieces))

        return await self._pieces.send(message, pieces, send_one, on_accepted=on_accepted)

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        raise OutcomeUnknownError("WhatsApp lets nobody look a text up; only a receipt with its tag tells")

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        return await self._files.fetch(attachment, most=most)

    async def close(self) -> None:
        await self._client.close()
        await self._files.close()

    async def block(self, person_id: str, *, blocked: bool) -> None:
        await self._client.block(person_id, blocked=blocked)

    async def _send_template(self, message: OutboundMessage, recipient: str) -> str:
        name, language = self._settings.answer_template, self._settings.template_language
        if not name:
            raise RequestRefusedError("no template is set up for this number", code=NO_TEMPLATE)
        values = [message.subject] if message.subject else []
        return await self._client.send_template(
            recipient, name, language=language, values=values, tag=message.reference[:TAG_LIMIT]
        )

    async def _send_piece(self, message: OutboundMessage, piece: str, *, number: int, count: int) -> str:
        recipient, reply_to = message.recipient_id or message.thread_id, message.reply_to if number == 1 else ""
        tag = message.reference if count == 1 else f"{message.reference}{PIECE_MARK}{number}/{count}"
        try:
            if message.mode is SendMode.TEMPLATE:
                sent = await self._send_template(message, recipient)
            elif number <= len(message.attachments):
                file = message.attachments[number - 1]
                media_id = await self._client.upload(file)
                sent = await self._client.send_file(recipient, file, media_id, reply_to=reply_to, tag=tag[:TAG_LIMIT])
            else:
                offered = message.quick_replies if number == count else ()
                sent = await self._client.send_text(
                    recipient, piece, reply_to=reply_to, tag=tag[:TAG_LIMIT], quick_replies=offered
                )
        except RateLimitedError as error:
            self._refusals[recipient] = refusals = self._refusals.get(recipient, 0) + 1
            error.retry_at = retry_time(error, refusals=refusals, base=PAIR_BASE, now=self._clock.now())
            raise
        self._refusals.pop(recipient, None)
        return sent


def _pieces(message: OutboundMessage) -> list[str]:
    """A template's words stand with the platform."""
    if message.mode is SendMode.TEMPLATE:
        return [""]
    texts = split_text(message.text, limit=TEXT_LIMIT, measure=FACTS.surfaces[message.surface].measure)
    return with_files_first(message, texts)


PLATFORM = Platform(channel=FACTS.channel, facts=FACTS, settings=WhatsAppSettings, parse=parse, build=WhatsAppConnector)
