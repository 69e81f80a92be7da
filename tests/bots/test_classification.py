"""The classifier's own process takes a new model by itself, and keeps the old one where the new one does not fit."""

import multiprocessing
import shutil
from pathlib import Path

import pytest

from bots.classification import ClassifierProcess
from classifier import store
from classifier.train import train_and_save
from models.errors import ArtefactError
from models.messages import TextToClassify
from tests.tiny_corpus import tiny_profile

TEXTS = [TextToClassify(id="1", text="su akmıyor")]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models of a tiny corpus: `model` and `other`."""
    folder = tmp_path_factory.mktemp("data")
    profile = tiny_profile(folder / "tiny")
    for seed, name in ((7, "model"), (8, "other")):
        train_and_save(profile, folder / name, seed=seed)
    return folder


@pytest.fixture
def folder(data_dir: Path, tmp_path: Path) -> Path:
    shutil.copytree(data_dir / "model", tmp_path / "model")
    return tmp_path / "model"


async def test_a_promoted_model_is_taken_with_the_next_call(folder: Path, data_dir: Path, tmp_path: Path) -> None:
    process = ClassifierProcess(folder, profile=str(data_dir / "tiny"))
    try:
        await process.start()
        (first,) = await process.classify(TEXTS)
        assert first.model_version == store.read_manifest(folder)["version"]
        folder.rename(tmp_path / "model-earlier")
        (during,) = await process.classify(TEXTS)
        assert during.model_version == first.model_version
        shutil.copytree(data_dir / "other", folder)
        (second,) = await process.classify(TEXTS)
        assert second.model_version == store.read_manifest(folder)["version"] != first.model_version
        (folder / "manifest.json").write_text("{}", encoding="utf-8")
        (third,) = await process.classify(TEXTS)
        assert third.model_version == second.model_version
    finally:
        process.close()


async def test_a_process_that_was_killed_loses_nothing(folder: Path, data_dir: Path) -> None:
    """Else every message after it would be set aside."""
    process = ClassifierProcess(folder, profile=str(data_dir / "tiny"))
    before = set(multiprocessing.active_children())
    try:
        await process.start()
        for child in set(multiprocessing.active_children()) - before:
            child.kill()
        assert len(await process.classify(TEXTS)) == 1
    finally:
        process.close()


async def test_without_a_model_it_says_so_and_takes_one_that_comes(
    folder: Path, data_dir: Path, tmp_path: Path
) -> None:
    process = ClassifierProcess(tmp_path / "later", profile=str(data_dir / "tiny"))
    try:
        with pytest.raises(ArtefactError, match="not trained"):
            await process.start()
        folder.rename(tmp_path / "later")
        assert len(await process.classify(TEXTS)) == 1
    finally:
        process.close()
