"""Files in a folder of DATA_DIR: the local `FileStore`. Names are paths below the folder and never lead out of it."""

import asyncio
import os
import secrets
from pathlib import Path, PurePosixPath

from models.errors import InputError, NotFoundError


class FolderFileStore:
    """One file a name, readable by this user alone; written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, data: bytes) -> None:
        await asyncio.to_thread(_write, self._path(name), data)

    async def get(self, name: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(name).read_bytes)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise NotFoundError(f"no file {name}") from error

    async def delete(self, name: str) -> None:
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    def _path(self, name: str) -> Path:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or "\\" in name or "\0" in name or ".." in parts:
            raise InputError(f"not a file name: {name!r}")
        return self._folder.joinpath(*parts)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
