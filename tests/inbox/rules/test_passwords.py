"""Long passwords that nobody guesses first are taken, with any characters; the others are refused with the reason."""

import pytest

from inbox.rules.passwords import COMMON, LONGEST, PERSONAL, RULE, check
from models.errors import InputError


@pytest.mark.parametrize(
    "password",
    [
        "mavi-vapur-35",
        "uzun ve gizli parola",
        "sarı kedi üç balkon",
        "çğıöşü ÇĞİÖŞÜ",
        "🙂 bulut 🙂 deniz",
        "x9k2m7p" * 18,
    ],
)
def test_long_ones_are_taken(password: str) -> None:
    check(password, names=("elif", "Elif Aydın"))


@pytest.mark.parametrize("password", ["", "kısa", "a" * 11, "deniz mavisi" * 11])
def test_length_has_two_ends(password: str) -> None:
    assert len(password) < 12 or len(password) > LONGEST
    with pytest.raises(InputError, match=RULE[:20]):
        check(password)


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Galatasaray1905!", "qwertyuiop12", "123456789012", "parolaparola1", "Deneme-1234.",
        "İzmir2026!!!!", "abcabcabcabc", "P@ssw0rd2026!", "Şifre123456!", "aaaaaaaaaaaaa", "mnbvcxzlkjhg",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(InputError, match=COMMON[:20]):
        check(password)


@pytest.mark.parametrize("password", ["elif ve deniz kenarı", "AYDIN bulut deniz 7"])
def test_it_must_not_name_its_owner(password: str) -> None:
    with pytest.raises(InputError, match=PERSONAL[:20]):
        check(password, names=("elif", "Elif Aydın"))
