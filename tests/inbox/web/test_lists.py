"""Many applications at once, kept views and the list as a file, through the pages."""

import re

from inbox.web.numbers import Numbers
from tests.factories import City
from tests.inbox.web.conftest import LogIn


async def test_many_are_closed_and_given_back_without_script(city: City, logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    ids = [city.applications[name] for name in ("deniz.kaya35", "kerem_35")]
    page = await elif_.get("/inbox?view=all")
    assert all(f'name="pick-{key}"' in page.text for key in ids)
    answer = await elif_.post(
        "/inbox/bulk?view=all", verb="close", outcome="mukerrer", **{f"pick-{key}": "on" for key in ids}
    )
    assert answer.status_code == 303
    page = await elif_.get(answer.headers["location"])
    assert "2 başvuru güncellendi." in page.text
    assert not any(f'name="pick-{key}"' in page.text for key in ids)
    back = re.search(r'action="(/inbox/bulk/\d+/undo[^"]*)"', page.text)
    assert back
    answer = await elif_.post(back[1].replace("&amp;", "&"))
    page = await elif_.get("/inbox?view=all")
    assert all(f'name="pick-{key}"' in page.text for key in ids)


async def test_a_mistake_says_what_is_missing(logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    for fields, words in (
        ({"verb": "take"}, "en az bir başvuru seçiniz"),
        ({"verb": "dance", "pick-1": "on"}, "bir işlem seçiniz"),
        ({"verb": "snooze", "days": "90", "pick-1": "on"}, "1 ile 29 gün"),
    ):
        answer = await elif_.post("/inbox/bulk", **fields)
        assert answer.status_code == 422
        assert words in answer.text


async def test_a_list_is_kept_counted_and_taken_away(city: City, logged_in: LogIn) -> None:
    elif_, burcu = await logged_in("elif"), await logged_in("burcu")
    await elif_.post("/views?view=all&unit=izsu", name="İZSU bekleyen")
    page = await elif_.get("/inbox")
    found = re.search(r'<a href="(/inbox\?[^"]*unit=izsu[^"]*)"[^>]*>İZSU bekleyen <b>(\d+)</b>', page.text)
    assert found
    listed = await elif_.get(found[1].replace("&amp;", "&"))
    assert listed.text.count('id="row-a') == int(found[2]) > 0
    assert "İZSU bekleyen" not in (await burcu.get("/inbox")).text
    kept = await elif_.get("/views")
    remove = re.search(r'action="(/views/\d+/remove)"', kept.text)
    assert remove
    link = f'<a class="link" href="{found[1]}">'
    assert f"{link}İZSU bekleyen</a> <b>{found[2]}</b>" in kept.text
    await elif_.post(remove[1].replace("remove", "rename"), name="İZSU'da bekleyen")
    assert f"{link}İZSU&#39;da bekleyen</a>" in (await elif_.get("/views")).text
    assert (await burcu.post(remove[1])).status_code == 404
    await elif_.post(remove[1])
    assert "İZSU bekleyen" not in (await elif_.get("/inbox")).text


async def test_the_file_is_the_list(city: City, logged_in: LogIn) -> None:
    elif_, unit = await logged_in("elif"), await logged_in("izsu")
    answer = await elif_.post("/inbox/export?view=everything")
    assert answer.headers["content-disposition"].startswith('attachment; filename="basvurular-')
    assert answer.text.count("HİM-2026-") == len(city.applications)
    assert (await unit.post("/inbox/export?view=everything")).status_code == 403


async def test_numbers_are_counted_once_until_something_changes(city: City, logged_in: LogIn, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("inbox.web.numbers.KEPT", 600.0)
    elif_ = await logged_in("elif")
    numbers: Numbers = elif_.client._transport.app.state.numbers  # type: ignore[attr-defined]
    await elif_.get("/inbox")
    counted = dict(numbers._kept)
    await (await logged_in("burcu")).get("/inbox")
    assert len(numbers._kept) == len(counted) + 1, "both see the whole desk; what waits for her is her own"
    assert {key: numbers._kept[key] for key in counted} == counted
    numbers.void()
    await elif_.get("/inbox")
    assert all(numbers._kept[key] != kept for key, kept in counted.items())
