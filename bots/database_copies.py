"""Whole copies of a database as one file: SQLite by its backup API, PostgreSQL by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from models.errors import InputError

LONGEST_SECONDS = 4 * 3600
_EMPTY = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def system_of(url: str) -> str:
    """`sqlite` or `postgresql`."""
    return "sqlite" if make_url(url).drivername.startswith("sqlite") else "postgresql"


def copy_out(url: str, target: Path) -> None:
    """Write a copy as of one moment, while others may write."""
    if system_of(url) == "sqlite":
        _copy_sqlite(_existing(url), target)
    else:
        options = ["--format=plain", "--no-owner", "--no-privileges", f"--file={target}"]
        _run("pg_dump", make_url(url), options)


def copy_in(source: Path, url: str) -> None:
    """Replace the whole database by a copy; in one transaction where the system has them."""
    if system_of(url) == "sqlite":
        path = _sqlite_path(url)
        for leftover in (Path(f"{path}-wal"), Path(f"{path}-shm")):
            leftover.unlink(missing_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.new")
        _copy_sqlite(source, fresh)
        fresh.replace(path)
    else:
        options = ["--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        _run("psql", make_url(url), [*options, f"--command={_EMPTY}", f"--file={source}"])


def schema_version(url: str) -> str:
    """The revision of the schema; empty for a database without one."""
    if system_of(url) == "sqlite":
        path = _sqlite_path(url)
        return _sqlite_version(path) if path.exists() else ""
    query = "SELECT CASE WHEN to_regclass('public.alembic_version') IS NULL THEN '' ELSE 'yes' END"
    if not _ask(url, query):
        return ""
    return _ask(url, "SELECT version_num FROM alembic_version")


def has_people(url: str) -> bool:
    """Whether somebody has begun to work with it: what may not be lost."""
    if not schema_version(url):
        return False
    query = 'SELECT EXISTS (SELECT 1 FROM "user") OR EXISTS (SELECT 1 FROM conversation)'
    if system_of(url) == "postgresql":
        return _ask(url, query) == "t"
    with closing(sqlite3.connect(f"file:{_sqlite_path(url)}?mode=ro", uri=True)) as connection:
        return bool(connection.execute(query).fetchone()[0])


def _sqlite_version(path: Path) -> str:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]) if found else ""


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def _existing(url: str) -> Path:
    path = _sqlite_path(url)
    if not path.exists():
        raise InputError(f"there is no database at {path}")
    return path


def _sqlite_path(url: str) -> Path:
    return Path(make_url(url).database or "")


def _ask(url: str, query: str) -> str:
    return _run("psql", make_url(url), ["--no-psqlrc", "--tuples-only", "--no-align", f"--command={query}"]).strip()


def _run(program: str, url: URL, options: Sequence[str]) -> str:
    """Run a program of PostgreSQL; the password goes by the environment, which nobody else sees."""
    found = shutil.which(program) or _newest(program)
    if found is None:
        raise InputError(f"{program} is not installed: sudo apt-get install -y postgresql-client")
    given = {"PGHOST": url.host, "PGPORT": str(url.port or 5432), "PGUSER": url.username, "PGPASSWORD": url.password}
    environment = {**os.environ, **{name: str(value) for name, value in given.items() if value}}
    done = subprocess.run(  # noqa: S603  (a fixed program, no shell)
        [found, f"--dbname={url.database}", *options],
        env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS,
    )  # fmt: skip
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise InputError(f"{program}: {lines[-1] if lines else 'failed'}")
    return done.stdout


def _newest(program: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return str(found[-1]) if found else None
