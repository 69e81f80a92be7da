"""Counts tries of passwords and codes before they are looked at, so that many at once cannot slip through."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import credentials as rows
from inbox.repositories import people
from inbox.rules import throttle
from inbox.services import security_events
from inbox.services.people import digest
from inbox.services.security_events import What, Where
from models.db import lock
from models.tables import LogInTry


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """`wait` is set where it must not be looked at now; it then was not counted."""

    id: int = 0
    login: str = ""
    wait: timedelta | None = None
    is_last: bool = False
    """The next one of this log-in has to wait."""


async def begin(session: AsyncSession, login: str, *, address: str, now: datetime) -> Try:
    """Count a try for this log-in and address; commit before it is looked at."""
    await lock(session, "log-in-tries")
    known = digest(login)
    since = now - throttle.PERIOD
    of_login, of_address = await rows.times_of_tries(session, login_digest=known, address=address, since=since)
    if wait := throttle.wait(of_login=of_login, of_address=of_address, now=now):
        return Try(wait=wait)
    one = LogInTry(login_digest=known, address=address, at=now)
    is_last = throttle.wait(of_login=[*of_login, now], of_address=[], now=now) is not None
    return Try(id=await rows.add_try(session, one, forget_before=since), login=login, is_last=is_last)


async def note_failure(session: AsyncSession, one: Try, *, now: datetime, where: Where) -> None:
    """Record it; a name that nobody has stays unnamed, as people type passwords there."""
    user = await people.by_login(session, one.login)
    user_id = user.id if user else None
    await security_events.record(session, What.LOG_IN_FAILED, now=now, user_id=user_id, where=where)
    if one.is_last:
        await security_events.record(session, What.LOG_IN_HELD, now=now, user_id=user_id, where=where)


async def forgive(session: AsyncSession, one: Try) -> None:
    """It was right: it does not count. Those before it do until she is in."""
    await rows.drop_try(session, one.id)


async def forget(session: AsyncSession, login: str) -> int:
    """She is in, or somebody unlocked her; the address keeps no count of hers either. How many tries there were."""
    return await rows.forget_tries(session, digest(login))
