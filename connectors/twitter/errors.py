"""Turns X's refusals into our errors, by status, problem type and headers. Neither keys nor bodies get into them."""

import json
from collections.abc import Mapping
from datetime import datetime

from connectors.twitter.facts import LIMIT_WITHOUT_RESET
from connectors.twitter.limits import windows_in
from connectors.twitter.values import Json, as_object, as_text, objects
from models.errors import (
    AccountPausedError,
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
)

PAUSING = ("client-forbidden", "usage-capped", "oauth1-permissions")
"""Problem types that stop the whole account: plan, quota, permissions of the app."""
HELD_BACK = ("not permitted to access this feature", "account is temporarily locked")
"""A plan without the call, a suspended and a locked account come without a problem type of their own: only these words
tell them from a text or a citizen that is refused.
"""
DUPLICATE = "duplicate"
"""Code of a refused text that the account posted already, told by its words alone too."""
LONGEST_DETAIL = 160


class Refusal(Exception):
    """An answer of X that is not a success. Raised inside the HTTP seam, so that the client never reads it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status
        self.headers = headers
        self.problem = _problem(body)

    @property
    def problem_type(self) -> str:
        """The last part of the type's address, whose host differs; empty for a problem of no type of its own."""
        return as_text(self.problem.get("type")).removeprefix("about:blank").rstrip("/").rpartition("/")[2]

    @property
    def said(self) -> str:
        """In X's words, which are fixed ones; some calls still answer in the older shape, a list of messages."""
        old = next(objects(self.problem.get("errors")), {}).get("message")
        found = as_text(self.problem.get("detail")) or as_text(self.problem.get("title")) or as_text(old)
        return (found or f"HTTP {self.status}")[:LONGEST_DETAIL]


def error_from(refusal: Refusal, *, writes: bool, is_direct: bool, now: datetime) -> ChannelError:
    """Our error for a refusal. A write that ended in a fault of X's own may have been carried out."""
    status, code = refusal.status, str(refusal.status)
    if status == 402 or _pauses(refusal) or (is_direct and _lacks_rights(refusal)):
        return AccountPausedError(f"X holds the account back ({refusal.said})", code=refusal.problem_type or code)
    if status == 429:
        return RateLimitedError("too many requests", code=code, retry_at=_retry_at(refusal.headers, now))
    if status >= 500:
        fault = OutcomeUnknownError if writes else TransientError
        return fault(f"X has a passing fault (HTTP {status})", code=code)
    if status == 401:
        return ReauthoriseError("X does not accept the account's keys", code=code)
    if not refusal.problem:
        return TransientError(f"something in front of X refused the request (HTTP {status})", code=code)
    if status == 403 and is_direct:
        return ContactGoneError(f"this citizen cannot be written to ({refusal.said})", code=code)
    kind = DUPLICATE if status == 403 and "duplicate content" in refusal.said.lower() else refusal.problem_type
    return RequestRefusedError(f"X refused the request ({refusal.said})", code=kind or code)


def _pauses(refusal: Refusal) -> bool:
    """A quota that is used up comes as 403 or, as pay-per-use accounts saw it, as 429."""
    if refusal.status not in (403, 429):
        return False
    return refusal.problem_type in PAUSING or any(words in refusal.said.lower() for words in HELD_BACK)


def _lacks_rights(refusal: Refusal) -> bool:
    """Keys without `dm.write` get this one word; of a citizen who takes no messages X says so."""
    return refusal.status == 403 and refusal.said == "Forbidden"


def _retry_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """The latest reset of a window that is used up; where none says it, a minute."""
    used_up = [window.reset for window in windows_in(headers) if not window.remaining and window.reset > now]
    return max(used_up, default=now + LIMIT_WITHOUT_RESET)


def _problem(body: bytes) -> Json:
    try:
        return as_object(json.loads(body))
    except (ValueError, RecursionError):
        return {}
