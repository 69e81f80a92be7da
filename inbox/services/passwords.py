"""Choosing a password: by a link that is good once, or anew by somebody who is logged in."""

import secrets
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import credentials, people
from inbox.rules import passwords as rules
from inbox.services import log_in_tries, security_events
from inbox.services.people import LogIn, digest, hashed, password_fits
from inbox.services.security_events import What, Where
from models.errors import ConflictError, InputError, NotFoundError
from models.tables import AccountToken, User

LINK_LENGTH = timedelta(hours=72)
GONE = "Bu bağlantının süresi dolmuş ya da bağlantı kullanılmış. Yöneticinizden yeni bir bağlantı isteyiniz."
WRONG = "Şu anki parolanız doğru değil. Parolanız değiştirilmedi."
SAME = "Yeni parola eskisiyle aynı olamaz."


async def make_link(session: AsyncSession, user: User, *, now: datetime, created_by: int | None = None) -> str:
    """The token of a link by which she chooses a password; kept nowhere. Links made before open nothing any more."""
    token = secrets.token_urlsafe(32)
    await credentials.use_up_tokens(session, user.id or 0, at=now)
    await credentials.add_token(
        session,
        AccountToken(
            token_digest=digest(token),
            user_id=user.id or 0,
            created_by=created_by,
            created_at=now,
            expires_at=now + LINK_LENGTH,
        ),
    )
    return token


async def use_up_links(session: AsyncSession, user: User, *, now: datetime) -> None:
    await credentials.use_up_tokens(session, user.id or 0, at=now)


async def owner_of_link(session: AsyncSession, token: str, *, now: datetime) -> User:
    """Whose link it is; looking does not use it up. Raises NotFoundError where it opens nothing."""
    found = await credentials.token_with_user(session, digest(token), now=now)
    if found is None:
        raise NotFoundError(GONE)
    return found[1]


async def choose_by_link(session: AsyncSession, token: str, password: str, *, now: datetime, where: Where) -> User:
    """Set the password; every log-in of hers ends, the link is used up. Raises InputError, NotFoundError."""
    user = await owner_of_link(session, token, now=now)
    rules.check(password, names=(user.login, user.name))
    if not await credentials.use_token(session, digest(token), at=now):
        raise NotFoundError(GONE)
    await _put(session, user, password, now=now)
    await people.end_log_ins(session, user.id or 0)
    await log_in_tries.forget(session, user.login)
    await security_events.record(session, What.PASSWORD_SET, now=now, user_id=user.id, where=where)
    return user


async def change(session: AsyncSession, log_in: LogIn, *, old: str, new: str, now: datetime, where: Where) -> User:
    """Change one's own password; all log-ins end, this one too: the caller opens a fresh one. Raises InputError."""
    user = await people.user(session, log_in.actor.user_id)
    if user is None:
        raise ConflictError("Hesabınız bulunamadı.")
    if not await password_fits(user, old):
        raise InputError(WRONG)
    if old == new:
        raise InputError(SAME)
    rules.check(new, names=(user.login, user.name))
    await _put(session, user, new, now=now)
    await people.end_log_ins(session, user.id or 0)
    await credentials.use_up_tokens(session, user.id or 0, at=now)
    await security_events.record(session, What.PASSWORD_CHANGED, now=now, user_id=user.id, where=where)
    return user


async def _put(session: AsyncSession, user: User, password: str, *, now: datetime) -> None:
    user.password_hash = await hashed(password)
    user.password_changed_at = now
    session.add(user)
