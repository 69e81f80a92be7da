"""A challenger: the same corrections give the same version, others another, and a changed manifest is refused."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from classifier import store
from classifier.corpus import Corrections
from classifier.train import train_and_save
from models.errors import ArtefactError
from models.messages import TextToClassify
from models.profile import Profile
from tests.conftest import NOW
from tests.tiny_corpus import tiny_profile

ROW = {
    "id": "desk-a1",
    "channel": "twitter",
    "text": "kaldırımda araba var",
    "kind": "ihbar",
    "topic": "hatali_park",
    "unit": "zabita",
    "urgency": "normal",
    "district": None,
    "neighbourhood": None,
}
ROWS = [{**ROW, "id": f"desk-a{n}"} for n in range(8)]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return tiny_profile(tmp_path_factory.mktemp("profiles") / "tiny")


@pytest.fixture(scope="module")
def challenger(profile: Profile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "model-challenger"
    train_and_save(profile, folder, corrections=Corrections(ROWS, NOW))
    return folder


def test_it_knows_what_the_desk_said(profile: Profile, challenger: Path) -> None:
    (found,) = store.load(challenger, profile).classify([TextToClassify(id="1", text="kaldırımda araba var yahu")])
    assert found.topic == "hatali_park"
    assert found.unknown_words == pytest.approx(1 / 4)
    facts = store.read_manifest(challenger)
    assert facts["corrections"] == Corrections(ROWS, NOW).facts
    assert facts["metrics"]["n"] == 32


def test_its_version_comes_from_the_corrections(profile: Profile, challenger: Path) -> None:
    facts = store.read_manifest(challenger)

    def version(corrections: Corrections | None) -> str:
        made = store.manifest(data_hash=facts["data_hash"], seed=7, metrics={}, corrections=corrections)
        return str(made["version"])

    assert version(Corrections(list(ROWS), NOW)) == facts["version"]
    others = [None, Corrections(ROWS[1:], NOW), Corrections(ROWS, NOW + timedelta(days=1))]
    assert facts["version"] not in [version(other) for other in others]


def test_a_manifest_changed_by_hand_is_refused_in_one_line(profile: Profile, challenger: Path) -> None:
    path = challenger / "manifest.json"
    kept = path.read_text(encoding="utf-8")
    facts = json.loads(kept)
    path.write_text(json.dumps({**facts, "corrections": {**facts["corrections"], "n": 3}}), encoding="utf-8")
    try:
        with pytest.raises(ArtefactError, match="changed by hand") as refused:
            store.load(challenger, profile)
        assert len(str(refused.value).splitlines()) == 1
    finally:
        path.write_text(kept, encoding="utf-8")
