"""The count of characters against twitter-text's own rules, and against another implementation of them."""

import importlib
import random
import sys
import types
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from connectors.twitter.weight import weighted_length, without_urls
from models.splitting import split_text

SCENARIOS = Path(__file__).parents[3] / "profiles/izmir/scenarios"
ADDRESS = "https://www.izmir.bel.tr/tr/Duyurular/123?sayfa=2&dil=tr"
WORDS = (
    *("merhaba", "İzmir", "ğüşıöç", "Başvurunuz", "alındı.", "numaralı.Başvuru", "HİM-2026-0000001", "09.30", "5.000"),
    *("T.C.", "sok.No:5", "Av.Dr.Ali", "a@b.com", "#konak.com", "@ali.com", "😀", "👨‍👩‍👧", "🇹🇷", "❤️", "©", "…", "₺"),
    *(
        "“tırnak”",
        "–",
        "½",
        "I\u0307zmir",
        "日本語",
        "✊🏿",
        "1️⃣",
        "™",
        "izmir.bel.tr",
        "www.eshot.gov.tr/hat/515.",
        "çiğ.com.tr",
    ),
    *(
        "(https://a.com/b)",
        "bit.ly/abc",
        "foo.zip",
        "http://x",
        "x.com/ş,",
        "e-belediye.izmir.bel.tr/giris?x=1#y",
        ADDRESS,
    ),
)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("ığüşöçİĞÜŞÖÇ", 12),
        ("ı" * 280, 280),
        ("I\u0307" * 10, 10),
        ("…₺", 4),
        ("😀", 2),
        ("👨‍👩‍👧", 2),
        ("🇹🇷", 2),
        ("日本", 4),
        (ADDRESS, 23),
        (f"bkz. {ADDRESS}.", 29),
        ("izmir.bel.tr", 23),
        ("a@izmir.bel.tr", 14),
        ("https://t.co/a1b2c3d4e5'ten", 27),
        ("https://t.co/a1b2c3d4e5?s=20 http://t.co/x", 47),
        ("HİM-2026-0000001", 16),
    ],
)
def test_weight(text: str, weight: int) -> None:
    assert weighted_length(text) == weight


def test_addresses_are_taken_out() -> None:
    assert without_urls(f"bkz. {ADDRESS} ve izmir.bel.tr").split() == ["bkz.", "ve"]


def test_pieces_fit() -> None:
    text = f"Sayın hemşehrimiz 😀 ayrıntılar {ADDRESS} adresinde. " * 20
    pieces = split_text(text, limit=280, measure=weighted_length)
    assert all(weighted_length(piece) <= 280 for piece in pieces)
    assert len(pieces) < 8


@pytest.fixture(scope="module")
def reference() -> Callable[[str], int]:
    """twitter-text-parser reads one data file through `pkg_resources`, which newer setuptools have dropped."""
    if find_spec("twitter_text") is None:
        pytest.skip("twitter-text-parser is not installed")
    missing = "pkg_resources" not in sys.modules and find_spec("pkg_resources") is None
    if missing:
        sys.modules["pkg_resources"] = _data_files()
    try:
        parse = importlib.import_module("twitter_text").parse_tweet
    finally:
        if missing:
            del sys.modules["pkg_resources"]
    return lambda text: parse(text).weightedLength


def _data_files() -> types.ModuleType:
    def resource_string(module: str, name: str) -> bytes:
        return (Path(sys.modules[module].__file__ or "").parent / name).read_bytes()

    stand_in = types.ModuleType("pkg_resources")
    stand_in.resource_string = resource_string  # type: ignore[attr-defined]
    return stand_in


def test_same_as_another_implementation(reference: Callable[[str], int]) -> None:
    seeded = random.Random(11)
    for _ in range(600):
        text = " ".join(seeded.choice(WORDS) for _ in range(seeded.randint(1, 5)))
        assert weighted_length(text) >= reference(text), text
        if "日本語" not in text:
            assert weighted_length(text) == reference(text), text


def test_same_on_what_citizens_write(reference: Callable[[str], int]) -> None:
    texts = [
        line.get("text", "")
        for path in SCENARIOS.glob("*.yaml")
        for scenario in yaml.safe_load(path.read_text(encoding="utf-8"))
        for line in scenario["messages"]
    ]
    assert [text for text in texts if weighted_length(text) != reference(text)] == []
