"""Turns Graph's error answers into ours, by code and sub-code, never by message (the messages change)."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.meta.usage import regain_time
from models.errors import (
    AccountPausedError,
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    PersonLimitedError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)

ErrorClass = type[ChannelError]

PERMISSION_CODES = frozenset({3, 10, *range(200, 300)})
"""Known, but not allowed."""

BY_SUBCODE: dict[tuple[int, int], ErrorClass] = {
    (10, 2018278): WindowClosedError,
    (10, 2534022): WindowClosedError,
    (10, 1893063): AccountPausedError,
    (20, 1772107): OutcomeUnknownError,  # `fields` on a comment's POST: created, then refused
    (100, 2018001): ContactGoneError,
    (551, 1545041): ContactGoneError,
}
BY_ANY_SUBCODE: dict[int, ErrorClass] = {1545041: WindowClosedError}
BY_CODE: dict[int, ErrorClass] = {
    **dict.fromkeys((1, 2), TransientError),
    **dict.fromkeys((4, 17, 32, 341, 613), RateLimitedError),
    **dict.fromkeys(range(80000, 80015), RateLimitedError),
    **dict.fromkeys((102, 190), ReauthoriseError),
    **dict.fromkeys(sorted(PERMISSION_CODES), ReauthoriseError),
    100: RequestRefusedError,
    368: AccountPausedError,
    506: RequestRefusedError,
    551: ContactGoneError,
}
WORDS: dict[ErrorClass, str] = {
    TransientError: "the platform has a passing fault",
    RateLimitedError: "too many requests",
    PersonLimitedError: "too many texts to this person",
    OutcomeUnknownError: "the platform failed; the text may have been accepted",
    WindowClosedError: "the reply window is over",
    ContactGoneError: "this person cannot be written to",
    ReauthoriseError: "access token or permission is not accepted",
    AccountPausedError: "the platform holds the account back",
    RequestRefusedError: "the platform refused the request",
}
LONGEST_MESSAGE = 200
NO_CODE = -1
"""Zero is a code of its own on WhatsApp."""
_SECRET = re.compile(r"(access_token|appsecret_proof|client_secret)=[^&\s\"']+|[A-Za-z0-9_|.-]{24,}")
_PHONE = re.compile(r"\+?\d[\d ()-]{6,}\d")


def error_from(
    status: int,
    body: Any,
    headers: Mapping[str, str],
    *,
    writes: bool,
    now: datetime,
    codes: Mapping[int, ErrorClass] | None = None,
) -> ChannelError:
    """Our error for an answer that is not a success. `body` is the decoded JSON or None.

    `codes` are a platform's own, looked up before the shared tables. A 5xx without Graph's error object comes from
    something in front of Graph: a write may have got through (OutcomeUnknownError).
    """
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return _make(_by_status(status, writes=writes), f"HTTP {status}", str(status), headers, now)
    code, subcode = _integer(error.get("code"), default=NO_CODE), _integer(error.get("error_subcode"), default=0)
    kind = _by_code(code, subcode, codes or {}) or _by_flags(status, error)
    if kind is OutcomeUnknownError and not writes:
        kind = RequestRefusedError
    name = f"{code}/{subcode}" if subcode else str(code)
    return _make(kind, f"{name} {_message(error)}".strip(), name, headers, now)


def lacks_permission(error: ChannelError) -> bool:
    """Whether Graph knows who asks and does not allow it; other refusals of credentials are of the token itself."""
    code = error.code.partition("/")[0]
    return isinstance(error, ReauthoriseError) and code.isdecimal() and int(code) in PERMISSION_CODES


def redact(text: str) -> str:
    """`text` without anything that could be a token, a proof or a telephone number."""
    return _PHONE.sub("…", _SECRET.sub("…", text))


def _make(kind: ErrorClass, said: str, code: str, headers: Mapping[str, str], now: datetime) -> ChannelError:
    detail = f"{WORDS.get(kind, WORDS[RequestRefusedError])} ({said})"
    if issubclass(kind, RateLimitedError):
        return kind(detail, code=code, retry_at=regain_time(headers, now=now))
    return kind(detail, code=code)


def _by_code(code: int, subcode: int, codes: Mapping[int, ErrorClass]) -> ErrorClass | None:
    return codes.get(code) or BY_SUBCODE.get((code, subcode)) or BY_ANY_SUBCODE.get(subcode) or BY_CODE.get(code)


def _by_flags(status: int, error: Mapping[str, Any]) -> ErrorClass:
    if error.get("is_transient") is True:
        return TransientError
    return _by_status(status, writes=False)


def _by_status(status: int, *, writes: bool) -> ErrorClass:
    if status == 429:
        return RateLimitedError
    if status == 401:
        return ReauthoriseError
    if status < 400 or status >= 500:
        return OutcomeUnknownError if writes else TransientError
    return RequestRefusedError


def _message(error: Mapping[str, Any]) -> str:
    said = error.get("error_user_msg") or error.get("message") or ""
    return redact(str(said))[:LONGEST_MESSAGE]


def _integer(value: Any, *, default: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return default
