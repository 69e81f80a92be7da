"""The folders of champion, challenger and earlier champion change places, and none is lost on the way."""

import json
import os
from pathlib import Path

import pytest

from classifier.shelf import CHALLENGER, CHAMPION, EARLIER, ModelFolders, read_manifest
from models.errors import ArtefactError, ConflictError


def put(data_dir: Path, name: str, version: str, **ground: str) -> None:
    folder = data_dir / name
    folder.mkdir()
    corrections = {"n": 3, "until": "2026-11-01T00:00:00+00:00"} if name == CHALLENGER else {}
    facts = {"version": version, "metrics": {"n": 100}, "corrections": corrections, **ground}
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")


def versions(shelf: ModelFolders) -> list[str]:
    return [one.version if one else "" for one in (shelf.champion, shelf.challenger, shelf.earlier)]


@pytest.fixture
def shelf(tmp_path: Path) -> ModelFolders:
    put(tmp_path, CHAMPION, "one")
    put(tmp_path, CHALLENGER, "two")
    return ModelFolders(tmp_path)


def test_what_is_known_of_a_model(shelf: ModelFolders) -> None:
    assert shelf.challenger
    assert (shelf.challenger.texts, shelf.challenger.corrections) == (100, 3)
    assert shelf.challenger.corrections_until == "2026-11-01T00:00:00+00:00"
    assert shelf.earlier is None


def test_forth_and_back_and_forth(shelf: ModelFolders, tmp_path: Path) -> None:
    shelf.promote("two")
    assert versions(shelf) == ["two", "", "one"]
    put(tmp_path, CHALLENGER, "three")
    shelf.back("one")
    assert versions(shelf) == ["one", "three", "two"]
    shelf.back("two")
    assert versions(shelf) == ["two", "three", "one"]
    shelf.promote("three")
    assert versions(shelf) == ["three", "", "two"]


def test_another_version_than_the_one_looked_at_stays(shelf: ModelFolders) -> None:
    for step in (shelf.promote, shelf.back):
        with pytest.raises(ConflictError):
            step("other")
    assert versions(shelf) == ["one", "two", ""]


def test_a_model_of_other_code_or_corpus_is_not_put_to_work(tmp_path: Path) -> None:
    put(tmp_path, CHAMPION, "one", data_hash="a")
    put(tmp_path, CHALLENGER, "two", data_hash="b")
    put(tmp_path, EARLIER, "three", data_hash="a", versions="older")
    shelf = ModelFolders(tmp_path)
    for step, version in ((shelf.promote, "two"), (shelf.back, "three")):
        with pytest.raises(ConflictError, match="çalıştırılamaz"):
            step(version)
    assert versions(shelf) == ["one", "two", "three"]


def test_a_linked_folder_is_only_unlinked(tmp_path: Path) -> None:
    put(tmp_path, "elsewhere", "zero")
    put(tmp_path, CHAMPION, "one")
    put(tmp_path, CHALLENGER, "two")
    (tmp_path / EARLIER).symlink_to(tmp_path / "elsewhere")
    shelf = ModelFolders(tmp_path)
    shelf.promote("two")
    assert versions(shelf) == ["two", "", "one"]
    assert read_manifest(tmp_path / "elsewhere")["version"] == "zero"


def test_a_move_that_was_cut_short_is_mended(shelf: ModelFolders, tmp_path: Path) -> None:
    os.rename(tmp_path / CHAMPION, tmp_path / EARLIER)
    shelf.promote("two")
    assert versions(shelf) == ["two", "", "one"]
    os.rename(tmp_path / CHAMPION, tmp_path / "model-aside")
    with pytest.raises(ConflictError):
        shelf.promote("none")
    assert versions(shelf) == ["two", "", "one"]


def test_without_a_champion_nothing_is_promoted(tmp_path: Path) -> None:
    put(tmp_path, CHALLENGER, "two")
    with pytest.raises(ConflictError, match="train"):
        ModelFolders(tmp_path).promote("two")


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_damaged_manifest(tmp_path: Path, content: str) -> None:
    put(tmp_path, CHAMPION, "one")
    (tmp_path / CHAMPION / "manifest.json").write_text(content, encoding="utf-8")
    assert ModelFolders(tmp_path).champion is None
    with pytest.raises(ArtefactError, match="damaged"):
        read_manifest(tmp_path / CHAMPION)
