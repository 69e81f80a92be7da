"""The approval desk's page: one opened, its differences and findings in the text, the next one after each decision."""

import re

from inbox.services import organisation
from models.tables import Draft, Setting
from tests.factories import City
from tests.inbox.web.conftest import LogIn
from tests.inbox.web.test_process import register, step, waiting
from tests.process_bench import Bench, process_bench

MISTAKEN = "Herkez susuz, bir şey yapılmalı."


async def queue_of(city: City, *briefs: str) -> tuple[Bench, list[int]]:
    """Calls that wait for approval; the ids of their submissions in order."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    found = []
    for number, brief in enumerate(briefs):
        key = await bench.register(phone=f"0533 111 22 {number:02}")
        await bench.submit(key, brief=brief)
        found.append(await waiting(city, key))
    return bench, found


async def test_the_first_is_opened_and_the_queue_is_counted(city: City, logged_in: LogIn) -> None:
    _, (first, second, _) = await queue_of(city, "Bir.", "İki.", "Üç.")
    onay = await logged_in("onay")
    page = (await onay.get("/approvals")).text
    assert ">3 kayıt<" in page
    assert f'id="one-{first}"' in page
    assert f'id="one-{second}"' in (await onay.get(f"/approvals?open={second}")).text
    assert f'id="one-{first}"' in (await onay.get("/approvals?open=999999")).text


async def test_after_a_decision_the_next_one_is_opened(city: City, logged_in: LogIn) -> None:
    """At the front whatever is first now, so that an emergency is not passed over; else the one behind."""
    _, (first, second, third) = await queue_of(city, "Bir.", "İki.", "Üç.")
    onay = await logged_in("onay")
    page = (await onay.get(f"/approvals?open={second}")).text
    following = re.search(r'name="following" value="(\d+)"', page)
    assert following
    assert int(following[1]) == third
    done = await onay.post(f"/approvals/{second}/approve", text="İki.", following=third)
    assert done.headers["location"] == f"/approvals?notice=approved&open={third}"
    assert 'name="following"' not in (await onay.get("/approvals")).text
    back = await onay.post(f"/approvals/{first}/reject", reason="Eksik.")
    assert back.headers["location"] == "/approvals?notice=rejected"
    assert f'id="one-{third}"' in (await onay.get(back.headers["location"])).text


async def test_findings_stand_at_their_words(city: City, logged_in: LogIn) -> None:
    """[İ7ç2, İ8b2] The sentence is at the word that is meant, readable without colour."""
    await queue_of(city, MISTAKEN)
    page = (await (await logged_in("onay")).get("/approvals")).text
    assert re.search(r'<mark>Herkez</mark> <small class="said">Yazım: [^<]+</small>', page)


async def test_what_changed_since_it_was_given_back_is_seen(city: City, logged_in: LogIn) -> None:
    elif_, onay = await logged_in("elif"), await logged_in("onay")
    key = await register(elif_)
    await step(elif_, key, "submit", text="Sokakta su yok.")
    await onay.post(f"/approvals/{await waiting(city, key)}/reject", reason="Hangi sokak?")
    await step(elif_, key, "submit", text="1740 Sokakta su yok.")
    page = (await onay.get("/approvals")).text
    assert "Karşılaştırılan: önceki gönderim." in page
    assert '<ins><span class="vh">eklendi: </span>1740' in page


async def test_an_answer_stands_beside_its_draft(city: City, logged_in: LogIn) -> None:
    """[İ8b2] The draft of Akıl Kutusu is what it is compared with, in the form that was used."""
    key = city.applications["gizemlisokak"]
    async with city.desk.database.write() as session:
        (await session.get_one(Setting, organisation.rows.APPROVES_REPLIES)).value = True
        session.add(
            Draft(application_id=key, article_id="a", article_title="Sefer", score=1, created_at=city.desk.clock.now(),
                  short_text="Seferler yarın başlar.", long_text="Uzun uzun anlatılan başka bir metin.")
        )  # fmt: skip
    elif_, onay = await logged_in("elif"), await logged_in("onay")
    await elif_.post(f"/applications/{key}/answer", version=await elif_.version(key), text="Seferler bugün başlar.")
    page = (await onay.get("/approvals")).text
    assert "Karşılaştırılan: Akıl Kutusu taslağı." in page
    assert '<del><span class="vh">çıkarıldı: </span>yarın</del>' in page
    assert "Uzun uzun" not in page


async def test_corrected_labels_stand_beside_the_classifiers(city: City, logged_in: LogIn) -> None:
    key = city.applications["Mehmet Akın"]
    elif_, onay = await logged_in("elif"), await logged_in("onay")
    labels = {"kind": "sikayet", "topic": "su_kesintisi", "unit": "izsu", "urgency": "normal", "district": "Karabağlar"}
    await elif_.post(f"/applications/{key}/correct", version=await elif_.version(key), **labels)
    await step(elif_, key, "submit", text="Parkta su yok.")
    page = (await onay.get("/approvals")).text
    assert re.search(r"<dt>Birim</dt><dd><del>.*Karabağlar Belediyesi</del> <ins>.*İZSU", page)
