"""A backup as one tar file: the parts of an installation, and a manifest with their hashes."""

import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bots import database_copies
from bots.settings import SECRET_KEY_FILE, Settings
from models import schema
from models.errors import InputError

FORMAT = 1
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
SECRET_FILES = ("secrets.json", SECRET_KEY_FILE)
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds. `parts`: SHA-256 in hex by name."""

    format: int
    made_at: str
    system: str
    schema: str
    profile: str
    parts: dict[str, str] = field(default_factory=dict)


def write(settings: Settings, target: Path) -> Manifest:
    """Back the installation up into a file of mode 0600, whole or not at all. Raises InputError."""
    if target.exists():
        raise InputError(f"{target} exists; choose another name")
    if not target.parent.is_dir():
        raise InputError(f"there is no folder {target.parent}")
    url = settings.effective_database_url
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        copy = Path(folder) / DATABASE
        database_copies.copy_out(url, copy)
        try:
            manifest = _write_parts(draft, settings, copy=copy, version=database_copies.schema_version(url))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return manifest


def restore(settings: Settings, source: Path, *, replace: bool) -> Manifest:
    """Put an installation back as the backup has it; nothing is touched before every part was verified.

    Raises InputError for a damaged or foreign backup, and for a target with data unless `replace`.
    """
    url = settings.effective_database_url
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        manifest = _unpack(source, Path(folder))
        _require_fit(manifest, url)
        if not replace and (database_copies.has_people(url) or _has_files(settings)):
            raise InputError("this installation has data; --replace overwrites all of it")
        database_copies.copy_in(Path(folder) / DATABASE, url)
        _put_back(settings, Path(folder))
    return manifest


def _write_parts(draft: Path, settings: Settings, *, copy: Path, version: str) -> Manifest:
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
        parts = {name: digest for name, path in _parts(settings, copy) if (digest := _add(archive, path, name))}
        manifest = Manifest(
            format=FORMAT,
            made_at=datetime.now(UTC).isoformat(),
            system=database_copies.system_of(settings.effective_database_url),
            schema=version,
            profile=settings.profile,
            parts=parts,
        )
        text = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        archive.addfile(entry, io.BytesIO(text))
        archive.close()
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _parts(settings: Settings, copy: Path) -> Iterator[tuple[str, Path]]:
    """Names in the archive, and where the parts lie: the database first, so that no file of it is missing."""
    yield DATABASE, copy
    folder = settings.data_dir / FILES
    for path in sorted(folder.rglob("*")):
        if not path.name.endswith(".part"):
            yield f"{FILES}/{path.relative_to(folder).as_posix()}", path
    for name in SECRET_FILES:
        yield name, settings.data_dir / name


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file under a name, without owner or mode of this machine; its hash. Empty where it has just been erased."""
    try:
        with path.open("rb") as file:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
            archive.addfile(entry, file)
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (FileNotFoundError, IsADirectoryError):
        return ""


def _unpack(source: Path, folder: Path) -> Manifest:
    """Write all parts below the folder and verify them."""
    try:
        with tarfile.open(source) as archive:
            for entry in archive:
                _unpack_one(archive, entry, folder)
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except FileNotFoundError as error:
        missing = source if not source.exists() else MANIFEST
        raise InputError(f"{missing} is missing") from error
    except (tarfile.TarError, EOFError, OSError, ValueError, TypeError) as error:
        raise InputError(f"{source} is no backup, or it is damaged") from error
    _verify(manifest, folder)
    return manifest


def _unpack_one(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    """Plain files at safe names alone: whoever made the archive cannot write beside the folder."""
    path = PurePosixPath(entry.name)
    if not entry.isfile() or path.is_absolute() or ".." in path.parts:
        raise ValueError(f"not a part: {entry.name}")
    content = archive.extractfile(entry)
    assert content is not None
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _PIECE)


def _verify(manifest: Manifest, folder: Path) -> None:
    if manifest.format != FORMAT:
        raise InputError(f"the backup has format {manifest.format}; this version reads {FORMAT}")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    if DATABASE not in manifest.parts or found != set(manifest.parts):
        raise InputError("parts of the backup are missing, or others were added")
    for name, digest in manifest.parts.items():
        if _hash(folder / name) != digest:
            raise InputError(f"the hash of {name} does not fit: the backup is damaged")


def _require_fit(manifest: Manifest, url: str) -> None:
    system = database_copies.system_of(url)
    if manifest.system != system:
        raise InputError(f"the backup is of {manifest.system}, this installation uses {system}")
    if manifest.schema not in schema.revisions():
        raise InputError(f"the backup's schema {manifest.schema or '(none)'} is unknown to this version")


def _has_files(settings: Settings) -> bool:
    folder = settings.data_dir / FILES
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


def _put_back(settings: Settings, folder: Path) -> None:
    """Files and secrets in place of those that are there."""
    shutil.rmtree(settings.data_dir / FILES, ignore_errors=True)
    if (folder / FILES).is_dir():
        (folder / FILES).replace(settings.data_dir / FILES)
    for name in SECRET_FILES:
        if (folder / name).is_file():
            (folder / name).replace(settings.data_dir / name)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
