"""The pages of Akıl Kutusu."""

import re

import httpx

from models.tables import Draft
from tests.factories import City
from tests.inbox.web.conftest import LogIn, Visitor

FORM = {
    "title": "Zeplin turu",
    "topic": "su_kesintisi",
    "unit": "izsu",
    "questions": "zeplin turu ne zaman\nzeplin bileti",
    "short": "Zeplin turu biletleri gişededir.",
    "long": "Zeplin turu biletleri gişeden alınır.",
    "source": "Birim yazısı",
    "valid_until": "2027-05-31",
}


async def save(visitor: Visitor, address: str, **changes: str) -> httpx.Response:
    return await visitor.post(address, **{**FORM, **changes})


async def test_an_article_is_written_changed_and_taken_out_of_use(logged_in: LogIn) -> None:
    """[İ17j, İ18l] By the lead, on one page; its earlier words stay readable."""
    lead = await logged_in("burcu")
    done = await save(lead, "/knowledge/new")
    address = done.headers["location"].partition("?")[0]
    assert address == "/knowledge/zeplin-turu"
    page = (await lead.get(address)).text
    first = revision_of(page)
    changed = await save(lead, address, long="Zeplin turu durdu.", revision=first)
    assert changed.status_code == 303
    assert (await save(lead, address, revision=first)).status_code == 409
    page = (await lead.get(address)).text
    assert "Zeplin turu durdu." in page
    assert "Zeplin turu biletleri gişeden alınır." in page.partition("Geçmiş")[2]
    await lead.post(f"{address}/retire", revision=revision_of(page))
    assert "kullanımdan kaldırıldı" in (await lead.get(address)).text
    assert address not in (await lead.get("/knowledge?q=zeplin")).text
    assert address in (await lead.get("/knowledge?retired=1")).text


def revision_of(page: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found[1]


async def test_what_is_refused_stands_in_the_form_again(logged_in: LogIn) -> None:
    """[İ19h] Somebody's number is named, nothing typed is lost."""
    lead = await logged_in("burcu")
    refused = await save(lead, "/knowledge/new", long="0532 123 45 67 numarasını arayınız.")
    assert refused.status_code == 422
    assert "kişisel veri durmaz: Telefon numarası: «0532 123 45 67»" in refused.text
    assert "numarasını arayınız.</textarea>" in refused.text
    assert (await save(lead, "/knowledge/new", valid_until="yarın")).status_code == 422
    assert (await save(lead, "/knowledge/new", valid_until="2020-01-01")).status_code == 422


async def test_an_agent_searches_and_reads(logged_in: LogIn) -> None:
    """[İ6a6, İ8a10] Without the buttons of those who write."""
    agent = await logged_in("elif")
    page = (await agent.get("/knowledge?q=çöp+konteyneri")).text
    found = re.search(r'href="(/knowledge/[a-z0-9-]*konteyner[a-z0-9-]*)"', page)
    assert found
    assert "/knowledge/new" not in page
    page = (await agent.get(found[1])).text
    assert "Vatandaşın soruları" in page
    assert "<textarea" not in page
    assert (await agent.get("/knowledge/yok")).status_code == 404
    assert "bulunamadı" in (await agent.get("/knowledge?q=xyzzy")).text
    assert 'href="/knowledge"' in (await agent.get("/inbox")).text


async def test_gaps_lead_to_a_new_article(city: City, logged_in: LogIn) -> None:
    """[İ17j, İ18l] Counted by topic, with messages; the topic is chosen already."""
    key = city.applications["gizemlisokak"]
    async with city.desk.database.write() as session:
        session.add(Draft(application_id=key, created_at=city.desk.clock.now()))
    lead = await logged_in("burcu")
    page = (await lead.get("/knowledge/gaps")).text
    assert f'href="/applications/{key}"' in page
    found = re.search(r"/knowledge/new\?topic=(\w+)", page)
    assert found
    assert f'<option value="{found[1]}" selected>' in (await lead.get(found[0])).text
