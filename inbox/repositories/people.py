"""Users and their log-ins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import User, UserSession


async def by_login(session: AsyncSession, login: str) -> User | None:
    return (await session.exec(select(User).where(User.login == login))).first()


async def user(session: AsyncSession, user_id: int) -> User | None:
    return await session.get(User, user_id)


async def active_users(session: AsyncSession) -> Sequence[User]:
    return (await session.exec(select(User).where(User.active).order_by(User.name))).all()


async def names(session: AsyncSession, user_ids: Sequence[int]) -> dict[int, str]:
    """Names by id, of people who have left too."""
    found = await session.exec(select(User.id, User.name).where(User.id.in_(user_ids)))
    return dict(found.all())


async def add(session: AsyncSession, new: User) -> None:
    session.add(new)
    await session.flush()


async def add_log_in(session: AsyncSession, log_in: UserSession) -> None:
    session.add(log_in)
    await session.flush()


async def log_in_with_user(
    session: AsyncSession, token_digest: str, *, now: datetime
) -> tuple[UserSession, User] | None:
    """A log-in that has not run out, of a user who is still active."""
    query = (
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(UserSession.token_digest == token_digest, UserSession.expires_at > now, User.active)
    )
    return (await session.exec(query)).first()


async def touch_log_in(session: AsyncSession, token_digest: str, *, at: datetime) -> None:
    query = update(UserSession).where(UserSession.token_digest == token_digest)
    await session.exec(query.values(last_seen_at=at))


async def end_log_in(session: AsyncSession, token_digest: str) -> None:
    await session.exec(delete(UserSession).where(UserSession.token_digest == token_digest))


async def end_expired(session: AsyncSession, *, now: datetime) -> None:
    await session.exec(delete(UserSession).where(UserSession.expires_at <= now))
