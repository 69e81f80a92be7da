"""Calls to the Bot API through python-telegram-bot. No domain words, no state beyond the connection."""

import json
import ssl
from collections.abc import Sequence
from functools import cache
from typing import Any

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters, User
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from connectors.http import TIMEOUT
from connectors.telegram.errors import Refusal, keep_tokens_out_of_logs, translated
from connectors.telegram.facts import ALLOWED_UPDATES, PAGE_SIZE, PICTURES
from models.messages import OutboundFile
from models.ports import Clock

DATA_LIMIT = 64
"""Bytes of `callback_data`."""
EMPTY_ANSWER = b'{"ok":true,"result":[]}'


@cache
def _certificates() -> ssl.SSLContext:
    """Read once for all bots: the client would read them anew for each connection pool."""
    return httpx.create_ssl_context(trust_env=False)


class Transport(HTTPXRequest):
    """The client's own transport, which tells refusals with their status. Proxies of the environment are not used."""

    def __init__(self) -> None:
        super().__init__(
            read_timeout=TIMEOUT.total,
            write_timeout=TIMEOUT.total,
            connect_timeout=TIMEOUT.connect,
            pool_timeout=TIMEOUT.connect,
            httpx_kwargs={"trust_env": False, "verify": _certificates()},
        )

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*args, **options)
        if not 200 <= status < 300:
            raise Refusal(status, body)
        return status, body


class UpdatesTransport(Transport):
    """Keeps the answer raw and shows the client an empty one.

    The client would refuse a whole page for one update that it cannot read, and write its contents into the log.
    One poll at a time: `body` belongs to the last one.
    """

    body = b""

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        status, self.body = await super().do_request(*args, **options)
        return status, EMPTY_ANSWER


class TelegramClient:
    """One bot. All methods raise ChannelError."""

    def __init__(self, token: str, *, base_url: str, base_file_url: str, clock: Clock) -> None:
        keep_tokens_out_of_logs()
        self._clock = clock
        self._updates = UpdatesTransport()
        self._calls = Transport()
        self._bot = Bot(
            token,
            base_url=f"{base_url.rstrip('/')}/bot",
            base_file_url=f"{(base_file_url or base_url).rstrip('/')}/file/bot",
            request=self._calls,
            get_updates_request=self._updates,
        )

    async def me(self) -> User:
        """Who the token belongs to."""
        with translated(writes=False, now=self._clock.now()):
            return await self._bot.get_me()

    async def updates(self, offset: int | None, *, timeout: int) -> tuple[bytes, Sequence[Any]]:
        """The raw answer and its updates, from `offset` on; updates before it are forgotten by the platform."""
        with translated(writes=False, now=self._clock.now()):
            await self._bot.get_updates(
                offset=offset, limit=PAGE_SIZE, timeout=timeout, allowed_updates=list(ALLOWED_UPDATES)
            )
            return self._updates.body, _result(self._updates.body)

    async def send_text(
        self, chat_id: int, text: str, *, reply_to: int | None = None, quick_replies: Sequence[str] = ()
    ) -> int:
        """Send plain text; the id of the new message. An answered message that is gone does not hinder it.

        A pressed quick reply comes back with its title as data, which may have 64 bytes.
        """
        reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        rows = [[InlineKeyboardButton(title, callback_data=_data(title))] for title in quick_replies]
        buttons = InlineKeyboardMarkup(rows) if rows else None
        with translated(writes=True, now=self._clock.now()):
            sent = await self._bot.send_message(chat_id, text, reply_parameters=reply, reply_markup=buttons)
            return sent.message_id

    async def send_file(self, chat_id: int, file: OutboundFile, *, reply_to: int | None = None) -> int:
        """Send a picture as photo, anything else as document; the id of the new message."""
        reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        with translated(writes=True, now=self._clock.now()):
            if file.mime_type in PICTURES:
                sent = await self._bot.send_photo(chat_id, file.data, filename=file.file_name, reply_parameters=reply)
            else:
                sent = await self._bot.send_document(
                    chat_id, file.data, filename=file.file_name, reply_parameters=reply
                )
            return sent.message_id

    async def webhook_address(self) -> str:
        """Where Telegram pushes to; empty while it is polled."""
        with translated(writes=False, now=self._clock.now()):
            return str((await self._bot.get_webhook_info()).url)

    async def set_webhook(self, address: str, *, secret: str) -> None:
        """Have updates pushed from now on; those that wait are pushed, too. Doing it twice is no fault."""
        with translated(writes=False, now=self._clock.now()):
            await self._bot.set_webhook(address, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES))

    async def delete_webhook(self) -> None:
        """Have updates wait to be polled; those that wait already stay. Doing it twice is no fault."""
        with translated(writes=False, now=self._clock.now()):
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def answer_press(self, query_id: str) -> None:
        """Stop the spinning of a pressed button."""
        with translated(writes=False, now=self._clock.now()):
            await self._bot.answer_callback_query(query_id)

    async def close(self) -> None:
        await self._updates.shutdown()
        await self._calls.shutdown()


def _data(title: str) -> str:
    return title.encode()[:DATA_LIMIT].decode(errors="ignore")


def _result(body: bytes) -> Sequence[Any]:
    found = json.loads(body)
    result = found.get("result") if isinstance(found, dict) else None
    if not isinstance(result, list):
        raise TelegramError("an answer without result")
    return result
