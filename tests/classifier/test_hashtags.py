"""Hashtags parted by the words that the corpus knows."""

import pytest

from classifier.hashtags import HashtagSplitter

_COUNTS = {
    "otobus": 300,
    "gelmiyor": 80,
    "su": 400,
    "kesintisi": 60,
    "izmir": 500,
    "yok": 700,
    "gel": 9,
    "oto": 5,
    "rare": 2,
}


@pytest.fixture(scope="module")
def splitter() -> HashtagSplitter:
    return HashtagSplitter(_COUNTS, texts=1000)


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("#otobusgelmiyor", ["otobus", "gelmiyor"]),
        ("#izmirsukesintisi", ["izmir", "su", "kesintisi"]),
        ("#otobus", ["otobus"]),
        ("#suyok", ["su", "yok"]),
        ("#qwxzt", ["qwxzt"]),
        ("#", ["#"]),
    ],
)
def test_the_likeliest_words(splitter: HashtagSplitter, tag: str, words: list[str]) -> None:
    assert splitter.split(tag) == words


def test_rare_words_are_not_known(splitter: HashtagSplitter) -> None:
    assert "rare" not in splitter.words


def test_a_long_tag_is_cut(splitter: HashtagSplitter) -> None:
    assert len("".join(splitter.split("#" + "su" * 5000))) <= 60
