"""How an account's state moves (platforms.md, section 7, trap 9). Pure. Receiving goes on in every state."""

from datetime import datetime, timedelta
from enum import StrEnum

from models.enums import AccountState
from models.errors import AccountPausedError, ChannelError, ReauthoriseError


class Sign(StrEnum):
    """What was seen of an account."""

    SENT = "sent"
    """The platform took a text."""
    READ = "read"
    """A poll was answered."""
    PROBED = "probed"
    """The credentials are good and lack nothing."""
    STUMBLED = "stumbled"
    """Faults in a row that may pass, or a permission that is missing."""
    REFUSED = "refused"
    """The credentials are not accepted."""
    HELD_BACK = "held_back"
    """Billing, plan or policy."""


OK, DEGRADED = AccountState.OK, AccountState.DEGRADED
REAUTHORISE, PAUSED = AccountState.REAUTHORISE, AccountState.PAUSED
MOVES: dict[tuple[AccountState, Sign], AccountState] = {
    **{(state, Sign.REFUSED): REAUTHORISE for state in AccountState},
    **{(state, Sign.HELD_BACK): PAUSED for state in AccountState},
    **{(state, Sign.SENT): OK for state in AccountState},
    (OK, Sign.STUMBLED): DEGRADED,
    (DEGRADED, Sign.READ): OK,
    (DEGRADED, Sign.PROBED): OK,
    (REAUTHORISE, Sign.PROBED): DEGRADED,
    (PAUSED, Sign.PROBED): DEGRADED,
}
"""Moves by state and sign; what is not here changes nothing. Out of the two bad states the way leads over `degraded`:
good credentials do not prove yet that sending works again."""
PROBE_EVERY = timedelta(hours=24)
PROBE_WHEN_BAD = {REAUTHORISE: timedelta(minutes=10), PAUSED: timedelta(hours=1), DEGRADED: timedelta(minutes=10)}
WARN_BEFORE = timedelta(days=10)
"""A token that dies within this time is renewed, or a person is asked to."""

RENEW_WITHIN = timedelta(minutes=30)
"""X's tokens live two hours: what dies within this time is renewed at the next look."""
LEAST_BETWEEN = timedelta(minutes=5)
"""Two renewals of one account are never closer."""


def is_over(expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether credentials die so soon that no daily rule may hold them back."""
    return expires_at is not None and expires_at - now < RENEW_WITHIN


def next_state(state: AccountState, sign: Sign) -> AccountState:
    return MOVES.get((state, sign), state)


def sign_of(error: ChannelError) -> Sign:
    """What a failed call says of the account."""
    if isinstance(error, ReauthoriseError):
        return Sign.REFUSED
    return Sign.HELD_BACK if isinstance(error, AccountPausedError) else Sign.STUMBLED


def probe_pause(state: AccountState) -> timedelta:
    """How long after one probe the next is due."""
    return PROBE_WHEN_BAD.get(state, PROBE_EVERY)
