"""District and neighbourhood in citizens' spelling; what is no place; what stays open."""

import pytest

from classifier.gazetteer import Gazetteer
from classifier.places import Found, PlaceFinder
from classifier.text import Reader
from models.profile import load_profile


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(Gazetteer(load_profile("izmir")))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def _find(finder: PlaceFinder, reader: Reader, text: str) -> Found:
    return finder.find(reader.read([text])[0])


@pytest.mark.parametrize(
    ("text", "district", "neighbourhood"),
    [
        ("karsiyakada su yok", "Karşıyaka", None),
        ("Bornovanın yolları", "Bornova", None),
        ("KARŞIYAKA'DA elektrik yok", "Karşıyaka", None),
        ("evka 3te otobüs gelmiyor", "Bornova", "Evka 3"),
        ("kazımdirikte çukur var", "Bornova", "Kazımdirik"),
        ("Buca’da çöp birikti", "Buca", None),
        ("#karsiyaka sahilde çöp", "Karşıyaka", None),
        ("@konakbelediye kaldırım bozuk", "Konak", None),
        ("Bayraklı Adalet Mahallesi'nde koku var", "Bayraklı", "Adalet"),
        ("bucada cumhuriyet mahallesi çöp", "Buca", "Cumhuriyet"),
        ("çeşme merkezde park yeri yok", "Çeşme", None),
        ("konak iskelesinde tuvalet kapalı", "Konak", None),
        ("konak basmanede kaldırım kırık", "Konak", None),
        ("alaçatı meydandaki park", "Çeşme", "Alaçatı"),
    ],
)
def test_names_with_suffixes(
    finder: PlaceFinder, reader: Reader, text: str, district: str, neighbourhood: str | None
) -> None:
    found = _find(finder, reader, text)
    assert (found.district, found.neighbourhood) == (district, neighbourhood)


@pytest.mark.parametrize(
    "text",
    [
        "Menemen otobüsü yine gelmedi",
        "konaktan cigliye otobus var mi",
        "Torbalı Selçuk arası sefer saatleri",
        "emekliyim indirim var mı",
        "çift sıra park ediyorlar",
        "cesmeden akan su bulanık",
        "Ankara Kızılay'da oturuyorum",
        "Zafer caddesinde kaza var",
        "yeni otobüsler çok güzel",
        "kent lokantasında çeşit az",
    ],
)
def test_what_is_no_place(finder: PlaceFinder, reader: Reader, text: str) -> None:
    assert _find(finder, reader, text) == Found()


def test_ambiguous_neighbourhood_leaves_the_district_open(finder: PlaceFinder, reader: Reader) -> None:
    found = _find(finder, reader, "Atatürk Mahallesi'nde elektrik yok")
    assert found.neighbourhood == "Atatürk"
    assert found.district is None


def test_the_named_district_settles_an_ambiguous_neighbourhood(finder: PlaceFinder, reader: Reader) -> None:
    found = _find(finder, reader, "Aliağa Atatürk Mahallesi'nde elektrik yok")
    assert (found.district, found.neighbourhood) == ("Aliağa", "Atatürk")
    assert len(found.spans) == 2
