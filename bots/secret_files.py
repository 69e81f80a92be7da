"""Credentials of accounts in one file that only its owner reads."""

import json
from collections.abc import Mapping
from pathlib import Path


class FileSecretStore:
    """A SecretStore as a JSON file with mode 0600, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> dict[str, str]:
        return self._read().get(name, {})

    def put(self, name: str, values: Mapping[str, str]) -> None:
        everything = {**self._read(), name: dict(values)}
        fresh = self._path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(everything), encoding="utf-8")
        fresh.replace(self._path)

    def _read(self) -> dict[str, dict[str, str]]:
        return json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
