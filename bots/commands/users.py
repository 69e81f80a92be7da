"""`users add LOGIN --name … --roles …`: the password is asked for, or read from standard input."""

import argparse
import asyncio
import getpass
import sys

from bots.settings import load_settings
from inbox.services import people
from models import schema
from models.db import Database
from models.enums import Role
from models.errors import InputError


def run(options: argparse.Namespace) -> int:
    roles = [name.strip() for name in options.roles.split(",")]
    if unknown := [name for name in roles if name not in list(Role)]:
        raise InputError(f"unknown roles {', '.join(unknown)}; known: {', '.join(Role)}")
    password = getpass.getpass("Parola: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    asyncio.run(_add(options, roles, password))
    print(f"{options.login} eklendi ({', '.join(roles)})")
    return 0


async def _add(options: argparse.Namespace, roles: list[str], password: str) -> None:
    database = Database(load_settings().effective_database_url)
    try:
        await schema.upgrade(database.engine)
        async with database.write() as session:
            await people.add_user(
                session, login=options.login, name=options.name, password=password, roles=roles, unit=options.unit
            )
    finally:
        await database.close()
