"""A filled desk for tests of services, copied from one that is built once."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.clock import StillClock
from models.db import Database
from models.profile import Profile, load_profile
from tests.conftest import NOW
from tests.factories import City, build_city


@pytest.fixture(scope="session")
def service_city(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, City]:
    path = tmp_path_factory.mktemp("city") / "city.sqlite3"
    shutil.copy(sqlite_template, path)
    return path, asyncio.run(_build(path))


async def _build(path: Path) -> City:
    database = Database(f"sqlite:///{path}")
    city = await build_city(database, profile=load_profile("izmir"), clock=StillClock(NOW))
    await database.close()
    return city


@pytest.fixture
async def city(service_city: tuple[Path, City], tmp_path: Path, profile: Profile) -> AsyncIterator[City]:
    """A copy of the city with a database and a clock of its own, at `NOW`."""
    path, built = service_city
    shutil.copy(path, tmp_path / "city.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'city.sqlite3'}")
    desk = replace(built.desk, database=database, clock=StillClock(NOW), profile=profile)
    yield replace(built, desk=desk, applications=dict(built.applications), checks=dict(built.checks))
    await database.close()
