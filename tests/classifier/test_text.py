"""Tokens on the project's fold, with the citizen's spelling kept beside."""

import pytest

from classifier.text import READ_CHARACTERS, Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _norms(reader: Reader, text: str) -> list[str]:
    return [token.norm for token in reader.read([text])[0].tokens]


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("İZMİR IŞIK", ["izmir", "isik"]),
        ("yeterrrrr artık", ["yeter", "artik"]),
        ("Karşıyaka'da", ["karsiyaka", "da"]),
        ("s\u0327ehir", ["sehir"]),
        ("su\u200b yok", ["su", "yok"]),
        ("#otobüsgelmiyor @eshotgm", ["#otobusgelmiyor", "@eshotgm"]),
        ("6106/2 sk", ["6106", "/", "2", "sk"]),
        ("35tl", ["35", "tl"]),
        ("https://t.co/a?b=1 bak", ["https://t.co/a?b=1", "bak"]),
        ("", []),
    ],
)
def test_normal_forms(reader: Reader, text: str, norms: list[str]) -> None:
    assert _norms(reader, text) == norms


def test_suffix_behind_an_apostrophe_is_marked(reader: Reader) -> None:
    tokens = reader.read(["Buca’da 'güzel' da"])[0].tokens
    assert [token.is_suffix for token in tokens] == [False, True, False, False]


def test_original_spelling_is_kept(reader: Reader) -> None:
    reading = reader.read(["Çok  GÜRÜLTÜ var"])[0]
    assert reading.original(0, 1) == "Çok GÜRÜLTÜ"


def test_only_the_beginning_is_read(reader: Reader) -> None:
    assert len(reader.read(["a " * 20_000])[0].text) <= READ_CHARACTERS
