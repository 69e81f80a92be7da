"""Full text over applications, on both databases."""

from dataclasses import replace

from sqlmodel import select

from inbox.repositories import search
from inbox.services import erasure
from models.clock import StillClock
from models.db import Database
from models.profile import Profile
from models.tables import Application, Message
from tests.builders import set_up
from tests.conftest import NOW
from tests.factories import City, make_desk, play
from tests.scenes import SCENES


async def filled(database: Database, profile: Profile) -> City:
    city = City(desk=make_desk(database, profile=profile, clock=StillClock(NOW)))
    channels = list(dict.fromkeys(scene.channel for scene in SCENES))
    await set_up(database, NOW, *channels)
    for number, scene in enumerate(SCENES[:5]):
        await play(city, scene, number=number)
    return city


async def found(database: Database, text: str, *, names: bool = False) -> list[str]:
    async with database.read() as session:
        words = search.words_of(text)
        hits = select(search.newest(session, words, names=names).c.rowid)
        query = select(Application.number).where(Application.id.in_(hits))
        return [number[-1] for number in (await session.exec(query.order_by(Application.id))).all()]


async def test_words_are_found_by_their_beginnings_folded(database: Database, profile: Profile) -> None:
    await filled(database, profile)
    assert await found(database, "ADATEPE mahalles") == ["2"]
    assert await found(database, "gun su") == ["2"]
    assert await found(database, "şalıncağın") == ["4"]
    assert await found(database, "salincag yegen") == ["4"]
    assert await found(database, "yok böyle bir söz") == []
    assert await found(database, "a") == [], "a single letter is no beginning"


async def test_numbers_whole_in_part_and_without_their_noughts(database: Database, profile: Profile) -> None:
    await filled(database, profile)
    assert await found(database, "HİM-2026-0000003") == ["3"]
    assert await found(database, "0000003") == ["3"]
    assert await found(database, "2026 0000003") == ["3"]
    assert await found(database, "0003") == ["3"]


async def test_words_of_other_alphabets_are_found(database: Database, profile: Profile) -> None:
    city = await filled(database, profile)
    await play(
        city, replace(SCENES[0], texts=["الماء مقطوع منذ يومين"], sender_id="905320000099", who="يزن"), number=90
    )
    (number,) = await found(database, "الماء مقط")
    assert await found(database, "يزن", names=True) == [number]


async def test_names_only_where_they_are_asked_for(database: Database, profile: Profile) -> None:
    await filled(database, profile)
    assert await found(database, "hatice") == []
    assert await found(database, "hatice demir", names=True) == ["1"]
    assert await found(database, "gizemlisokak 690", names=True) == ["3"]


async def test_a_phone_number_is_found_as_people_say_it(database: Database, profile: Profile) -> None:
    city = await filled(database, profile)
    scene = next(scene for scene in SCENES if scene.sender_id == "905327654300")
    await play(city, scene, number=SCENES.index(scene))
    assert await found(database, "05327654300") == []
    assert await found(database, "05327654300", names=True) == ["6"]


async def test_indexing_again_forgets_what_was_erased(database: Database, profile: Profile) -> None:
    await filled(database, profile)
    async with database.write() as session:
        message = (await session.exec(select(Message).where(Message.text.contains("bidonla")))).one()
        await erasure.erase(session, message, at=NOW)
    assert await found(database, "bidonla") == []
    assert await found(database, "bütün sokakta") == ["2"]
