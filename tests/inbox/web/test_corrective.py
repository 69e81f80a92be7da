"""The pages of corrective and preventive actions."""

import re
from datetime import timedelta

from sqlmodel import select

from models.tables import CorrectiveAction
from tests.factories import City
from tests.inbox.web.conftest import LogIn


async def test_a_form_goes_its_way_on_the_pages(city: City, logged_in: LogIn) -> None:
    """[İ8a12, İ9a9] Prepared by an agent, late until it is done, closed by quality."""
    agent, quality = await logged_in("elif"), await logged_in("kalite")
    made = await agent.post("/corrective", kind="preventive", text="Gece vardiyasında taslaklar okunmuyor.")
    address = made.headers["location"].partition("?")[0]
    assert "neden ve faaliyet bekliyor" in (await quality.get("/corrective")).text
    day = city.desk.clock.now().date() + timedelta(days=2)
    refused = (await agent.post(f"{address}/plan", cause="Nöbet listesi eksik.", remedy=" ", date=day)).text
    assert "Nöbet listesi eksik.</textarea>" in refused
    assert f'value="{day}"' in refused
    assert re.search(
        r'id="remedy"[^>]*aria-describedby="wrong".*</textarea><p class="problem"[^>]*>Faaliyeti yazınız', refused
    )
    await agent.post(f"{address}/plan", cause="Nöbet listesi eksik.", remedy="Liste tamamlanacak.", date=day)
    assert f"Bitecek gün: {day:%d.%m.%Y}" in (await agent.get(address)).text
    assert f"{address}/close" not in (await agent.get(address)).text
    async with city.desk.database.write() as session:
        (await session.exec(select(CorrectiveAction))).one().due_on = day - timedelta(days=9)
    assert "1 gecikmiş" in (await quality.get("/corrective")).text
    refused = await quality.post(f"{address}/close", result="Bakıldı.")
    assert refused.status_code == 422
    assert 'aria-describedby="wrong"' not in refused.text
    assert "Bakıldı.</textarea>" in refused.text
    await quality.post(f"{address}/close", effective="no", result="Liste yine eksikti.")
    page = (await quality.get("/corrective")).text
    assert "etkili olmadı, kapandı" in page.partition("Kapananlar")[2]
    assert "Liste yine eksikti." in (await agent.get(address)).text
