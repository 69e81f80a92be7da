"""`users add|list|reset|deactivate`: people who work in the inbox, by the hand that runs the machine."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bots.databases import open_database
from bots.settings import Settings, load_settings
from inbox.repositories import people as rows
from inbox.services import passwords, people, security_events, users
from inbox.services.security_events import What
from models.enums import Role
from models.errors import InputError
from models.tables import User


def run(options: argparse.Namespace) -> int:
    verbs = {"add": _add, "list": _list, "reset": _reset, "deactivate": _deactivate}
    if options.verb != "list" and not options.login:
        raise InputError(f"users {options.verb} needs LOGIN")
    asyncio.run(verbs[options.verb](options, load_settings()))
    return 0


async def _add(options: argparse.Namespace, settings: Settings) -> None:
    """The password is asked for, or read from standard input."""
    if not options.name or not options.roles:
        raise InputError("users add needs --name and --roles")
    roles = [name.strip() for name in options.roles.split(",")]
    if unknown := [name for name in roles if name not in list(Role)]:
        raise InputError(f"unknown roles {', '.join(unknown)}; known: {', '.join(Role)}")
    password = getpass.getpass("Parola: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    async with _transaction(settings) as session:
        user = await people.add_user(
            session,
            login=options.login,
            name=options.name,
            password=password,
            roles=roles,
            unit=options.unit,
            email=options.email or "",
            now=datetime.now(UTC),
        )
        await _record(session, user, What.ADDED)
    print(f"{user.login} eklendi ({', '.join(roles)})")


async def _list(_options: argparse.Namespace, settings: Settings) -> None:
    """A line each: log-in, name, roles, unit, whether the account is open."""
    async with _transaction(settings) as session:
        for user in await rows.find(session):
            state = "açık" if user.active else "kapalı"
            print("\t".join((user.login, user.name, ",".join(user.roles), user.unit or "-", state)))


async def _reset(options: argparse.Namespace, settings: Settings) -> None:
    """Print a link for a new password, good once for 72 hours."""
    async with _transaction(settings) as session:
        user = await _user(session, options.login)
        if not user.active:
            raise InputError(f"the account {user.login!r} is closed")
        token = await passwords.make_link(session, user, now=datetime.now(UTC))
        await _record(session, user, What.LINK_MADE)
    base = settings.public_address.rstrip("/") or f"http://{settings.host}:{settings.port}"
    print(f"{base}/invitations/{token}")


async def _deactivate(options: argparse.Namespace, settings: Settings) -> None:
    async with _transaction(settings) as session:
        user = await _user(session, options.login)
        await users.take_out(session, user, now=datetime.now(UTC))
        await _record(session, user, What.DEACTIVATED)
    print(f"{user.login} kapatıldı")


async def _user(session: AsyncSession, login: str) -> User:
    user = await rows.by_login(session, login.strip().lower())
    if user is None:
        raise InputError(f"no user has the log-in {login!r}")
    return user


async def _record(session: AsyncSession, user: User, what: What) -> None:
    await security_events.record(session, what, now=datetime.now(UTC), user_id=user.id)


@asynccontextmanager
async def _transaction(settings: Settings) -> AsyncIterator[AsyncSession]:
    async with open_database(settings) as database:
        async with database.write() as session:
            yield session
