"""Users and their log-ins."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_
from sqlmodel import select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from models.tables import User, UserSession
from models.turkish import alphabetical, skeleton


async def by_login(session: AsyncSession, login: str) -> User | None:
    return (await session.exec(select(User).where(User.login == login))).first()


async def by_email(session: AsyncSession, email: str) -> Sequence[User]:
    """Active people with this e-mail address; more than one is somebody's mistake."""
    return (await session.exec(select(User).where(func.lower(User.email) == email.lower(), User.active))).all()


async def by_logins(session: AsyncSession, logins: Collection[str]) -> Sequence[User]:
    return (await session.exec(select(User).where(User.login.in_(sorted(logins))).order_by(User.id))).all()


async def user(session: AsyncSession, user_id: int) -> User | None:
    return await session.get(User, user_id)


async def active_users(session: AsyncSession) -> Sequence[User]:
    found = (await session.exec(select(User).where(User.active))).all()
    return sorted(found, key=lambda one: alphabetical(one.name))


_ACTIVE_ROLES = select(User.id, User.name, User.roles).where(User.active)


async def active_roles(session: AsyncSession) -> Sequence[tuple[int, str, list[str]]]:
    """(id, name, roles) of everybody who is active, by name."""
    return sorted((await session.exec(_ACTIVE_ROLES)).all(), key=lambda one: alphabetical(one[1]))


async def find(session: AsyncSession, text: str = "") -> list[User]:
    """Everybody, also those who have left, by name; those whose name, log-in, e-mail or unit has the text in it."""
    found = (await session.exec(select(User))).all()
    everybody = sorted(found, key=lambda one: (not one.active, alphabetical(one.name)))
    wanted = skeleton(text.strip())
    return [one for one in everybody if wanted in skeleton(f"{one.name} {one.login} {one.email} {one.unit or ''}")]


_NAMES = select(User.id, User.name).where(User.id.in_(bindparam("user_ids", expanding=True)))


async def names(session: AsyncSession, user_ids: Sequence[int]) -> dict[int, str]:
    """Names by id, of people who have left too."""
    return dict((await session.exec(_NAMES, params={"user_ids": user_ids})).all()) if user_ids else {}


async def add(session: AsyncSession, new: User) -> None:
    session.add(new)
    await session.flush()


async def use_step(session: AsyncSession, user_id: int, step: int) -> bool:
    """Use up a time step of her second factor; False where it, or a later one, was used already."""
    query = update(User).where(User.id == user_id, User.totp_step < step).values(totp_step=step)
    return (await session.exec(query)).rowcount == 1


async def add_log_in(session: AsyncSession, log_in: UserSession) -> None:
    session.add(log_in)
    await session.flush()


_LOG_IN = (
    select(UserSession, User)
    .join(User, User.id == UserSession.user_id)
    .where(
        UserSession.token_digest == bindparam("token_digest"), UserSession.expires_at > bindparam("now"), User.active
    )
)


async def log_in_with_user(
    session: AsyncSession, token_digest: str, *, now: datetime
) -> tuple[UserSession, User] | None:
    """A log-in that has not run out, of a user who is still active."""
    return (await session.exec(_LOG_IN, params={"token_digest": token_digest, "now": now})).first()


async def log_ins_of(session: AsyncSession, user_id: int, *, now: datetime) -> Sequence[UserSession]:
    """Her log-ins that have not run out, the latest used first."""
    query = select(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at > now)
    return (await session.exec(query.order_by(UserSession.last_seen_at.desc(), UserSession.created_at.desc()))).all()


async def touch_log_in(session: AsyncSession, token_digest: str, *, at: datetime) -> None:
    query = update(UserSession).where(UserSession.token_digest == token_digest)
    await session.exec(query.values(last_seen_at=at))


async def end_log_in(session: AsyncSession, token_digest: str) -> None:
    await session.exec(delete(UserSession).where(UserSession.token_digest == token_digest))


async def end_log_ins(session: AsyncSession, user_id: int, *, but: str = "") -> int:
    """End all log-ins of a person, one spared; how many there were."""
    query = delete(UserSession).where(UserSession.user_id == user_id, UserSession.token_digest != but)
    return (await session.exec(query)).rowcount


async def end_expired(session: AsyncSession, *, now: datetime, idle_since: datetime) -> None:
    idle = or_(UserSession.last_seen_at <= idle_since, UserSession.last_seen_at.is_(None))
    old = UserSession.created_at <= idle_since
    await session.exec(delete(UserSession).where(or_(UserSession.expires_at <= now, idle & old)))
