"""`doctor`: a line each for configuration, database, Redis, disk, model and credentials."""

import argparse
import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bots.compose import Installation, open_installation
from bots.settings import Settings, load_settings
from classifier import store
from models.errors import ArtefactError, ChannelError
from models.profile import load_profile

LEAST_FREE = 1024**3
"""Bytes of disk below which the doctor warns."""
BROKEN = 1


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    fine: bool
    detail: str

    def __str__(self) -> str:
        return f"{'ok    ' if self.fine else 'BROKEN'}  {self.name}: {self.detail}"


def run(_options: argparse.Namespace) -> int:
    return asyncio.run(_examine(load_settings()))


async def _examine(settings: Settings) -> int:
    broken = False
    async for check in _checks(settings):
        print(check)
        broken = broken or not check.fine
    return BROKEN if broken else 0


async def _checks(settings: Settings) -> AsyncIterator[Check]:
    profile = load_profile(settings.profile)
    yield Check("profile", True, f"{profile.name}, {len(profile.topics)} topics, {len(profile.units)} units")
    yield _disk(settings)
    yield _model(settings)
    if settings.redis_url:
        yield await _redis(settings.redis_url)
    try:
        installation = await open_installation(settings)
    except (SQLAlchemyError, OSError) as error:
        yield Check("database", False, type(error).__name__)
        return
    try:
        yield Check("database", True, installation.database.dialect)
        async for check in _accounts(installation):
            yield check
    finally:
        await installation.close()


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.data_dir).free
    return Check("disk", free > LEAST_FREE, f"{free // 1024**2} MB free in DATA_DIR")


def _model(settings: Settings) -> Check:
    try:
        store.load(settings.data_dir / "model", load_profile(settings.profile))
    except ArtefactError as error:
        return Check("model", False, str(error))
    return Check("model", True, "the artefact fits")


async def _redis(url: str) -> Check:
    try:
        async with Redis.from_url(url) as redis:
            await redis.ping()
    except (RedisError, OSError) as error:
        return Check("redis", False, type(error).__name__)
    return Check("redis", True, "answers")


async def _accounts(installation: Installation) -> AsyncIterator[Check]:
    if not installation.connectors:
        yield Check("accounts", False, "none is configured")
    for account_id, connector in installation.connectors.items():
        name = f"{connector.facts.title} (account {account_id})"
        try:
            identity = await connector.identify()
        except ChannelError as error:
            yield Check(name, False, f"{type(error).__name__}: {error.detail}")
        else:
            yield Check(name, True, f"{identity.name} {identity.handle}".strip())
