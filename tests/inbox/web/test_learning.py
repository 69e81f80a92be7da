"""The classifier's page: what a chief sees of the models, and promotion in her name."""

from datetime import timedelta
from typing import Any

import pytest

from inbox.repositories import learning
from inbox.web.views.learning import percent, polyline
from models.learning import ModelFacts, ReplayVerdict
from models.tables import ModelComparison, ModelWeek
from tests.conftest import NOW
from tests.factories import City
from tests.inbox.web.conftest import LogIn

BEFORE = {
    "topic_accuracy": 0.9,
    "unit_accuracy": 0.91,
    "both_accuracy": 0.88,
    "auto_coverage": 0.7,
    "auto_precision": 0.97,
    "acil_recall": None,
}
NOW_BETTER = {**BEFORE, "both_accuracy": 0.925}
FIGURES: dict[str, Any] = {
    "n": 412,
    "gained": 30,
    "lost": 9,
    "champion": BEFORE,
    "challenger": NOW_BETTER,
    "weeks": [{"week": "2026-11-02", "n": 412, "champion": BEFORE, "challenger": NOW_BETTER}],
}


class Shelf:
    """Models that only exist by name."""

    def __init__(self, champion: str = "eski", challenger: str = "yeni", earlier: str = "") -> None:
        self.places = [champion, challenger, earlier]

    def _facts(self, place: int) -> ModelFacts | None:
        if not self.places[place]:
            return None
        return ModelFacts(
            version=self.places[place],
            texts=12000,
            corrections=340,
            corrections_until=NOW.isoformat(),
            trained_at=NOW.isoformat(),
        )

    champion = property(lambda self: self._facts(0))
    challenger = property(lambda self: self._facts(1))
    earlier = property(lambda self: self._facts(2))

    def promote(self, version: str) -> None:
        self.places = [version, "", self.places[0]]

    def back(self, version: str) -> None:
        self.places = [version, self.places[1], self.places[0]]


@pytest.fixture
def shelf(city: City) -> Shelf:
    city.desk.models = Shelf()
    return city.desk.models


async def compare(city: City, verdict: ReplayVerdict) -> None:
    span = {"since": NOW - timedelta(weeks=4), "until": NOW, "created_at": NOW}
    async with city.desk.database.write() as session:
        comparison = ModelComparison(champion="eski", challenger="yeni", verdict=verdict, figures=FIGURES, **span)
        await learning.add_comparison(session, comparison)


async def test_without_models_and_weeks_the_page_says_so(city: City, logged_in: LogIn) -> None:
    visitor = await logged_in("mudur")
    page = await visitor.get("/learning")
    assert "Şu anda aday yok" in page.text
    assert "Henüz sayılmış bir hafta yok" in page.text
    assert (await visitor.post("/learning/promote")).status_code == 404


async def test_an_agent_finds_no_way_there(logged_in: LogIn) -> None:
    assert "/learning" not in (await (await logged_in("elif")).get("/inbox")).text
    assert 'href="/learning"' in (await (await logged_in("mudur")).get("/inbox")).text


async def test_a_challenger_that_was_not_replayed_has_no_button(shelf: Shelf, logged_in: LogIn) -> None:
    visitor = await logged_in("mudur")
    text = (await visitor.get("/learning")).text
    assert "12.000 mesajla eğitildi, bunların 340 tanesi ekibin düzeltmesi" in text
    assert "Henüz karşılaştırılmadı" in text
    assert "Adayı çalıştır" not in text
    refused = await visitor.post("/learning/promote")
    assert refused.status_code == 409
    assert shelf.places[0] == "eski"


async def test_a_challenger_that_is_not_better_is_refused_with_the_reason(
    city: City, shelf: Shelf, logged_in: LogIn
) -> None:
    await compare(city, ReplayVerdict.MISSES_EMERGENCIES)
    visitor = await logged_in("yonetici")
    page, refused = await visitor.get("/learning"), await visitor.post("/learning/promote")
    assert "Adayı çalıştır" not in page.text
    for text in (page.text, refused.text):
        assert "acil mesajları kaçırıyor" in text
    assert (refused.status_code, shelf.places[0]) == (409, "eski")


async def test_promotion_and_the_way_back_stand_on_the_page(city: City, shelf: Shelf, logged_in: LogIn) -> None:
    await compare(city, ReplayVerdict.BETTER)
    visitor = await logged_in("mudur")
    text = (await visitor.get("/learning")).text
    for word in ("Adayı çalıştır", "sonuçlanan 412 mesaj", "%88,0", "%92,5", "02.11.2026"):
        assert word in text
    assert (await visitor.post("/learning/promote")).headers["location"] == "/learning"
    assert shelf.places == ["yeni", "", "eski"]
    text = (await visitor.get("/learning")).text
    assert "Müge Demir" in text
    assert "eski → yeni" in text
    assert "%88,0 yerine %92,5" in text
    await visitor.post("/learning/back")
    assert shelf.places == ["eski", "", "yeni"]
    assert "Önceki modele dönüldü." in (await visitor.get("/learning")).text


async def store_weeks(city: City) -> None:
    """Four weeks, of which the last one drifts."""
    async with city.desk.database.write() as session:
        for back in range(4):
            week = ModelWeek(
                began_at=NOW - timedelta(weeks=back),
                turns=150,
                confidence=0.9 - back / 100,
                auto=0.7,
                unknown_words=0.041,
                judged=40,
                topic_corrected=10,
                unit_corrected=4,
                alarms=["auto"] if back == 0 else [],
                counted_at=NOW,
            )
            await learning.put_week(session, week)


async def test_weeks_are_a_table_and_lines(city: City, logged_in: LogIn) -> None:
    await store_weeks(city)
    text = (await (await logged_in("mudur")).get("/learning")).text
    assert "Önceki haftalardan belirgin biçimde kötü: 23 Kasım haftası: Kendiliğinden yönlendirme" in text
    assert "10 / 40 (%25,0)" in text
    assert "%4,1" in text
    assert text.count("<polyline") == 5
    assert "(sürüyor)" in text


def test_a_line_needs_two_points() -> None:
    assert polyline([None, 0.5]) == ""
    assert polyline([0.0, None, 1.0]) == "0.0,30.0 160.0,2.0"
    assert polyline([0.5, 0.5]) == "0.0,30.0 160.0,30.0"


def test_shares_in_turkish() -> None:
    assert [percent(0.934), percent(None)] == ["%93,4", "–"]
