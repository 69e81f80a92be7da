"""One fold for the whole project."""

import pytest

from models.turkish import alphabetical, clean, fold, skeleton


@pytest.mark.parametrize(
    ("text", "folded", "ascii_text"),
    [
        ("İZMİR", "izmir", "izmir"),
        ("IŞIK", "ışık", "isik"),
        ("I\u0307ZSU", "izsu", "izsu"),
        ("Karşıyaka", "karşıyaka", "karsiyaka"),
        ("s\u0327oför", "şoför", "sofor"),
        ("ĞÜÖÇ", "ğüöç", "guoc"),
        ("hâlâ", "hâlâ", "hala"),
        ("", "", ""),
    ],
)
def test_fold_and_skeleton(text: str, folded: str, ascii_text: str) -> None:
    assert fold(text) == folded
    assert skeleton(text) == ascii_text


def test_folding_twice_changes_nothing() -> None:
    text = "ÇĞİIÖŞÜ çğıiöşü"
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) == len(text)


def test_clean_removes_what_nobody_sees() -> None:
    assert clean(" su\u200b  yok\n\u202ehâlâ ") == "su yok hâlâ"


def test_names_stand_in_the_order_of_the_alphabet() -> None:
    names = ["Zeynep", "Şule", "İzzet", "Çiğdem", "Selim", "Irmak", "Cem", "Ümit", "Halil", "Jale", "Demir"]
    told = ["Cem", "Çiğdem", "Demir", "Halil", "Irmak", "İzzet", "Jale", "Selim", "Şule", "Ümit", "Zeynep"]
    assert sorted(names, key=alphabetical) == told
