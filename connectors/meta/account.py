"""A Page or an Instagram account behind the connector port: all that both do alike. Glue only."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from connectors.base import require_mode
from connectors.meta.conversations import Conversations
from connectors.meta.files import LinkedFiles
from connectors.meta.signature import handshake, verify_signature
from connectors.outgoing_files import require_files, with_files_first
from connectors.pieces import CLOCK_SLACK, OwnText, PieceSender
from models.channel_facts import ChannelFacts
from models.enums import SendMode, Surface
from models.errors import RequestRefusedError
from models.messages import Attachment, OutboundMessage, Page, Sender, SendResult
from models.ports import PieceAccepted
from models.splitting import split_text


class AccountClient(Protocol):
    """Calls that both platforms have."""

    messages: Conversations

    async def poll(self, stream: str, cursor: str) -> Page: ...

    async def hide(self, external_id: str, *, hidden: bool) -> None: ...

    async def close(self) -> None: ...


Client = TypeVar("Client", bound=AccountClient)


class MetaAccount(ABC, Generic[Client]):
    """A platform adds who the account is, how its JSON is read, and what is said in public."""

    def __init__(
        self,
        client: Client,
        *,
        facts: ChannelFacts,
        account_id: str,
        app_secret: str,
        verify_token: str,
        base_url: str,
    ) -> None:
        self.facts = facts
        self._client = client
        self.account_id = account_id
        self._app_secret = app_secret
        self._verify_token = verify_token
        self._files = LinkedFiles(base_url)
        self._pieces = PieceSender()

    @abstractmethod
    async def send_publicly(self, message: OutboundMessage, piece: str) -> str:
        """One piece where the citizen wrote in public; the new id. Raises ChannelError."""

    @abstractmethod
    async def public_texts(self, message: OutboundMessage, *, since: datetime) -> Sequence[OwnText]:
        """Our texts since then where an uncertain one would stand. Raises ChannelError."""

    @abstractmethod
    def answered(self, message: OutboundMessage) -> Mapping[str, str]:
        """What a private answer answers, as the Send API names it. Raises RequestRefusedError where nothing is."""

    def handshake(self, query: Mapping[str, str]) -> str | None:
        return handshake(query, self._verify_token)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        return verify_signature(self._app_secret, headers, body)

    async def poll(self, stream: str, cursor: str) -> Page:
        return await self._client.poll(stream, cursor)

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        require_mode(message, SendMode.REPLY, SendMode.PRIVATE_REPLY)
        require_files(message, self.facts.surfaces.get(message.surface))
        pieces = self.pieces_of(message)

        async def send_one(piece: str) -> str:
            if message.mode is SendMode.PRIVATE_REPLY:
                return await self._client.messages.reply_privately(self.answered(message), piece)
            if message.surface is Surface.DIRECT:
                done = self._pieces.accepted(message)
                return await self._client.messages.send_piece(message, piece, done=done, count=len(pieces))
            return await self.send_publicly(message, piece)

        return await self._pieces.send(message, pieces, send_one, on_accepted=on_accepted)

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        since = since - CLOCK_SLACK
        if message.surface is Surface.DIRECT or message.mode is SendMode.PRIVATE_REPLY:
            found: Sequence[OwnText] = await self._client.messages.own_texts(message.recipient_id, since=since)
        else:
            found = await self.public_texts(message, since=since)
        return self._pieces.settle(message, self.pieces_of(message), found)

    async def hide(self, external_id: str, *, hidden: bool) -> None:
        await self._client.hide(external_id, hidden=hidden)

    async def block(self, person_id: str, *, blocked: bool) -> None:
        await self._client.messages.block(person_id, blocked=blocked)

    async def person(self, person_id: str) -> Sender | None:
        return await self._client.messages.person(person_id, scope=self.account_id)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        return await self._files.fetch(attachment, most=most)

    async def close(self) -> None:
        await self._client.close()
        await self._files.close()

    def pieces_of(self, message: OutboundMessage) -> list[str]:
        """A private answer is one message and no more; files in messages are messages of their own."""
        if message.mode is SendMode.PRIVATE_REPLY:
            direct = self.facts.surfaces[Surface.DIRECT]
            if direct.measure(message.text) > direct.limit:
                raise RequestRefusedError("too long for a private answer")
            return [message.text]
        surface = self.facts.surfaces.get(message.surface)
        if surface is None:
            raise RequestRefusedError(f"{self.facts.channel} has no answer on surface {message.surface}")
        texts = split_text(message.text, limit=surface.limit, measure=surface.measure)
        return with_files_first(message, texts) if message.surface is Surface.DIRECT else texts
