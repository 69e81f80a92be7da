"""Codes of an authenticator application (RFC 6238) and recovery codes. Secrets lie in the `SecretStore` alone."""

import asyncio
import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from sqlmodel.ext.asyncio.session import AsyncSession

from inbox.repositories import accounts, credentials, people
from inbox.rules.permissions import known_roles
from inbox.services import security_events
from inbox.services.people import digest
from inbox.services.security_events import What, Where
from models.enums import Role
from models.errors import ConflictError, InputError
from models.ports import SecretStore
from models.tables import User

REQUIRED_SETTING = "second_factor_roles"
REQUIRED_AT_FIRST = (Role.ADMINISTRATOR,)
"""Before the administrator decides otherwise."""
STEP_SECONDS = 30
STEPS_ASIDE = 1
"""Clocks of telephones differ a little."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 15
"""120 bits: a digest without salt is enough (ASVS 2.6.2)."""
WRONG = "Kod doğru değil ya da daha önce kullanılmış. Uygulamadaki yeni kodu yazınız."


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What somebody scans or types into her application."""

    secret: str
    picture: str
    """An `svg` element."""


async def required_roles(session: AsyncSession) -> frozenset[Role]:
    """Roles that may not work without a second factor."""
    stored = await accounts.setting(session, REQUIRED_SETTING, default=[role.value for role in REQUIRED_AT_FIRST])
    return known_roles(stored)


async def require_for(session: AsyncSession, roles: Sequence[Role]) -> None:
    """Set which roles need one; it counts from the next log-in on."""
    await accounts.put_setting(session, REQUIRED_SETTING, sorted(role.value for role in roles))


async def is_required(session: AsyncSession, user: User) -> bool:
    return bool(known_roles(user.roles) & await required_roles(session))


async def begin(store: SecretStore, user: User, *, issuer: str) -> Enrolment:
    """A secret that counts only when a code of it has been given; asked again, it is the same until then."""
    kept = await asyncio.to_thread(store.get, _draft_name(user))
    secret = kept.get("secret") or pyotp.random_base32(32)
    if not kept:
        await asyncio.to_thread(store.put, _draft_name(user), {"secret": secret})
    address = pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=issuer)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", omitsize=False)
    return Enrolment(secret=secret, picture=picture)


async def confirm(
    session: AsyncSession, store: SecretStore, user: User, *, code: str, now: datetime, where: Where
) -> list[str]:
    """Switch it on with a first code; the recovery codes, shown once. All log-ins of hers end. Raises InputError."""
    if user.totp_since is not None:
        raise ConflictError("İki adımlı giriş zaten açık.")
    kept = await asyncio.to_thread(store.get, _draft_name(user))
    step = _step_of(kept.get("secret", ""), code, now=now)
    if step is None:
        raise InputError(WRONG)
    await asyncio.to_thread(store.put, _name(user), kept)
    await asyncio.to_thread(store.put, _draft_name(user), {})
    user.totp_since, user.totp_step = now, step
    session.add(user)
    await people.end_log_ins(session, user.id or 0)
    await security_events.record(session, What.FACTOR_ON, now=now, user_id=user.id, where=where)
    return await make_recovery_codes(session, user, now=now, where=where)


async def check(
    session: AsyncSession, store: SecretStore, user: User, *, code: str, now: datetime, where: Where
) -> bool:
    """Whether a code of the application or a recovery code is right; it is used up. Failures are recorded."""
    compact = "".join(code.split()).replace("-", "")
    if not compact.isdecimal():
        return await _check_recovery(session, user, compact, now=now, where=where)
    kept = await asyncio.to_thread(store.get, _name(user))
    step = _step_of(kept.get("secret", ""), compact, now=now)
    if step is not None and await people.use_step(session, user.id or 0, step):
        return True
    what = What.CODE_FAILED if step is None else What.CODE_REPEATED
    await security_events.record(session, what, now=now, user_id=user.id, where=where)
    return False


async def switch_off(
    session: AsyncSession, store: SecretStore, user: User, *, now: datetime, where: Where, detail: str = ""
) -> None:
    """Forget secret and recovery codes; all log-ins of hers end."""
    for name in (_name(user), _draft_name(user)):
        await asyncio.to_thread(store.put, name, {})
    user.totp_since = None
    session.add(user)
    await credentials.put_recovery_codes(session, user.id or 0, [])
    await people.end_log_ins(session, user.id or 0)
    await security_events.record(session, What.FACTOR_OFF, now=now, user_id=user.id, where=where, detail=detail)


async def make_recovery_codes(session: AsyncSession, user: User, *, now: datetime, where: Where) -> list[str]:
    """Fresh ones instead of those before; only their digests are kept."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    await credentials.put_recovery_codes(session, user.id or 0, [_recovery_digest(user, code) for code in codes])
    await security_events.record(session, What.RECOVERY_MADE, now=now, user_id=user.id, where=where)
    return codes


async def _check_recovery(session: AsyncSession, user: User, code: str, *, now: datetime, where: Where) -> bool:
    used = await credentials.use_recovery_code(session, user.id or 0, _recovery_digest(user, code), at=now)
    what = What.RECOVERY_USED if used else What.CODE_FAILED
    await security_events.record(session, what, now=now, user_id=user.id, where=where)
    return used


def _step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step that this code belongs to, near the present; None for a wrong one."""
    if not secret:
        return None
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    given = "".join(code.split()).encode()
    steps = range(present - STEPS_ASIDE, present + STEPS_ASIDE + 1)
    return next((step for step in steps if secrets.compare_digest(totp.generate_otp(step).encode(), given)), None)


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _recovery_digest(user: User, code: str) -> str:
    return digest(f"{user.id}:{code.replace('-', '').lower()}")


def _name(user: User) -> str:
    return f"second-factor-{user.id}"


def _draft_name(user: User) -> str:
    return f"second-factor-{user.id}-new"
