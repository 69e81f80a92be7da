"""The command bar's search: what the inbox finds for the same reader, and nothing else."""

import pytest

from tests.factories import City, route_to_units
from tests.inbox.web.conftest import LogIn


@pytest.mark.parametrize("words", ["HİM-2026-0000003", "0000003", "3", "690 gelmedi"])
async def test_an_application_is_found_by_its_number_or_words(city: City, logged_in: LogIn, words: str) -> None:
    found = (await (await logged_in("elif")).client.get("/commands", params={"q": words})).json()
    assert found[0]["text"] == "HİM-2026-0000003 · Otobüs seferi"
    assert found[0]["address"] == f"/applications/{city.applications['gizemlisokak']}"


async def test_nobody_finds_what_her_inbox_would_not_show(city: City, logged_in: LogIn) -> None:
    await route_to_units(city, "kerem_35")
    unit = await logged_in("izsu")
    assert (await unit.client.get("/commands", params={"q": "690"})).json() == []
    own = (await unit.client.get("/commands", params={"q": "rögar"})).json()
    assert [one["address"] for one in own] == [f"/applications/{city.applications['kerem_35']}"]
    assert (await (await logged_in("saha")).get("/commands?q=690")).status_code == 403


async def test_names_are_masked_and_no_words_find_nothing(logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    (found,) = (await elif_.client.get("/commands", params={"q": "salıncağın"})).json()
    assert "Mehmet A" in found["detail"]
    assert "Mehmet Akın" not in found["detail"]
    assert (await elif_.get("/commands?q=%20")).json() == []
