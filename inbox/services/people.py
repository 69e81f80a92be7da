"""People: adding them, logging in and out. Keeps digests and hashes, never a password or a token."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import people as rows
from inbox.rules import passwords
from inbox.rules.permissions import Actor, known_roles
from inbox.rules.staff import working_roles
from inbox.services.security_events import Where
from models.enums import Role
from models.errors import InputError, NotFoundError
from models.tables import User, UserSession

SESSION_LENGTH = timedelta(hours=12)
IDLE_LENGTH = timedelta(minutes=30)
WAITING_LENGTH = timedelta(minutes=10)
"""For a log-in that still waits for a code."""
SEEN_EVERY = timedelta(minutes=5)
LONGEST_DEVICE = 120
_LOGIN = re.compile(r"[\w.@-]{2,60}")
_hasher = PasswordHasher()
NOBODYS_HASH = _hasher.hash(secrets.token_hex(16))
"""Fits no password. Checked for unknown log-ins, so that they take as long as known ones."""


class Waits(StrEnum):
    """What a log-in still waits for."""

    NOTHING = ""
    CODE = "code"
    FACTOR = "factor"
    """Her role needs a second factor, and she has none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """A request's log-in. `last_seen_at` is None for one that was never used."""

    actor: Actor
    login: str
    csrf_token: str
    digest: str
    last_seen_at: datetime | None
    waits_for: Waits = Waits.NOTHING
    single_keys: bool = True

    def should_touch(self, now: datetime) -> bool:
        return self.last_seen_at is None or now - self.last_seen_at >= SEEN_EVERY


async def add_user(
    session: AsyncSession,
    *,
    login: str,
    name: str,
    password: str | None,
    roles: Sequence[str],
    now: datetime,
    unit: str | None = None,
    email: str = "",
) -> User:
    """Add a person; without a password she is invited. Raises InputError: the log-in is taken, a word is missing.

    A unit's user who gets her password here, by the hand that runs the machine, counts as authorised.
    """
    login, name, email = login.strip().lower(), name.strip(), email.strip()
    if not _LOGIN.fullmatch(login):
        raise InputError("Kullanıcı adı 2-60 karakter olmalı; harf, rakam, nokta, çizgi, alt çizgi ve @ içerebilir.")
    if not name:
        raise InputError("Ad soyad gereklidir.")
    require_unit(roles, unit)
    if password is not None:
        passwords.check(password, names=(login, name))
    if await rows.by_login(session, login):
        raise InputError(f"«{login}» kullanıcı adı alınmış; başka bir kullanıcı adı yazınız.")
    user = User(
        login=login,
        name=name,
        email=email,
        password_hash=NOBODYS_HASH if password is None else await hashed(password),
        roles=sorted(known_roles(roles)),
        unit=unit or None,
        created_at=now,
        password_changed_at=None if password is None else now,
        authorised_at=None if password is None else now,
    )
    await rows.add(session, user)
    return user


def require_unit(roles: Sequence[str], unit: str | None) -> None:
    """Raise InputError where a unit's user has no unit."""
    if Role.UNIT_USER in known_roles(roles) and not unit:
        raise InputError("Birim kullanıcısının birimi seçilmelidir.")


async def hashed(password: str) -> str:
    """Argon2id, off the event loop."""
    return await asyncio.to_thread(_hasher.hash, password)


async def renew_hash(session: AsyncSession, user: User, password: str) -> None:
    """Hash a password that was right anew where the hash's parameters are older than ours."""
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = await hashed(password)
        session.add(user)


async def find_by_password(session: AsyncSession, login: str, *, password: str) -> User | None:
    """The active user whose password this is. Takes the same time for everybody."""
    user = await rows.by_login(session, login.strip().lower())
    fits = await password_fits(user, password)
    return user if user and user.active and fits else None


async def password_fits(user: User | None, password: str) -> bool:
    """One that is longer than any can be is nobody's; it costs as much time as another."""
    stored = user.password_hash if user else NOBODYS_HASH
    fits = await asyncio.to_thread(_fits, stored, password[: passwords.LONGEST])
    return fits and len(password) <= passwords.LONGEST


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def log_in(
    session: AsyncSession, user: User, *, now: datetime, waits_for: Waits = Waits.NOTHING, where: Where | None = None
) -> str:
    """Open a session; its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    length = WAITING_LENGTH if waits_for is Waits.CODE else SESSION_LENGTH
    await rows.end_expired(session, now=now, idle_since=now - IDLE_LENGTH)
    await rows.add_log_in(
        session,
        UserSession(
            token_digest=digest(token),
            user_id=user.id or 0,
            csrf_token=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + length,
            last_seen_at=now,
            address=where.address if where else "",
            device=where.device[:LONGEST_DEVICE] if where else "",
            waits_for=waits_for.value,
        ),
    )
    return token


async def read_log_in(session: AsyncSession, token: str, *, now: datetime) -> LogIn | None:
    """Who a token belongs to, or None where it is unknown, over, or was idle too long."""
    found = await rows.log_in_with_user(session, digest(token), now=now)
    if found is None:
        return None
    stored, user = found
    if now - (stored.last_seen_at or stored.created_at) > IDLE_LENGTH:
        return None
    return LogIn(
        actor=actor_of(user),
        login=user.login,
        csrf_token=stored.csrf_token,
        digest=stored.token_digest,
        last_seen_at=stored.last_seen_at,
        waits_for=Waits(stored.waits_for),
        single_keys=user.single_keys,
    )


async def choose_keys(session: AsyncSession, actor: Actor, *, single: bool) -> None:
    """Whether a key alone presses something on her pages, wherever she logs in."""
    user = await rows.user(session, actor.user_id)
    if user is None:
        raise NotFoundError("Hesabınız bulunamadı.")
    user.single_keys = single
    session.add(user)


def actor_of(user: User) -> Actor:
    """A person with the roles that give her rights now."""
    roles = working_roles(known_roles(user.roles), is_authorised=user.authorised_at is not None)
    return Actor(user_id=user.id or 0, name=user.name, roles=roles, unit=user.unit)


async def is_still_in(session: AsyncSession, log_in: LogIn, *, now: datetime) -> bool:
    """Whether nobody has ended the log-in; idleness does not count."""
    return await rows.log_in_with_user(session, log_in.digest, now=now) is not None


async def touch(session: AsyncSession, log_in: LogIn, *, now: datetime) -> None:
    """Note that the log-in is in use."""
    await rows.touch_log_in(session, log_in.digest, at=now)


async def log_out(session: AsyncSession, log_in: LogIn) -> None:
    await rows.end_log_in(session, log_in.digest)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
