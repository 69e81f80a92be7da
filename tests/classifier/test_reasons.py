"""The words that an agent is shown: telling ones, in the citizen's spelling, heaviest first."""

import numpy as np

from classifier.features import Vectoriser
from classifier.places import Found
from classifier.reasons import reasons, with_places
from classifier.text import Reader

_TEXTS = ["Lütfen ROGAR kapağı yok", "lütfen rogar kapağı açık", "merhaba otobüs yok", "merhaba otobüs gelmedi"]


def _shown(text: str) -> tuple[str, ...]:
    reader = Reader()
    vectoriser = Vectoriser(least_texts=1).fit(reader.read(_TEXTS))
    weights = np.ones((len(vectoriser.columns), 1), dtype=np.float32)
    return reasons(reader.read([text]), np.array([0]), weights, vectoriser)[0]


def test_words_in_the_citizens_spelling_without_courtesies() -> None:
    shown = _shown("Lütfen ROGAR kapağı yok")
    assert set(shown) == {"ROGAR", "kapağı"}


def test_a_text_of_small_words_shows_them() -> None:
    assert _shown("yok lütfen") != ()


def test_no_tokens_no_reasons() -> None:
    assert _shown("") == ()


def test_places_stand_last_and_are_not_said_twice() -> None:
    reading = Reader().read(["Buca çöp dolu"])[0]
    assert with_places(["Buca", "çöp"], reading, Found("Buca", None, ((0, 0),))) == ("çöp", "Buca")
