"""The record of log-ins, failures and changes of rights. Only grows; never a password, a token or a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import credentials as rows
from inbox.repositories import people
from inbox.repositories.credentials import EventQuery
from models.tables import SecurityEvent

LONGEST_DETAIL = 300


class What(StrEnum):
    """What happened."""

    LOG_IN = "log_in"
    LOG_IN_FAILED = "log_in_failed"
    LOG_IN_HELD = "log_in_held"
    """Too many tries: not even looked at."""
    CODE_FAILED = "code_failed"
    CODE_REPEATED = "code_repeated"
    LOG_OUT = "log_out"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  (a word)
    PASSWORD_SET = "password_set"  # noqa: S105  (a word)
    LINK_MADE = "link_made"
    ADDED = "added"
    CHANGED = "changed"
    AUTHORISED = "authorised"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    UNLOCKED = "unlocked"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"
    RECOVERY_MADE = "recovery_made"
    RECOVERY_USED = "recovery_used"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_REFUSED = "identity_refused"
    RULES_CHANGED = "rules_changed"
    ORGANISATION_CHANGED = "organisation_changed"
    """Units, topics, texts, shared views."""
    RESTORED = "restored"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """From where somebody acts."""

    address: str = ""
    device: str = ""


SHELL = Where(address="komut satırı")


async def record(
    session: AsyncSession,
    what: What,
    *,
    now: datetime,
    user_id: int | None = None,
    where: Where = SHELL,
    detail: str = "",
) -> None:
    """Append an event. `user_id` is the person whom it is about; who did it to her stands in the detail."""
    event = SecurityEvent(
        at=now, user_id=user_id, what=what.value, address=where.address, detail=detail[:LONGEST_DETAIL]
    )
    await rows.add_security_event(session, event)


async def note_restore(session: AsyncSession, *, made_at: str, now: datetime) -> None:
    """A backup was read back: log-ins and links that it brought along open nothing."""
    await rows.end_everything_open(session)
    await record(session, What.RESTORED, now=now, detail=f"yedeğin zamanı: {made_at}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """An event with the name of the person it is about."""

    event: SecurityEvent
    name: str


async def page(session: AsyncSession, query: EventQuery, *, limit: int) -> Sequence[EventLine]:
    """The newest first."""
    events = await rows.security_events(session, query, limit=limit)
    names = await people.names(session, [event.user_id for event in events if event.user_id])
    return [EventLine(event=event, name=names.get(event.user_id or 0, "")) for event in events]
