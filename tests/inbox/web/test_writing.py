"""Texts that are not sent yet, colleagues on the same application, ready-made texts, notes that name somebody."""

import re

from tests.factories import City, route_to_units
from tests.inbox.web.conftest import LogIn


async def test_what_is_written_waits_until_it_is_sent(city: City, logged_in: LogIn) -> None:
    elif_, burcu = await logged_in("elif"), await logged_in("burcu")
    address = f"/applications/{city.applications['deniz.kaya35']}"
    assert (await elif_.post(f"{address}/unsent", text="Ekip <b>yolda</b>")).status_code == 204
    page = await elif_.get(address)
    assert "Ekip &lt;b&gt;yolda&lt;/b&gt;</textarea>" in page.text
    assert "Gönderilmemiş metniniz" in page.text
    assert "Ekip &lt;b&gt;yolda" not in (await burcu.get(address)).text
    await elif_.post(
        f"{address}/answer", text="Ekip yolda", version=await elif_.version(city.applications["deniz.kaya35"])
    )
    assert "Gönderilmemiş metniniz" not in (await elif_.get(address)).text
    await route_to_units(city, "kerem_35")
    hers = f"/applications/{city.applications['kerem_35']}"
    assert (await (await logged_in("izsu")).post(f"{hers}/unsent", text="x")).status_code == 403


async def test_colleagues_are_seen_before_both_answer(city: City, logged_in: LogIn) -> None:
    elif_, burcu = await logged_in("elif"), await logged_in("burcu")
    address = f"/applications/{city.applications['deniz.kaya35']}"
    alone = (await elif_.post(f"{address}/here")).text
    assert "görüntülüyor" not in alone
    assert 'hx-trigger="every 10s"' in alone, "or the page would ask without end"
    assert 'hx-trigger="load, every 10s"' in (await elif_.get(address)).text
    assert "<b>Elif Aydın</b> da bu başvuruyu görüntülüyor" in (await burcu.post(f"{address}/here")).text
    await burcu.post(f"{address}/unsent", text="Merhaba")
    assert "<b>Burcu Kaya</b> yazıyor" in (await elif_.post(f"{address}/here")).text
    other = f"/applications/{city.applications['ege_bisiklet']}"
    assert (await (await logged_in("izsu")).post(f"{other}/here")).status_code == 404


async def test_a_ready_text_is_added_used_and_taken_away(city: City, logged_in: LogIn) -> None:
    elif_ = await logged_in("elif")
    address = f"/applications/{city.applications['deniz.kaya35']}"
    await elif_.post("/texts", shortcut="/Planlı Kesinti", title="Kesinti", text="Planlı bakım var.")
    page = await elif_.get(address)
    assert 'data-shortcut="planli-kesinti"' in page.text
    link = re.search(r'href="([^"]*ready=\d+[^"]*)"', page.text)
    assert link
    chosen = await elif_.get(link[1].replace("&amp;", "&"))
    assert "Planlı bakım var.</textarea>" in chosen.text
    assert "Hazır metin: Kesinti" in chosen.text
    assert "Planlı bakım var." not in (await (await logged_in("burcu")).get("/texts")).text
    change = re.search(r'action="(/texts/\d+)"', (await elif_.get("/texts")).text)
    assert change
    await elif_.post(change[1], shortcut="kesinti", title="Kesinti", text="Bakım <bitti>.")
    page = await elif_.get(address)
    assert 'data-shortcut="kesinti"' in page.text
    assert "Bakım &lt;bitti&gt;." in page.text
    remove = re.search(r'action="(/texts/\d+/remove)"', (await elif_.get("/texts")).text)
    assert remove
    await elif_.post(remove[1])
    assert "data-shortcut" not in (await elif_.get(address)).text


async def test_a_note_that_names_her_waits_in_her_list(city: City, logged_in: LogIn) -> None:
    elif_, burcu = await logged_in("elif"), await logged_in("burcu")
    address = f"/applications/{city.applications['kerem_35']}"
    answer = await elif_.post(f"{address}/note", text="@burcu bir bakar mısın <i>?</i>")
    assert "notice=noted_and_told" in answer.headers["location"]
    assert "Adınızın geçtiği notlar <b>1</b>" in (await burcu.get("/inbox")).text
    named = (await burcu.get("/mentions")).text
    assert address in named
    assert "@burcu bir bakar mısın &lt;i&gt;" in named
    await burcu.get(address)
    assert "Okumadığınız not yok." in (await burcu.get("/mentions")).text
    assert "Adınızın geçtiği notlar <b>" not in (await burcu.get("/inbox")).text
