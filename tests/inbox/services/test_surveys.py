"""Talks about satisfaction: chosen by rule, tried three times, kept."""

from datetime import timedelta

import pytest
from sqlmodel import select

from inbox.repositories import inbox_list
from inbox.repositories.list_query import ListQuery, Span, View
from inbox.rules.surveys import is_asked
from inbox.services import surveys
from inbox.services.surveys import Result
from models.enums import ApplicationState, ChannelName, Kind, Outcome, SurveyState
from models.errors import ConflictError, ForbiddenError, InputError
from models.tables import Application, Survey
from tests.conftest import NOW
from tests.factories import City

LATER = NOW + timedelta(days=2)


def asked(number: int, share: float = 0.3, **facts: object) -> bool:
    fields = {"kind": Kind.COMPLAINT, "outcome": Outcome.POSITIVE, "confidential": False, **facts}
    return is_asked(number=f"HİM-2026-{number:07d}", share=share, **fields)


def test_the_share_is_drawn_by_number() -> None:
    """[İ6a12] A share of the closed applications is asked; every look chooses the same."""
    chosen = [asked(number) for number in range(4000)]
    assert 0.27 < sum(chosen) / 4000 < 0.33
    assert chosen == [asked(number) for number in range(4000)]
    assert all(asked(number, 1.0) for number in range(100))
    assert not any(asked(number, 0.0) for number in range(100))


@pytest.mark.parametrize("facts", [{"confidential": True}, {"kind": Kind.THANKS}, {"outcome": Outcome.DUPLICATE}])
def test_some_are_never_asked(facts: dict[str, object]) -> None:
    """[İ7d2] Nobody rings where secrecy was asked for, nor to thank for thanks."""
    assert not any(asked(number, 1.0, **facts) for number in range(50))


async def ready(city: City) -> Survey:
    """The city's closed application gets its survey; everybody is asked."""
    async with city.desk.database.write() as session:
        await surveys.set_share(session, city.actor("burcu"), percent=100)
        closed = await session.get_one(Application, city.applications["ege_bisiklet"])
        closed.kind = Kind.COMPLAINT
        session.add(closed)
        await session.flush()
        assert await surveys.make(session, now=NOW) == 1
        assert await surveys.make(session, now=NOW) == 0
        return (await session.exec(select(Survey))).one()


async def test_the_queue_opens_after_a_day_and_the_result_is_kept(city: City) -> None:
    """[İ7d2] The survey agent calls after the answer and writes down what she hears."""
    survey, agent = await ready(city), city.actor("anket")
    async with city.desk.database.write() as session:
        assert await surveys.queue(session, agent, now=NOW) == []
        (talk,) = await surveys.queue(session, agent, now=LATER)
        with pytest.raises(InputError):
            await surveys.finish(session, survey.id or 0, agent, result=Result(score=6, solved=True), now=LATER)
        result = Result(score=4, solved=True, note=" memnun ")
        await surveys.finish(session, talk.survey.id or 0, agent, result=result, now=LATER)
        kept = await session.get_one(Survey, survey.id)
        assert (kept.state, kept.score, kept.solved, kept.note) == (SurveyState.DONE, 4, True, "memnun")
        with pytest.raises(ConflictError):
            await surveys.refuse(session, survey.id or 0, agent, now=LATER)


@pytest.mark.parametrize("changes", [{"state": ApplicationState.IN_PROGRESS}, {"confidential": True}])
async def test_nobody_is_rung_while_the_work_goes_on_again(city: City, changes: dict[str, object]) -> None:
    """[İ6b9, İ7d10] Undone work is with its unit again, a confidential matter with the desk: no talk about either."""
    survey, agent = await ready(city), city.actor("anket")
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, survey.application_id)
        one.sqlmodel_update(changes)
        session.add(one)
        await session.flush()
        assert await surveys.queue(session, agent, now=LATER) == []
        one.sqlmodel_update({"state": ApplicationState.ANSWERED, "confidential": False})
        await session.flush()
        assert len(await surveys.queue(session, agent, now=LATER)) == 1


async def test_the_third_time_in_vain_ends_it(city: City) -> None:
    """[İ7d2] Tried on three days; then nobody rings any more."""
    survey, agent = await ready(city), city.actor("anket")
    async with city.desk.database.write() as session:
        ends = []
        for day in range(2, 5):
            at = NOW + timedelta(days=day)
            assert len(await surveys.queue(session, agent, now=at)) == 1
            ends.append(await surveys.not_reached(session, survey.id or 0, agent, now=at))
            assert await surveys.queue(session, agent, now=at) == []
        kept = await session.get_one(Survey, survey.id)
    assert (ends, kept.state, kept.tries) == ([False, False, True], SurveyState.UNREACHABLE, 3)


async def test_agents_of_the_desk_do_not_survey_their_own_work(city: City) -> None:
    """[İ7d2] The survey unit asks, not those who answered."""
    survey = await ready(city)
    async with city.desk.database.write() as session:
        with pytest.raises(ForbiddenError):
            await surveys.queue(session, city.actor("elif"), now=LATER)
        with pytest.raises(ForbiddenError):
            await surveys.refuse(session, survey.id or 0, city.actor("elif"), now=LATER)


async def test_what_a_survey_brings_up_is_a_linked_application_of_hers(city: City) -> None:
    """[İ7d3] Registered by the survey agent with the channel survey, linked to the old one, for anybody to take."""
    survey, agent = await ready(city), city.actor("anket")
    async with city.desk.database.write() as session:
        old = await session.get_one(Application, survey.application_id)
        new = await surveys.bring_up(
            session, survey.id or 0, agent, text="Levha da yok.", profile=city.desk.profile, now=LATER
        )
        assert (new.channel, new.linked_to_id, new.citizen_id) == (ChannelName.SURVEY, old.id, old.citizen_id)
        assert (new.state, new.assignee_id, new.topic) == (ApplicationState.DRAFT, None, old.topic)
        query = ListQuery(view=View.EVERYTHING, words=("ege", "levha"), names=True)
        span = Span(user_id=1, now=NOW, day_end=NOW, week_end=NOW)
        found = await inbox_list.page(session, query, span=span)
        assert [one.id for one in found.entries] == [new.id], "found by her name"
        with pytest.raises(InputError):
            await surveys.bring_up(session, survey.id or 0, agent, text=" ", profile=city.desk.profile, now=LATER)
