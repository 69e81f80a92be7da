"""Telegram behind the connector port: which updates are confirmed, how a text leaves. Glue only."""

import hmac
import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.base import Platform, require_mode
from connectors.outgoing_files import require_files, with_files_first
from connectors.pieces import PieceSender
from connectors.telegram.client import EMPTY_ANSWER, TelegramClient
from connectors.telegram.facts import CHAT_PAUSE, FACTS, IDLE_LIMIT, PAGE_SIZE, TEXT_LIMIT, UPDATES, WEBHOOK_PAUSE
from connectors.telegram.files import TelegramFiles
from connectors.telegram.parse import parse, pressed_buttons, split_external_id
from connectors.telegram.settings import TelegramSettings
from models.enums import ChannelName, SendMode
from models.errors import ChannelError, OutcomeUnknownError, RequestRefusedError
from models.messages import AccountIdentity, Attachment, OutboundMessage, Page, Parsed, SendResult
from models.ports import Clock, PieceAccepted
from models.splitting import split_text

log = logging.getLogger(__name__)

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105


class TelegramConnector:
    """One bot.

    Telegram forgets updates as soon as a poll names a higher offset. So an offset is named only when the cursor of
    the page that held them comes back, which proves that the page was stored; it lives in memory alone.
    """

    facts = FACTS

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        self._settings = settings
        self.account_id = settings.account_id
        self._clock = clock
        self._client = TelegramClient(
            settings.token, base_url=settings.base_url, base_file_url=settings.base_file_url, clock=clock
        )
        self._files = TelegramFiles(settings, clock)
        self._offset: int | None = None
        self._served: tuple[str, int] | None = None
        """Cursor of the last page with updates and the offset that confirms it."""
        self._heard_at = self._webhook_due = clock.now()
        self._is_new = True
        """The secret may be another one than Telegram was told."""
        self._pieces = PieceSender(looks_up=False)

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """Telegram knows no handshake."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        given = headers.get(SECRET_HEADER, "").encode()
        secret = self._settings.webhook_secret.encode()
        return bool(secret) and hmac.compare_digest(given, secret)

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        return parse(payload, account_id=self.account_id, stream=stream)

    async def identify(self) -> AccountIdentity:
        me = await self._client.me()
        return AccountIdentity(external_id=str(me.id), name=me.full_name, handle=me.username or "")

    async def poll(self, stream: str, cursor: str) -> Page:
        """Waits up to `poll_timeout` for updates. `cursor` must be the stored one of the page before.

        A bot that is pushed to has nothing to poll: then only its webhook is looked after.
        """
        if stream != UPDATES:
            raise RequestRefusedError(f"no stream {stream!r}")
        if self._settings.webhook_url:
            await self._keep_webhook()
            return Page(payload=EMPTY_ANSWER, cursor=cursor, empty=True)
        await self._leave_webhook()
        self._confirm(cursor)
        body, updates = await self._client.updates(self._offset, timeout=self._settings.poll_timeout)
        if not updates:
            return Page(payload=body, cursor=cursor, empty=True)
        self._heard_at = self._clock.now()
        offset = max(self._offset or 0, *(_update_id(update) + 1 for update in updates))
        self._served = (json.dumps({"offset": offset}), offset)
        return Page(payload=body, cursor=self._served[0], more=len(updates) >= PAGE_SIZE)

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        require_mode(message, SendMode.REPLY)
        chat_id, reply_to = _address(message)
        facts = FACTS.surfaces[message.surface]
        require_files(message, facts)
        pieces = with_files_first(message, split_text(message.text, limit=TEXT_LIMIT, measure=facts.measure))

        async def send_one(piece: str) -> str:
            done = self._pieces.accepted(message)
            if done:
                await self._clock.sleep(CHAT_PAUSE)
            answered = None if done else reply_to
            if done < len(message.attachments):
                sent = await self._client.send_file(chat_id, message.attachments[done], reply_to=answered)
            else:
                offered = message.quick_replies if done == len(pieces) - 1 else ()
                sent = await self._client.send_text(chat_id, piece, reply_to=answered, quick_replies=offered)
            return f"{self.account_id}:{chat_id}:{sent}"

        return await self._pieces.send(message, pieces, send_one, on_accepted=on_accepted)

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        raise OutcomeUnknownError("Telegram lets no bot look up what it has sent")

    async def acknowledge(self, payload: bytes) -> None:
        """Pressed buttons spin until they are answered; Telegram forgets old ones by itself."""
        for query_id in pressed_buttons(payload):
            try:
                await self._client.answer_press(query_id)
            except ChannelError as error:
                log.warning("a pressed button was not answered: %s", error.detail)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        return await self._files.fetch(attachment, most=most)

    async def close(self) -> None:
        await self._client.close()
        await self._files.close()

    async def _keep_webhook(self) -> None:
        if self._clock.now() < self._webhook_due:
            return
        wanted = self._settings.webhook_url
        if self._is_new or await self._client.webhook_address() != wanted:
            await self._client.set_webhook(wanted, secret=self._settings.webhook_secret)
        self._is_new = False
        self._webhook_due = self._clock.now() + WEBHOOK_PAUSE

    async def _leave_webhook(self) -> None:
        """Of a bot that was pushed to before: else Telegram refuses each poll with 409, and drops updates in a day."""
        if self._is_new:
            await self._client.delete_webhook()
            self._is_new = False

    def _confirm(self, cursor: str) -> None:
        if self._served and cursor == self._served[0]:
            self._offset = self._served[1]
        if self._clock.now() - self._heard_at > IDLE_LIMIT:
            self._offset = self._served = None


def _update_id(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, Mapping) else None
    return number if isinstance(number, int) else 0


def _address(message: OutboundMessage) -> tuple[int, int | None]:
    """(chat id, id of the answered message). Raises RequestRefusedError."""
    chat, answered = message.thread_id or message.recipient_id, split_external_id(message.reply_to)
    if message.surface not in FACTS.surfaces or not chat.lstrip("-").isdigit():
        raise RequestRefusedError("not a private chat of Telegram")
    return int(chat), int(answered[1]) if answered[1].isdigit() else None


def _build(settings: Any, clock: Clock) -> TelegramConnector:
    return TelegramConnector(settings, clock)


PLATFORM = Platform(channel=ChannelName.TELEGRAM, facts=FACTS, settings=TelegramSettings, parse=parse, build=_build)
