"""What people prove themselves by beside their password, tries that failed, and the record of all that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.db import insert_all
from models.tables import AccountToken, LogInTry, OidcIdentity, RecoveryCode, SecurityEvent, User, UserSession


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Which security events: of one person, of one kind, before an id."""

    user_id: int | None = None
    what: str = ""
    before: int | None = None


async def add_token(session: AsyncSession, token: AccountToken) -> None:
    session.add(token)
    await session.flush()


async def token_with_user(
    session: AsyncSession, token_digest: str, *, now: datetime
) -> tuple[AccountToken, User] | None:
    """A link that is still good, of a user who is active."""
    query = (
        select(AccountToken, User)
        .join(User, User.id == AccountToken.user_id)
        .where(
            AccountToken.token_digest == token_digest,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
            User.active,
        )
    )
    return (await session.exec(query)).first()


async def use_token(session: AsyncSession, token_digest: str, *, at: datetime) -> bool:
    """False where somebody was faster."""
    query = update(AccountToken).where(AccountToken.token_digest == token_digest, AccountToken.used_at.is_(None))
    return (await session.exec(query.values(used_at=at))).rowcount == 1


async def use_up_tokens(session: AsyncSession, user_id: int, *, at: datetime) -> None:
    """None of her links opens anything any more."""
    query = update(AccountToken).where(AccountToken.user_id == user_id, AccountToken.used_at.is_(None))
    await session.exec(query.values(used_at=at))


async def put_recovery_codes(session: AsyncSession, user_id: int, digests: Sequence[str]) -> None:
    """These instead of those she had."""
    await session.exec(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    await insert_all(session, [RecoveryCode(digest=one, user_id=user_id) for one in digests])


async def end_everything_open(session: AsyncSession) -> None:
    """All log-ins and all unused links of everybody."""
    await session.exec(delete(UserSession))
    await session.exec(delete(AccountToken).where(AccountToken.used_at.is_(None)))


async def use_recovery_code(session: AsyncSession, user_id: int, digest: str, *, at: datetime) -> bool:
    query = update(RecoveryCode).where(
        RecoveryCode.digest == digest, RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return (await session.exec(query.values(used_at=at))).rowcount == 1


async def recovery_codes_left(session: AsyncSession, user_id: int) -> int:
    query = select(RecoveryCode.digest).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return len((await session.exec(query)).all())


async def oidc_user(session: AsyncSession, issuer: str, subject: str) -> User | None:
    query = (
        select(User)
        .join(OidcIdentity, OidcIdentity.user_id == User.id)
        .where(OidcIdentity.issuer == issuer, OidcIdentity.subject == subject)
    )
    return (await session.exec(query)).first()


async def add_oidc_identity(session: AsyncSession, identity: OidcIdentity) -> None:
    session.add(identity)
    await session.flush()


async def times_of_tries(
    session: AsyncSession, *, login_digest: str, address: str, since: datetime
) -> tuple[list[datetime], list[datetime]]:
    """When this log-in and this address were tried: (of the log-in, of the address)."""
    query = select(LogInTry.login_digest, LogInTry.address, LogInTry.at).where(
        LogInTry.at > since, (LogInTry.login_digest == login_digest) | (LogInTry.address == address)
    )
    found = (await session.exec(query)).all()
    return (
        [at for digest, _, at in found if digest == login_digest],
        [at for _, place, at in found if place == address],
    )


async def add_try(session: AsyncSession, one: LogInTry, *, forget_before: datetime) -> int:
    """Count a try; old ones are forgotten. Its id."""
    await session.exec(delete(LogInTry).where(LogInTry.at <= forget_before))
    session.add(one)
    await session.flush()
    return one.id or 0


async def drop_try(session: AsyncSession, try_id: int) -> None:
    await session.exec(delete(LogInTry).where(LogInTry.id == try_id))


async def forget_tries(session: AsyncSession, login_digest: str) -> int:
    """All tries of a log-in; how many there were."""
    return (await session.exec(delete(LogInTry).where(LogInTry.login_digest == login_digest))).rowcount


async def add_security_event(session: AsyncSession, event: SecurityEvent) -> None:
    await insert_all(session, [event])


async def security_events(session: AsyncSession, query: EventQuery, *, limit: int) -> Sequence[SecurityEvent]:
    """The newest first."""
    wanted = select(SecurityEvent).order_by(SecurityEvent.id.desc()).limit(limit)
    if query.user_id is not None:
        wanted = wanted.where(SecurityEvent.user_id == query.user_id)
    if query.what:
        wanted = wanted.where(SecurityEvent.what == query.what)
    if query.before is not None:
        wanted = wanted.where(SecurityEvent.id < query.before)
    return (await session.exec(wanted)).all()
