"""Real databases and a real Redis for tests, on loopback; any other network use fails."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import pytest
from redis import Redis
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

from bots.secret_files import FileSecretStore
from classifier import store
from classifier.train import train_and_save
from models import schema
from models.clock import StillClock
from models.db import Database
from models.errors import ArtefactError
from models.profile import Profile, load_profile
from tests import servers
from tests.factories import City, build_city

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday, noon in İzmir."""
_EMPTY = """
DO $$
DECLARE one record;
BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '20s';
    FOR one IN SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %s', one.name); END LOOP;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
END $$
"""
"""Rows are deleted past the guards of what only grows: quicker than a new database by ten, and nothing piles up."""


_COMPILED: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}
"""By system: compiled statements hang on the dialect that compiled them."""


def _refuse_foreign_hosts(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
        raise RuntimeError(f"a test reached for {address[0]}: only loopback is allowed")


sys.addaudithook(_refuse_foreign_hosts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come first: of two processes neither shall end with long files alone."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load_profile("izmir")


@pytest.fixture(scope="session")
def trained_model(profile: Profile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artefact of `make test`, or one trained now where it is missing or does not fit."""
    folder = Path(__file__).parents[1] / "var/model"
    try:
        store.load(folder, profile)
    except ArtefactError:
        folder = tmp_path_factory.mktemp("model")
        train_and_save(profile, folder, seed=7)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(_upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, without a database name; skips where it is not installed.

    Its folder is not pytest's: every run of pytest closes that to the user that PostgreSQL runs as.
    """
    if not servers.POSTGRES:
        pytest.skip("PostgreSQL is not installed: sudo apt-get install -y postgresql")
    with TemporaryDirectory(prefix="him-postgres-") as folder, servers.postgres(Path(folder)) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """A PostgreSQL database with the newest schema."""
    url = f"{postgres_server}/him"
    asyncio.run(_command(f"{postgres_server}/postgres", "CREATE DATABASE him"))
    asyncio.run(_upgrade(url))
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database with the newest schema, on each system in turn: a new file, or one emptied of the last test."""
    if request.param == "sqlite":
        path = tmp_path / "him.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    asyncio.run(_command(url, _EMPTY))
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database, for tests that do not depend on the system."""
    path = tmp_path / "him.sqlite3"
    shutil.copy(sqlite_template, path)
    opened = open_database(f"sqlite:///{path}")
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis server of our own; skips where it is not installed."""
    binary = shutil.which("redis-server")
    if not binary:
        pytest.skip("Redis is not installed: sudo apt-get install -y redis-server")
    with servers.redis(binary, tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """An empty Redis."""
    with Redis.from_url(redis_server) as redis:
        redis.flushall()
    return redis_server


def open_database(url: str) -> Database:
    """A database whose statements are compiled once a process, and not once a test as every engine does by itself."""
    opened = Database(url)
    engine = opened.engine.sync_engine
    engine.dialect, compiled = _COMPILED.setdefault(opened.dialect, (engine.dialect, LRUCache(2000)))
    engine.update_execution_options(compiled_cache=compiled)
    return opened


async def _upgrade(url: str) -> None:
    opened = open_database(url)
    await schema.upgrade(opened.engine)
    await opened.close()


async def _command(url: str, command: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(command)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def city_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, City]:
    """A SQLite file with a filled desk, to be copied, and what is in it."""
    path = tmp_path_factory.mktemp("city") / "city.sqlite3"
    shutil.copy(sqlite_template, path)
    return path, asyncio.run(_build_city(path))


async def _build_city(path: Path) -> City:
    database = open_database(f"sqlite:///{path}")
    city = await build_city(database, profile=load_profile("izmir"), clock=StillClock(NOW))
    await database.close()
    return city


def copy_of_city(template: tuple[Path, City], folder: Path, profile: Profile) -> City:
    """The filled desk again, with a database, a clock and secrets of its own, at `NOW`."""
    path, built = template
    shutil.copy(path, folder / "city.sqlite3")
    desk = replace(
        built.desk,
        database=open_database(f"sqlite:///{folder / 'city.sqlite3'}"),
        clock=StillClock(NOW),
        profile=profile,
        connectors=dict(built.desk.connectors),
        secrets=FileSecretStore(folder / "secrets.json"),
    )
    return replace(
        built,
        desk=desk,
        users=dict(built.users),
        applications=dict(built.applications),
        checks=dict(built.checks),
    )


@pytest.fixture
async def city(city_template: tuple[Path, City], tmp_path: Path, profile: Profile) -> AsyncIterator[City]:
    """A copy of the city for one test."""
    copied = copy_of_city(city_template, tmp_path, profile)
    yield copied
    await copied.desk.database.close()
