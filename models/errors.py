"""One class for each different reaction.

HimError
├── InputError               a person's mistake: said in one line, nothing lost (exit code 2, HTTP 422)
├── NotFoundError            no such thing, or not for this reader (HTTP 404)
├── ForbiddenError           known, but this role may not (HTTP 403)
├── ConflictError            somebody was faster; look again (HTTP 409)
├── ArtefactError            the trained model is missing or does not fit (exit code 2)
└── ChannelError             a platform said no, or nothing
    ├── TransientError       try again, with growing pauses
    ├── RateLimitedError     try again at `retry_at`
    │   └── PersonLimitedError  the same for texts to this citizen alone
    ├── OutcomeUnknownError  sent perhaps: check before anything else
    ├── WindowClosedError    the reply window is over: another way to the citizen is needed
    ├── ContactGoneError     the citizen blocked us, left, or cannot be written to
    ├── ReauthoriseError     credentials are dead: a person must renew them
    ├── AccountPausedError   billing, plan or policy: sending pauses for the whole account
    └── RequestRefusedError  the platform refuses this very request: our bug, never repeated
"""

from datetime import datetime


class HimError(Exception):
    """Root of all errors that this project raises on purpose."""


class InputError(HimError):
    """A person gave something unusable; the message says what and where. `field`: the form's, if one alone is wrong."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotFoundError(HimError):
    """There is no such thing for this reader."""


class ForbiddenError(HimError):
    """The reader's role does not allow the action."""


class ConflictError(HimError):
    """The state changed in between, or the action does not fit it."""


class ArtefactError(HimError):
    """The classifier's artefact is missing, damaged, or of other versions."""


class ChannelError(HimError):
    """A platform did not do what was asked. `detail` is safe to show to a clerk: no secrets."""

    def __init__(self, detail: str, *, code: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code


class TransientError(ChannelError):
    """Time-outs before anything was accepted, 5xx, `is_transient`."""


class RateLimitedError(ChannelError):
    """Too many requests. `retry_at` is an aware time, or None where the platform did not say."""

    def __init__(self, detail: str, *, code: str = "", retry_at: datetime | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_at = retry_at


class PersonLimitedError(RateLimitedError):
    """Too many texts to this one citizen; others may be written to."""


class OutcomeUnknownError(ChannelError):
    """A write whose answer never came: it may have been accepted."""


class WindowClosedError(ChannelError):
    """The platform's reply window for this citizen is over."""


class ContactGoneError(ChannelError):
    """This citizen cannot be written to on this channel any more."""


class ReauthoriseError(ChannelError):
    """The account's credentials are not accepted."""


class AccountPausedError(ChannelError):
    """The platform holds the account back: billing, plan, policy."""


class RequestRefusedError(ChannelError):
    """The request itself is wrong, or was answered already; repeating cannot help."""


FILE_GONE, NO_TEMPLATE = "answer_file_gone", "no_template"
"""Codes of refusals of our own: before a platform is asked."""
