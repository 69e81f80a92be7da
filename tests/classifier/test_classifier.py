"""A small corpus is trained once; the artefact is kept, loaded, refused, and asked hostile questions."""

import json
import shutil
from pathlib import Path

import pytest

from classifier import store
from classifier.evaluate import evaluate
from classifier.model import TextClassifier
from classifier.train import train_and_save
from models.enums import Decision, Kind
from models.errors import ArtefactError, InputError
from models.messages import TextToClassify
from models.profile import PROFILES, Profile

_TOPICS = {
    "su_kesintisi": ("izsu", "{} günden beri evde su akmıyor, sular ne zaman gelecek"),
    "otobus_sefer": ("eshot", "{} numaralı otobüs yine gelmedi, durakta bekliyoruz"),
    "yol_bozuk": ("fen_isleri", "caddede {} tane çukur var, asfalt çökmüş lastik patladı"),
}


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    folder = tmp_path_factory.mktemp("profiles") / "small"
    shutil.copytree(PROFILES / "izmir", folder, ignore=shutil.ignore_patterns("corpus"))
    (folder / "corpus").mkdir()
    rows = [row for topic in _TOPICS for row in _rows(topic)] + [_invalid(n) for n in range(12)]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "corpus" / "small.jsonl").write_text(lines, encoding="utf-8")
    return Profile(folder)


@pytest.fixture(scope="module")
def artefact(profile: Profile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "model"
    train_and_save(profile, folder, seed=7)
    return folder


@pytest.fixture(scope="module")
def classifier(profile: Profile, artefact: Path) -> TextClassifier:
    return store.load(artefact, profile)


def _rows(topic: str) -> list[dict[str, object]]:
    unit, text = _TOPICS[topic]
    return [
        {
            "id": f"{topic}-{n}",
            "channel": "twitter",
            "text": text.format(n),
            "kind": "sikayet",
            "topic": topic,
            "unit": unit,
            "urgency": "acil" if n % 3 == 0 else "normal",
            "district": None,
            "neighbourhood": None,
        }
        for n in range(12)
    ]


def _invalid(number: int) -> dict[str, object]:
    nothing = dict.fromkeys(("topic", "unit", "district", "neighbourhood"))
    text = f"{number} bonus kazan, profile tıkla canım"
    return {"id": f"g{number}", "text": text, "kind": "gecersiz", "urgency": "normal", **nothing}


def _ask(classifier: TextClassifier, *texts: str):
    return classifier.classify([TextToClassify(id=str(n), text=text) for n, text in enumerate(texts)])


def test_known_matters_are_told_apart(classifier: TextClassifier) -> None:
    found = _ask(classifier, "SULAR AKMIYOR!!! Bornova'da", "otobus gelmedi yine", "bonus kazan tikla")
    assert [one.topic for one in found] == ["su_kesintisi", "otobus_sefer", None]
    assert [one.unit for one in found] == ["izsu", "eshot", None]
    assert found[0].district == "Bornova"
    assert found[2].kind is Kind.INVALID
    assert found[2].decision is Decision.REVIEW


def test_reasons_are_the_citizens_own_words(classifier: TextClassifier) -> None:
    (found,) = _ask(classifier, "Bornova'da SULAR yine akmıyor")
    assert "SULAR" in found.reasons
    assert "Bornova" in found.reasons[-1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "\x00\x07\ud800",
        "😀" * 20_000,
        "a" * 20_000,
        "'" * 20_000,
        "#" * 20_000,
        "سلام " * 4_000,
        "e\u0301" * 9_000,
        "กรุงเทพ" * 200,
        "\u0e38 \u0301",
        "#" + "suyok" * 4_000,
    ],
)
def test_hostile_text_gets_an_answer(classifier: TextClassifier, text: str) -> None:
    (found,) = _ask(classifier, text)
    assert 0 <= found.confidence <= 1
    assert found.decision is Decision.REVIEW


def test_same_data_and_seed_give_the_same_model(profile: Profile, artefact: Path, tmp_path: Path) -> None:
    train_and_save(profile, tmp_path, seed=7)
    assert store.read_manifest(tmp_path)["version"] == store.read_manifest(artefact)["version"]
    texts = ["sular kesildi", "çukur var", "bonus"]
    assert _ask(store.load(tmp_path, profile), *texts) == _ask(store.load(artefact, profile), *texts)


def test_missing_artefact_names_the_command(profile: Profile, tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match=r"run_bots\.py train"):
        store.load(tmp_path, profile)


def test_damaged_artefact_is_refused(profile: Profile, artefact: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(artefact, folder)
    (folder / "model.joblib").write_bytes(b"nothing")
    with pytest.raises(ArtefactError, match="does not fit"):
        store.load(folder, profile)


def test_other_data_is_refused(profile: Profile, artefact: Path) -> None:
    other = profile.corpus_folder / "more.jsonl"
    other.write_text("", encoding="utf-8")
    try:
        with pytest.raises(ArtefactError, match="other data"):
            store.load(artefact, profile)
    finally:
        other.unlink()


def test_broken_corpus_line_is_named(profile: Profile, tmp_path: Path) -> None:
    other = profile.corpus_folder / "broken.jsonl"
    other.write_text('{"text": "a"\n', encoding="utf-8")
    try:
        with pytest.raises(InputError, match=r"broken\.jsonl line 1"):
            train_and_save(profile, tmp_path)
    finally:
        other.unlink()


def test_metrics_accept_rows_with_missing_fields(classifier: TextClassifier) -> None:
    figures = evaluate(
        classifier, [{"text": "su akmıyor", "topic": "su_kesintisi"}, {"text": "çukur", "kind": "sikayet"}]
    )
    assert figures["topic_accuracy"] == 1.0
    assert figures["unit_accuracy"] is None
    assert figures["n"] == 2
