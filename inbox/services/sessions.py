"""A person's open log-ins: seen, ended one by one, all others, or all."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import people as rows
from inbox.services import security_events
from inbox.services.people import IDLE_LENGTH, LogIn
from inbox.services.security_events import What, Where
from models.errors import NotFoundError
from models.tables import UserSession

MARK_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLogIn:
    """`mark` names it on a page; nobody can log in with it."""

    mark: str
    session: UserSession
    is_this: bool


async def open_log_ins(session: AsyncSession, user_id: int, *, now: datetime, this: str = "") -> list[OpenLogIn]:
    """Those that neither ran out nor were idle too long; `this` is the digest of the reader's own."""
    found = await rows.log_ins_of(session, user_id, now=now)
    alive = [one for one in found if now - (one.last_seen_at or one.created_at) <= IDLE_LENGTH]
    return [
        OpenLogIn(mark=one.token_digest[:MARK_LENGTH], session=one, is_this=one.token_digest == this) for one in alive
    ]


async def end_one(session: AsyncSession, log_in: LogIn, mark: str, *, now: datetime, where: Where) -> None:
    """End one of her own. Raises NotFoundError."""
    own = await rows.log_ins_of(session, log_in.actor.user_id, now=now)
    found = next((one for one in own if one.token_digest[:MARK_LENGTH] == mark), None)
    if found is None:
        raise NotFoundError("Bu oturum zaten kapanmış.")
    await rows.end_log_in(session, found.token_digest)
    await security_events.record(
        session, What.SESSION_ENDED, now=now, user_id=log_in.actor.user_id, where=where, detail=found.device
    )


async def end_others(session: AsyncSession, log_in: LogIn, *, now: datetime, where: Where) -> int:
    """End all of hers but this one; how many there were."""
    ended = await rows.end_log_ins(session, log_in.actor.user_id, but=log_in.digest)
    detail = f"bu oturum dışında {ended} oturum"
    await security_events.record(
        session, What.SESSIONS_ENDED, now=now, user_id=log_in.actor.user_id, where=where, detail=detail
    )
    return ended
