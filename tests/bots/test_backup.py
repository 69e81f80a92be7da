"""A backup brings everything back, on both databases; what is damaged, foreign or in the way is refused in one line."""

import asyncio
import io
import json
import shutil
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from bots.cli import main
from inbox.services import people
from models.db import Database
from models.tables import SecurityEvent, User, UserSession
from tests.conftest import NOW

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a data folder and a database: (exit code, output, errors)."""

    def call(folder: Path, url: str, *arguments: str) -> tuple[int, str, str]:
        for name, value in {"DATA_DIR": str(folder), "DATABASE_URL": url, "REDIS_URL": ""}.items():
            monkeypatch.setenv(name, value)
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def folder(tmp_path: Path, database_url: str) -> Path:
    """An installation with somebody logged in, a citizen's file and secrets."""
    data = tmp_path / "data"
    (data / "files/ab").mkdir(parents=True)
    (data / "files/ab/picture").write_bytes(b"\x89PNG a citizen's picture")
    (data / "files/ab/half.part").write_bytes(b"not finished")
    (data / "secrets.json").write_text('{"account-1": {"token": "t"}}')
    asyncio.run(_add(database_url, "elif"))
    return data


async def _add(url: str, login: str) -> None:
    database = Database(url)
    async with database.write() as session:
        user = await people.add_user(
            session, login=login, name="Bir Kişi", password="mavi-vapur-35", roles=["agent"], now=NOW
        )
        await people.log_in(session, user, now=NOW)
    await database.close()


async def _logins(url: str) -> tuple[list[str], int, list[str]]:
    """Log-ins, how many sessions are open, what was recorded."""
    database = Database(url)
    async with database.read() as session:
        found = list((await session.exec(select(User.login).order_by(User.login))).all())
        open_ = len((await session.exec(select(UserSession))).all())
        events = list((await session.exec(select(SecurityEvent.what))).all())
    await database.close()
    return found, open_, events


@pytest.fixture
def backup(run: Run, folder: Path, database_url: str, tmp_path: Path) -> Path:
    target = tmp_path / "him.tar"
    code, output, errors = run(folder, database_url, "backup", "--to", str(target))
    assert code == 0, errors
    assert "Not encrypted" in output
    return target


def test_only_its_owner_reads_a_backup(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with tarfile.open(backup) as archive:
        names = set(archive.getnames())
    assert names == {"database", "files/ab/picture", "secrets.json", "secret_key", "manifest.json"}


def test_everything_is_back_and_nobody_is_logged_in(run: Run, folder: Path, database_url: str, backup: Path) -> None:
    """Twice, as the second restore meets what the first one made."""
    for _ in range(2):
        asyncio.run(_add(database_url, "burcu"))
        (folder / "files/ab/picture").unlink()
        (folder / "files/later").write_bytes(b"after the backup")
        (folder / "secrets.json").write_text("{}")
        code, output, errors = run(folder, database_url, "restore", "--from", str(backup), "--replace")
        assert (code, errors) == (0, "")
        assert "parts of" in output
        assert asyncio.run(_logins(database_url)) == (["elif"], 0, ["restored"])
        assert (folder / "files/ab/picture").read_bytes() == b"\x89PNG a citizen's picture"
        assert not (folder / "files/later").exists()
        assert "token" in (folder / "secrets.json").read_text()
        assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600


def test_data_is_overwritten_only_when_asked_for(run: Run, folder: Path, database_url: str, backup: Path) -> None:
    asyncio.run(_add(database_url, "burcu"))
    code, _, errors = run(folder, database_url, "restore", "--from", str(backup))
    assert code == 2
    assert "--replace" in errors
    assert len(errors.splitlines()) == 1
    assert asyncio.run(_logins(database_url))[0] == ["burcu", "elif"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_machine_needs_no_permission(run: Run, backup: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    code, _, errors = run(fresh, "", "restore", "--from", str(backup))
    assert (code, errors) == (0, "")
    assert asyncio.run(_logins(f"sqlite:///{fresh / 'him.sqlite3'}"))[0] == ["elif"]


def _changed(backup: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same backup with its parts changed."""
    with tarfile.open(backup) as archive:
        parts = {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]
    change(parts)
    target = backup.with_name("changed.tar")
    with tarfile.open(target, "w") as archive:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target


def _with_manifest(parts: dict[str, bytes], **changes: object) -> None:
    parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), **changes}).encode()


WRONG: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "a changed part": (lambda parts: parts.update({"secrets.json": b"{}"}), "hash of secrets.json"),
    "a missing part": (lambda parts: parts.pop("files/ab/picture"), "missing"),
    "a part too many": (lambda parts: parts.update({"files/evil": b"x"}), "added"),
    "no manifest": (lambda parts: parts.pop("manifest.json"), "manifest.json is missing"),
    "a name that leads out": (lambda parts: parts.update({"../evil": b"x"}), "damaged"),
    "an unknown schema": (lambda parts: _with_manifest(parts, schema="9999"), "schema 9999"),
    "another format": (lambda parts: _with_manifest(parts, format=2), "format 2"),
    "another system": (lambda parts: _with_manifest(parts, system="oracle"), "oracle"),
    "rubbish for a manifest": (lambda parts: parts.update({"manifest.json": b"[]"}), "damaged"),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_refused_and_nothing_changes(
    run: Run, folder: Path, database_url: str, backup: Path, name: str
) -> None:
    change, words = WRONG[name]
    changed = _changed(backup, lambda parts: (change(parts), None)[1])
    asyncio.run(_add(database_url, "burcu"))
    code, _, errors = run(folder, database_url, "restore", "--from", str(changed), "--replace")
    assert code == 2
    assert words in errors
    assert len(errors.splitlines()) == 1
    assert asyncio.run(_logins(database_url))[0] == ["burcu", "elif"]
    assert not (folder.parent / "evil").exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [0, 100, 5000])
def test_half_a_backup_is_refused(run: Run, folder: Path, database_url: str, backup: Path, size: int) -> None:
    half = backup.with_name("half.tar")
    half.write_bytes(backup.read_bytes()[:size])
    code, _, errors = run(folder, database_url, "restore", "--from", str(half), "--replace")
    assert code == 2
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_overwrites_nothing_and_needs_a_folder(
    run: Run, folder: Path, database_url: str, backup: Path
) -> None:
    for target in (backup, backup.parent / "nowhere/him.tar"):
        code, _, errors = run(folder, database_url, "backup", "--to", str(target))
        assert code == 2
        assert len(errors.splitlines()) == 1
    assert not list(backup.parent.glob("*.part"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_without_a_database_there_is_nothing_to_back_up(run: Run, tmp_path: Path, database_url: str) -> None:
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    code, _, errors = run(tmp_path / "none", "", "backup", "--to", str(tmp_path / "x.tar"))
    assert code == 2
    assert "no database" in errors
