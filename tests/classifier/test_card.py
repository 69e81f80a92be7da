"""The model card in docs fits the data, and tells what must be known."""

from pathlib import Path

from classifier import store
from classifier.card import write_card
from classifier.corpus import Corrections, corpus_hash, split_hash
from classifier.styles import in_capitals, without_diacritics
from classifier.train import train_and_save
from models.profile import Profile
from tests.conftest import NOW
from tests.tiny_corpus import tiny_profile

CARD = Path(__file__).parents[2] / "docs/model-card.md"


def test_the_card_in_docs_is_that_of_the_data(profile: Profile) -> None:
    """After a change of corpus, test split, topics, places or lexicon run `make train`."""
    text = CARD.read_text(encoding="utf-8")
    assert f"`{corpus_hash(profile)}`" in text
    assert f"`{split_hash(profile)}`" in text


def test_a_card_tells_data_figures_and_limits(tmp_path: Path) -> None:
    profile = tiny_profile(tmp_path / "tiny")
    row = {"id": "desk-a1", "text": "su akmıyor", "kind": "sikayet", "topic": "su_kesintisi", "unit": "izsu"}
    corrections = Corrections([{**row, "urgency": "normal", "district": None, "neighbourhood": None}], NOW)
    train_and_save(profile, tmp_path / "model", corrections=corrections)
    model, facts = store.load(tmp_path / "model", profile), store.read_manifest(tmp_path / "model")
    for name in ("one.md", "two.md"):
        write_card(tmp_path / name, classifier=model, profile=profile, manifest=facts)
    text = (tmp_path / "one.md").read_text(encoding="utf-8")
    assert text == (tmp_path / "two.md").read_text(encoding="utf-8")
    for told in (facts["version"], facts["data_hash"], facts["corrections"]["hash"], "| messages | 24 | 3 |"):
        assert told in text
    for part in ("| twitter | 3 |", "| without diacritics | 3 |", "| in capitals | 3 |", "hand tiny", "Seed 7"):
        assert part in text
    assert "must not be used for" in text
    assert "{" not in text


def test_styles() -> None:
    assert without_diacritics("Karşıyaka'da ŞİŞE") == "Karsiyaka'da SISE"
    assert in_capitals("ışık iyi") == "IŞIK İYİ"
