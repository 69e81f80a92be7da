"""The list: views, filters, search, pages, what is new, and what stands in it when there is nothing."""

import re

import pytest

from inbox.repositories import inbox_list
from models.enums import ChannelName
from tests.factories import City, play
from tests.inbox.web.conftest import LogIn, Visitor
from tests.scenes import Scene


@pytest.fixture
async def elif_(logged_in: LogIn) -> Visitor:
    return await logged_in("elif")


def names(city: City, text: str) -> list[str]:
    """Citizens of the rows, in order."""
    by_id = {str(key): name for name, key in city.applications.items()}
    return [by_id[key] for key in re.findall(r'id="row-a(\d+)"', text)]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/inbox?view=urgent", ["Hatice Demir"]),
        ("/inbox?view=mine", ["Fatma Şahin", "deniz.kaya35"]),
        ("/inbox?view=today", ["Halil İbrahim Uçar"]),
        ("/inbox?view=week", ["Halil İbrahim Uçar", "Fatma Şahin"]),
        ("/inbox?view=answered", ["Ayşe Nur Yıldız"]),
        ("/inbox?view=closed", ["ege_bisiklet"]),
        ("/inbox?view=review", ["Mehmet Akın", "Cem Öz"]),
        ("/inbox?channel=twitter", ["gizemlisokak", "kerem_35"]),
        ("/inbox?topic=su_kesintisi", ["deniz.kaya35"]),
        ("/inbox?unit=izsu&sort=old", ["kerem_35", "deniz.kaya35"]),
        ("/inbox?district=Karabağlar", ["Mehmet Akın"]),
        ("/inbox?urgency=yuksek", ["deniz.kaya35", "Zeynep Koç", "kerem_35"]),
        ("/inbox?view=everything&state=closed", ["ege_bisiklet"]),
        ("/inbox?q=%F0%9F%8C%8A", []),
        ("/inbox?q=4", []),
        ("/inbox?q=0000004", ["Mehmet Akın"]),
        ("/inbox?q=HİM-2026-0000004", ["Mehmet Akın"]),
        ("/inbox?q=SALINCAĞIN", ["Mehmet Akın"]),
        ("/inbox?q=salincag", ["Mehmet Akın"]),
        ("/inbox?q=bisiklet+tesek", ["ege_bisiklet"]),
        ("/inbox?q=deniz+kaya", ["deniz.kaya35"]),
        ("/inbox?view=nonsense&sort=nonsense&channel=nonsense&topic=yok", []),
    ],
)
async def test_views_filters_and_search(city: City, elif_: Visitor, address: str, expected: list[str]) -> None:
    response = await elif_.get(address)
    assert response.status_code == 200
    found = names(city, response.text)
    assert found == expected or (address.endswith("q=4") and "Mehmet Akın" in found)


async def test_the_first_list_has_emergencies_on_top_then_the_newest(city: City, elif_: Visitor) -> None:
    found = names(city, (await elif_.get("/inbox")).text)
    assert found[:3] == ["Hatice Demir", "deniz.kaya35", "gizemlisokak"]
    assert "ege_bisiklet" not in found


async def test_names_are_found_only_by_those_who_may_see_them(city: City, logged_in: LogIn) -> None:
    assert names(city, (await (await logged_in("elif")).get("/inbox?q=hatice")).text) == ["Hatice Demir"]
    assert not names(city, (await (await logged_in("onay")).get("/inbox?q=hatice")).text)


async def test_pages_follow_each_other_without_gap_or_repeat(
    city: City, elif_: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = names(city, (await elif_.get("/inbox?view=all")).text)
    monkeypatch.setattr(inbox_list, "PAGE", 3)
    for view, sort, expected in (
        ("all", "due", waiting),
        ("everything", "new", city.applications),
        ("everything", "old", city.applications),
    ):
        whole, address = [], f"/inbox?view={view}&sort={sort}"
        while address:
            text = (await elif_.get(address, part=True)).text
            whole += names(city, text)
            found = re.search(r'class="btn wide" href="([^"]+)"', text)
            address = found[1].replace("&amp;", "&") if found else ""
        assert sorted(whole) == sorted(expected)


async def test_what_is_closed_has_no_limit_to_stand_by(city: City, elif_: Visitor) -> None:
    """An old link that asks for it opens with the newest first."""
    by_limit = await elif_.get("/inbox?view=everything&sort=due")
    assert names(city, by_limit.text) == names(city, (await elif_.get("/inbox?view=everything&sort=new")).text)
    assert "Süresi en yakın" not in by_limit.text
    assert "En eski" in by_limit.text
    assert "Süresi en yakın" in (await elif_.get("/inbox")).text


async def test_a_place_that_makes_no_sense(elif_: Visitor) -> None:
    response = await elif_.get("/inbox?after=xyz")
    assert response.status_code == 422
    assert "listeyi baştan açınız" in response.text


async def test_new_messages_are_counted_and_move_nothing(city: City, elif_: Visitor) -> None:
    page = (await elif_.get("/inbox?view=all")).text
    found = re.search(r'hx-get="(/inbox/fresh[^"]+)"', page)
    assert found
    address = found[1].replace("&amp;", "&")
    assert "yeni mesaj" not in (await elif_.get(address, part=True)).text
    for number in (1, 2):
        scene = Scene(channel=ChannelName.TELEGRAM, who=f"Yeni {number}", texts=["çukur var"], minutes=0,
                      topic="yol_bozuk", unit="fen_isleri")  # fmt: skip
        await play(city, scene, number=80 + number)
    fresh = (await elif_.get(address, part=True)).text
    assert "2 yeni mesaj · göster" in fresh
    assert "Bekleyenler <b>14</b>" in fresh
    assert "Yeni 1" not in fresh
    other = address.replace("view=all", "view=urgent")
    assert "yeni mesaj" not in (await elif_.get(other, part=True)).text


async def test_the_list_alone_for_htmx(elif_: Visitor) -> None:
    text = (await elif_.get("/inbox?sort=new", part=True)).text
    assert 'id="list"' in text
    assert 'id="rail"' in text
    assert "<html" not in text


async def test_after_the_browsers_way_back_comes_the_whole_page(elif_: Visitor) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in (await elif_.client.get("/applications/2", headers=headers)).text


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/inbox?q=bulunmaz", "Bu aramaya uyan başvuru yok."),
        ("/inbox?view=urgent&channel=telegram", "Bu aramaya uyan başvuru yok."),
    ],
)
async def test_an_empty_list_says_what_to_do(elif_: Visitor, address: str, words: str) -> None:
    assert words in (await elif_.get(address)).text


async def test_empty_views_say_what_will_appear(logged_in: LogIn) -> None:
    assert "Üzerime al" in (await (await logged_in("nobet")).get("/inbox?view=mine")).text


async def test_people_without_a_list_are_told_whom_to_ask(logged_in: LogIn) -> None:
    response = await (await logged_in("saha")).get("/inbox")
    assert response.status_code == 403
    assert "yöneticinize başvurunuz" in response.text
    assert "Çıkış yap" in response.text


async def test_health_answers_strangers(stranger: Visitor) -> None:
    response = await stranger.get("/health")
    assert response.json() == {"status": "ok"}
