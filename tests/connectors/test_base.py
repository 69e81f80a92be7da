"""Splitting by each platform's own measure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import utf8_bytes, utf16_units
from models.splitting import split_text

LONG = "Şikâyetiniz İZSU ekiplerine iletilmiştir, çalışma sürmektedir. " * 20


def test_a_text_that_fits_is_left_alone() -> None:
    assert split_text("kısa", limit=280, measure=len) == ["kısa"]


@pytest.mark.parametrize("measure", [len, utf8_bytes, utf16_units])
@pytest.mark.parametrize("limit", [100, 280, 1000])
def test_pieces_fit_are_numbered_and_end_at_words(measure, limit: int) -> None:
    pieces = split_text(LONG, limit=limit, measure=measure)
    assert all(measure(piece) <= limit for piece in pieces)
    assert [piece.rsplit(" ", 1)[1] for piece in pieces] == [f"({n}/{len(pieces)})" for n in range(1, len(pieces) + 1)]
    words = [word for piece in pieces for word in piece.rsplit(" ", 1)[0].split()]
    assert words == LONG.split()


def test_turkish_letters_count_two_bytes() -> None:
    assert utf8_bytes("ş" * 500) == 1000
    assert utf16_units("🙂") == 2


@given(st.text(max_size=400), st.integers(min_value=30, max_value=120))
def test_nothing_is_lost_and_every_piece_fits(text: str, limit: int) -> None:
    pieces = split_text(text, limit=limit, measure=utf8_bytes)
    assert all(utf8_bytes(piece) <= limit for piece in pieces)
    if len(pieces) > 1:
        kept = "".join(piece.rsplit(" ", 1)[0] for piece in pieces)
        assert "".join(kept.split()) == "".join(text.split())
