"""Abuse by its words; what the tone of unlabelled messages is taken for."""

import json
from pathlib import Path

import pytest

from classifier.text import Reader
from classifier.tone import assumed_tone, is_abusive


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _norms(reader: Reader, text: str) -> list[str]:
    return [token.norm for token in reader.read([text])[0].tokens]


@pytest.mark.parametrize(
    "text",
    [
        "ŞEREFSİZLER su yok üç gündür",
        "gerizekalı şoför durmadı",
        "geri zekalılar sürüsü",
        "Allah belanızı versin",
        "amk otobüsü gelmedi",
        "o.ç. arabamı çizdi",
        "salaaaaak mısınız",
    ],
)
def test_insults_are_abusive(reader: Reader, text: str) -> None:
    assert is_abusive(_norms(reader, text))


@pytest.mark.parametrize(
    "text",
    [
        "köpek sürüsü okulun önünde",
        "yeni durak çok şık olmuş",
        "bu hat çok sık aksıyor",
        "hayvan barınağına mama verin",
        "İzmir Aydın yolunda dingil kırdık",
        "ahırdaki öküz kaçmış, yolda",
        "kansızlık ilacı almalıyım",
        "rezalet, üç gündür su yok",
        "hırsızlar kabloyu çalmış",
        "",
    ],
)
def test_anger_and_animals_are_no_abuse(reader: Reader, text: str) -> None:
    assert not is_abusive(_norms(reader, text))


@pytest.mark.parametrize(
    ("kind", "text", "tone"),
    [
        ("tesekkur", "yol yapılmış sağ olun", "positive"),
        ("sikayet", "su yok", "negative"),
        ("talep", "bir bank konulmasını rica ederiz", "neutral"),
        ("talep", "bıktık artık, bir bank koyun", "negative"),
        ("gecersiz", "iyi ki varsınız", "positive"),
        ("gecersiz", "günaydın", "neutral"),
    ],
)
def test_the_kind_and_the_words_give_a_first_guess(reader: Reader, kind: str, text: str, tone: str) -> None:
    assert assumed_tone(kind, _norms(reader, text)) == tone


def test_insults_of_the_labelled_messages_are_found_and_nothing_else(reader: Reader) -> None:
    lines = Path(__file__).with_name("tone.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = [is_abusive(_norms(reader, row["text"])) for row in rows]
    true = [row["tone"] == "abusive" for row in rows]
    assert sum(one and other for one, other in zip(found, true, strict=True)) >= 0.85 * sum(true)
    assert not any(one and not other for one, other in zip(found, true, strict=True))
