"""A survey agent's day: nobody reached, no wish to talk, a talk that brings up a new matter and a look on the spot."""

from playwright.async_api import expect
from sqlmodel import select

from inbox.services import applications, surveys
from models.enums import Outcome, SurveyState
from models.tables import Application, Survey
from tests.e2e.conftest import Enter
from tests.e2e.deeds import card, go, told
from tests.factories import City
from tests.process_bench import process_bench


async def closed_applications(city: City, count: int) -> list[Application]:
    """Closed a day ago, so that their citizens are asked today."""
    bench = await process_bench(city.desk.database, city.desk.profile, known=city.users)
    keys = [await bench.register(phone=f"0533 111 22 3{place}", name=f"Vatandaş {place}") for place in range(count)]
    now = city.desk.clock.now()
    async with city.desk.database.write() as session:
        await surveys.set_share(session, city.actor("burcu"), percent=100)
        found = [await bench.read(session, key, "elif") for key in keys]
        for one in found:
            one.answered_at = now
            await applications.close(
                session, one, city.actor("elif"), outcome=Outcome.POSITIVE, seen_version=one.version, now=now
            )
        await session.flush()
        await surveys.make(session, now=now)
    city.desk.clock.advance(days=1, minutes=1)
    return found


async def test_three_talks(enter: Enter, city: City) -> None:
    """[İ6a12, İ7d2, İ7d3, İ7d5]"""
    away, unwilling, unhappy = await closed_applications(city, 3)
    anket = await enter("anket")
    await card(anket, away.number).get_by_role("button", name="Ulaşılamadı").click()
    await told(anket, "Değişiklik kaydedildi.")
    await card(anket, unwilling.number).get_by_role("button", name="Görüşmek istemedi").click()
    await expect(card(anket, unwilling.number)).to_have_count(0)
    talk = card(anket, unhappy.number)
    await talk.get_by_label("2", exact=True).check()
    await talk.get_by_label("Hayır").check()
    await talk.get_by_label("Not", exact=True).fill("Su hâlâ kesiliyor.")
    await talk.get_by_label("Yeni bir şikâyet").fill("Sokağın öbür ucunda da su yok.")
    await talk.get_by_label("Yerinde tespit istensin mi?").fill("Vatandaş işin yapılmadığını söylüyor.")
    await talk.get_by_role("button", name="Kaydet").click()
    await told(anket, "Değişiklik kaydedildi.")
    await expect(card(anket, unhappy.number)).to_have_count(0)
    await go(anket, "Yerinde tespit")
    await expect(card(anket, unhappy.number)).to_contain_text("Vatandaş işin yapılmadığını söylüyor.")
    async with city.desk.database.read() as session:
        (new,) = (await session.exec(select(Application).where(Application.linked_to_id == unhappy.id))).all()
        states = (await session.exec(select(Survey.state).order_by(Survey.application_id))).all()
    assert new.citizen_id == unhappy.citizen_id
    assert states[-3:] == [SurveyState.WAITING, SurveyState.REFUSED, SurveyState.DONE]
    city.desk.clock.advance(days=1)
    tomorrow = await enter("anket")
    await expect(card(tomorrow, away.number)).to_contain_text("1 kez denendi")
