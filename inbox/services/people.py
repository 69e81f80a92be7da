"""People: adding them, logging in and out. Keeps digests and hashes, never a password or a token."""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import people as rows
from inbox.rules.permissions import Actor, known_roles
from models.enums import Role
from models.errors import InputError
from models.tables import User, UserSession

SESSION_LENGTH = timedelta(hours=12)
IDLE_LENGTH = timedelta(hours=2)
SEEN_EVERY = timedelta(minutes=5)
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 256
"""Characters; Argon2 would happily chew on megabytes."""
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(8))
"""Checked for unknown log-ins, so that they take as long as known ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """A request's log-in. `last_seen_at` is None for one that was never used."""

    actor: Actor
    login: str
    csrf_token: str
    digest: str
    last_seen_at: datetime | None

    def should_touch(self, now: datetime) -> bool:
        return self.last_seen_at is None or now - self.last_seen_at >= SEEN_EVERY


async def add_user(
    session: AsyncSession, *, login: str, name: str, password: str, roles: Sequence[str], unit: str | None = None
) -> User:
    """Add a person. Raises InputError where the log-in is taken or something is missing."""
    login = login.strip().lower()
    if not login or not name.strip():
        raise InputError("a user needs a log-in and a name")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InputError(f"a password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    if Role.UNIT_USER in known_roles(roles) and not unit:
        raise InputError("a unit's user needs her unit")
    if await rows.by_login(session, login):
        raise InputError(f"the log-in {login!r} is taken")
    user = User(
        login=login,
        name=name.strip(),
        password_hash=await asyncio.to_thread(_hasher.hash, password),
        roles=sorted(known_roles(roles)),
        unit=unit,
        created_at=datetime.now(UTC),
    )
    await rows.add(session, user)
    return user


async def find_by_password(session: AsyncSession, login: str, *, password: str) -> User | None:
    """The active user whose password this is. Takes the same time for everybody."""
    user = await rows.by_login(session, login.strip().lower())
    stored = user.password_hash if user else _NOBODY
    fits = await asyncio.to_thread(_fits, stored, password[:LONGEST_PASSWORD])
    return user if user and user.active and fits else None


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def log_in(session: AsyncSession, user: User, *, now: datetime) -> str:
    """Open a session; its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    await rows.end_expired(session, now=now)
    await rows.add_log_in(
        session,
        UserSession(
            token_digest=digest(token),
            user_id=user.id or 0,
            csrf_token=secrets.token_urlsafe(24),
            created_at=now,
            expires_at=now + SESSION_LENGTH,
            last_seen_at=now,
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
    actor = Actor(user_id=user.id or 0, name=user.name, roles=known_roles(user.roles), unit=user.unit)
    return LogIn(
        actor=actor,
        login=user.login,
        csrf_token=stored.csrf_token,
        digest=stored.token_digest,
        last_seen_at=stored.last_seen_at,
    )


async def touch(session: AsyncSession, log_in: LogIn, *, now: datetime) -> None:
    """Note that the log-in is in use."""
    await rows.touch_log_in(session, log_in.digest, at=now)


async def log_out(session: AsyncSession, log_in: LogIn) -> None:
    await rows.end_log_in(session, log_in.digest)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
