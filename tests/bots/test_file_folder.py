"""The folder that keeps files."""

import stat
from pathlib import Path

import pytest

from bots.file_folder import FolderFileStore
from models.errors import InputError, NotFoundError


async def test_put_get_replace_delete(tmp_path: Path) -> None:
    store = FolderFileStore(tmp_path)
    await store.put("attachments/a/1", b"one")
    await store.put("attachments/a/1", b"two")
    assert await store.get("attachments/a/1") == b"two"
    written = list((tmp_path / "attachments/a").iterdir())
    assert [stat.S_IMODE(path.stat().st_mode) for path in written] == [0o600]
    await store.delete("attachments/a/1")
    await store.delete("attachments/a/1")
    with pytest.raises(NotFoundError):
        await store.get("attachments/a/1")


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a\\b", "a\0b"])
async def test_names_do_not_lead_out(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        await FolderFileStore(tmp_path / "files").put(name, b"")
