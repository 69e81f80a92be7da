"""The classifier's own process: it takes a new model by itself, and keeps the old one where the new one does not fit."""

import json
import shutil
from pathlib import Path

import pytest

from bots.classification import ClassifierProcess
from classifier import store
from classifier.train import train_and_save
from models.errors import ArtefactError
from models.messages import TextToClassify
from models.profile import PROFILES, Profile

TEXTS = [TextToClassify(id="1", text="su akmıyor")]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models of a tiny corpus: `model` and `other`."""
    folder = tmp_path_factory.mktemp("data")
    shutil.copytree(PROFILES / "izmir", folder / "tiny", ignore=shutil.ignore_patterns("corpus"))
    (folder / "tiny/corpus").mkdir()
    rows = [_row(n, topic, unit, text) for n in range(8) for topic, unit, text in _MATTERS]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "tiny/corpus/tiny.jsonl").write_text(lines, encoding="utf-8")
    for seed, name in ((7, "model"), (8, "other")):
        train_and_save(Profile(folder / "tiny"), folder / name, seed=seed)
    return folder


_MATTERS = [
    ("su_kesintisi", "izsu", "evde su akmıyor, sular kesik"),
    ("otobus_sefer", "eshot", "otobüs yine gelmedi, durakta bekliyoruz"),
    (None, None, "bonus kazan, hemen tıkla canım"),
]


def _row(number: int, topic: str | None, unit: str | None, text: str) -> dict[str, object]:
    kind = "sikayet" if topic else "gecersiz"
    urgency = "acil" if topic and number % 3 == 0 else "normal"
    return {"id": f"{topic}-{number}", "text": f"{text} {number}", "kind": kind, "topic": topic, "unit": unit,
            "urgency": urgency}  # fmt: skip


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
