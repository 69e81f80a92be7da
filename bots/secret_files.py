"""Credentials of accounts in one file that only its owner reads."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


class FileSecretStore:
    """A SecretStore as a JSON file with mode 0600, replaced as a whole; on the disk before `put` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> dict[str, str]:
        return self._read().get(name, {})

    def put(self, name: str, values: Mapping[str, str]) -> None:
        with self._alone():
            everything = {**self._read(), name: dict(values)}
            fresh = self._path.with_suffix(".new")
            fresh.touch(mode=0o600)
            with fresh.open("w", encoding="utf-8") as file:
                file.write(json.dumps(everything))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer at a time, across processes: none loses what another one put."""
        guard = self._path.with_suffix(".lock")
        guard.touch(mode=0o600)
        with guard.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _read(self) -> dict[str, dict[str, str]]:
        return json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
