"""The Facebook Page as a port of the desk: glue between settings, parse and client."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.base import Platform
from connectors.facebook.client import FacebookClient
from connectors.facebook.facts import FACTS
from connectors.facebook.parse import parse
from connectors.facebook.settings import FacebookSettings
from connectors.meta.account import MetaAccount
from connectors.pieces import OwnText
from models.enums import SendMode, Surface
from models.errors import OutcomeUnknownError, RequestRefusedError
from models.messages import AccountIdentity, OutboundMessage, Parsed, SendResult
from models.ports import Clock


class FacebookConnector(MetaAccount[FacebookClient]):
    """Implements models.ports.Connector for one Page."""

    def __init__(self, settings: FacebookSettings, clock: Clock) -> None:
        super().__init__(
            FacebookClient(settings, clock),
            facts=FACTS,
            account_id=settings.page_id,
            app_secret=settings.app_secret,
            verify_token=settings.verify_token,
            base_url=settings.base_url,
        )

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        return parse(payload, account_id=self.account_id, stream=stream)

    async def identify(self) -> AccountIdentity:
        return await self._client.identify()

    async def send_publicly(self, message: OutboundMessage, piece: str) -> str:
        photo = next(iter(message.attachments), None) if not self._pieces.accepted(message) else None
        return await self._client.comment(_target(message), piece, photo=photo)

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        result = await super().check(message, since=since)
        if result is None and message.mode is SendMode.PRIVATE_REPLY:
            await self._require_unanswered(message)
        return result

    async def public_texts(self, message: OutboundMessage, *, since: datetime) -> Sequence[OwnText]:
        target = _target(message)
        return await self._client.own_comments(message.thread_id or target, below=target, since=since)

    def answered(self, message: OutboundMessage) -> Mapping[str, str]:
        target = _target(message)
        is_post = message.surface is Surface.VISITOR_POST and target == message.thread_id
        return {"post_id" if is_post else "comment_id": target}

    async def _require_unanswered(self, message: OutboundMessage) -> None:
        """The writer of a comment may have another id in Messenger: then only the comment tells."""
        if not await self._client.can_reply_privately(_target(message)):
            raise OutcomeUnknownError("the comment was answered privately, perhaps by this text")


def _target(message: OutboundMessage) -> str:
    """The comment that is answered; the post itself where it is a visitor's, or where no comment is named."""
    target = message.reply_to or message.thread_id
    if not target:
        raise RequestRefusedError("neither comment nor post is named to answer")
    return target


PLATFORM = Platform(channel=FACTS.channel, facts=FACTS, settings=FacebookSettings, parse=parse, build=FacebookConnector)
