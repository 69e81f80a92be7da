"""Turns refusals of the Bot API and faults of python-telegram-bot into our errors. The token never gets into them."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import httpx
from telegram.error import TelegramError

from models.errors import (
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
)

NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
GONE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated")
"""Telegram gives no code beside the HTTP status: these words alone tell a dead contact from a wrong request."""
LONGEST_MESSAGE = 200
TALKATIVE = ("httpx", "telegram.Bot", "telegram.request.HTTPXRequest")
"""Loggers that name addresses, and with them the token."""
_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{20,}")


class Refusal(TelegramError):
    """An answer of the Bot API that is not a success. `retry_after` is in seconds, None where it was not said."""

    def __init__(self, status: int, body: bytes) -> None:
        said = _decoded(body)
        super().__init__(redact(str(said.get("description") or f"HTTP {status}"))[:LONGEST_MESSAGE])
        self.status = status
        parameters = said.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        self.retry_after = wait if isinstance(wait, int) and wait >= 0 else None


@contextmanager
def translated(*, writes: bool, now: datetime) -> Iterator[None]:
    """Raise our errors in place of the client's. `now` is the time from which `retry_after` counts."""
    try:
        yield
    except Refusal as refusal:
        raise error_from(refusal, writes=writes, now=now) from refusal
    except TelegramError as error:
        # Its message may hold the token (InvalidToken) or the address: neither text nor cause goes on.
        raise _broken_off(error, writes=writes) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        detail = f"answer cannot be read ({type(error).__name__})"
        raise _uncertain(detail, writes=writes) from None


def error_from(refusal: Refusal, *, writes: bool, now: datetime) -> ChannelError:
    """Our error for a refusal, by its HTTP status."""
    code, said = str(refusal.status), refusal.message
    match refusal.status:
        case 401 | 404:
            return ReauthoriseError("Telegram does not accept the bot's token", code=code)
        case 403:
            return ContactGoneError(f"this citizen cannot be written to ({said})", code=code)
        case 409:
            return TransientError(f"the bot is polled elsewhere or has a webhook ({said})", code=code)
        case 429:
            wait = refusal.retry_after
            retry_at = None if wait is None else now + timedelta(seconds=wait)
            return RateLimitedError("too many requests", code=code, retry_at=retry_at)
        case 504:
            return _uncertain("Telegram's gateway gave up waiting", writes=writes)
        case status if status >= 500:
            return TransientError(f"Telegram has a passing fault (HTTP {status})", code=code)
    if any(word in said.lower() for word in GONE):
        return ContactGoneError(f"this citizen cannot be written to ({said})", code=code)
    return RequestRefusedError(f"Telegram refused the request ({said})", code=code)


def redact(text: str) -> str:
    """`text` without anything that looks like a bot's token."""
    return _TOKEN.sub("…", text)


class TokenFilter(logging.Filter):
    """Takes tokens out of log records: the HTTP library logs addresses, and Telegram's hold the token."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


_TOKEN_FILTER = TokenFilter()


def keep_tokens_out_of_logs() -> None:
    """Called by whoever makes a client; any number of times."""
    for name in TALKATIVE:
        logging.getLogger(name).addFilter(_TOKEN_FILTER)


def _broken_off(error: TelegramError, *, writes: bool) -> ChannelError:
    cause = error.__cause__
    if isinstance(cause, NOTHING_SENT):
        return TransientError("Telegram cannot be reached")
    name = type(cause or error).__name__
    return _uncertain(f"connection broke off ({name})", writes=writes)


def _uncertain(detail: str, *, writes: bool) -> ChannelError:
    return OutcomeUnknownError(detail) if writes else TransientError(detail)


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
