"""Many applications changed at once, and given back."""

from datetime import datetime, timedelta

import pytest

from inbox.services import applications, bulk, telling
from models.enums import ApplicationState, Outcome
from models.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from models.tables import Application
from tests.conftest import NOW
from tests.factories import City


async def states(city: City, ids: list[int]) -> list[tuple[ApplicationState, int | None, bool, datetime | None]]:
    async with city.desk.database.read() as session:
        found = [await session.get_one(Application, key) for key in ids]
        return [(one.state, one.assignee_id, one.is_open, one.waiting_since) for one in found]


async def test_closed_together_and_given_back(city: City) -> None:
    elif_ = city.actor("elif")
    ids = [city.applications[name] for name in ("deniz.kaya35", "kerem_35", "ege_bisiklet")]
    before = await states(city, ids)
    async with city.desk.database.write() as session:
        result = await bulk.close_all(session, ids, elif_, outcome=Outcome.DUPLICATE, now=NOW)
    assert sorted(result.done) == sorted(ids[:2])
    assert len(result.refused) == 1, "what is closed already is named, and left"
    assert {state for state, *_ in await states(city, ids)} == {ApplicationState.CLOSED}
    async with city.desk.database.write() as session:
        with pytest.raises(NotFoundError):
            await bulk.undo(session, result.work_id, city.actor("burcu"), now=NOW)
        undone = await bulk.undo(session, result.work_id, elif_, now=NOW)
        assert sorted(undone.done) == sorted(ids[:2])
        with pytest.raises(ConflictError, match="zaten geri alındı"):
            await bulk.undo(session, result.work_id, elif_, now=NOW)
    assert await states(city, ids) == before


async def test_an_answer_that_left_in_between_stays_an_answer(city: City) -> None:
    """Given back, the application is where its citizen knows it to be; nobody answers her again."""
    elif_, key = city.actor("elif"), city.applications["kerem_35"]
    async with city.desk.database.write() as session:
        result = await bulk.close_all(session, [key], elif_, outcome=Outcome.POSITIVE, now=NOW)
        one = await applications.read(session, key, elif_, change=True)
        await telling.answer_left(session, one, at=NOW)
        await bulk.undo(session, result.work_id, elif_, now=NOW)
        assert (one.state, one.is_open) == (ApplicationState.ANSWERED, True)


async def test_undoing_leaves_what_somebody_has_changed_since(city: City) -> None:
    burcu, key = city.actor("burcu"), city.applications["kerem_35"]
    async with city.desk.database.write() as session:
        result = await bulk.assign_all(session, [key], burcu, user_id=city.actor("elif").user_id, now=NOW)
    async with city.desk.database.write() as session:
        one = await applications.read(session, key, burcu, change=True)
        await applications.take(session, one, burcu, now=NOW)
    async with city.desk.database.write() as session:
        undone = await bulk.undo(session, result.work_id, burcu, now=NOW)
    assert undone.done == []
    assert list(undone.refused.values()) == ["Bu arada değişti."]
    assert (await states(city, [key]))[0][1] == burcu.user_id


async def test_each_rule_holds_for_many_as_for_one(city: City) -> None:
    ids = list(city.applications.values())
    async with city.desk.database.write() as session:
        with pytest.raises(ForbiddenError):
            await bulk.take_all(session, ids, city.actor("izsu"), now=NOW)
        with pytest.raises(InputError, match="en az bir"):
            await bulk.take_all(session, [], city.actor("elif"), now=NOW)
        with pytest.raises(InputError, match="Olumsuz"):
            await bulk.close_all(session, ids, city.actor("elif"), outcome=Outcome.NEGATIVE, now=NOW)
        with pytest.raises(InputError, match="en çok"):
            await bulk.take_all(session, list(range(bulk.MOST + 1)), city.actor("elif"), now=NOW)
        aside = await bulk.snooze_all(session, ids, city.actor("elif"), until=NOW + timedelta(hours=1), now=NOW)
    assert "Acil başvurular ertelenemez." in aside.refused.values()
    assert aside.done
    assert not set(aside.done) & {city.applications["Hatice Demir"]}
