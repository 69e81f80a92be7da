"""The same matter: linked, divided; one citizen on two channels, joined and parted."""

from dataclasses import replace

import pytest
from sqlmodel import select

from inbox.repositories import inbox_list
from inbox.repositories.list_query import ListQuery, Span, View
from inbox.services import citizen_joins, matters, person_requests, privacy
from inbox.services.applications import Correction
from inbox.services.deadlines import read_rules
from models.enums import ApplicationState, DeadlineClass, Direction, Kind, RequestKind, Urgency
from models.errors import ConflictError, ForbiddenError, InputError
from models.tables import AccessRecord, Application, Conversation, Identity, Message, PersonRequest
from tests.conftest import NOW
from tests.factories import City

LABELS = Correction(kind=Kind.COMPLAINT, topic="park_bakim", unit="ilce", urgency=Urgency.NORMAL, district="Buca")


async def test_an_application_follows_an_older_one(city: City) -> None:
    """[İ7d3] Linked by number; never in a circle."""
    agent = city.actor("elif")
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        other = await session.get_one(Application, city.applications["kerem_35"])
        await matters.link(session, one, agent, number=other.number, seen_version=one.version, now=NOW)
        assert one.linked_to_id == other.id
        with pytest.raises(InputError):
            await matters.link(session, other, agent, number=one.number, seen_version=other.version, now=NOW)
        with pytest.raises(InputError):
            await matters.link(session, one, agent, number=one.number, seen_version=one.version, now=NOW)
        with pytest.raises(ConflictError):
            await matters.unlink(session, one, agent, seen_version=one.version - 1, now=NOW)
        await matters.unlink(session, one, agent, seen_version=one.version, now=NOW)
        assert one.linked_to_id is None


async def test_two_matters_in_one_application_are_divided(city: City) -> None:
    """[İ8a2] The messages chosen become an application of their own with its own number and limit."""
    agent, key = city.actor("elif"), city.applications["deniz.kaya35"]
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, key)
        query = select(Message.id).where(Message.application_id == key, Message.direction == Direction.INBOUND)
        own = list((await session.exec(query.order_by(Message.id))).all())
        rules = await read_rules(session, city.desk.profile)
        asked = replace(LABELS, kind=Kind.QUESTION)

        async def divide(ids: list[int]) -> Application:
            return await matters.divide(
                session, one, agent, message_ids=ids, labels=asked, profile=city.desk.profile, rules=rules,
                seen_version=one.version, now=NOW,
            )  # fmt: skip

        with pytest.raises(InputError):
            await divide([])
        with pytest.raises(InputError):
            await divide(own)
        new = await divide(own[-1:])
        assert (new.linked_to_id, new.state, new.topic) == (one.id, ApplicationState.DRAFT, "park_bakim")
        assert new.number != one.number
        assert new.deadline_class is DeadlineClass.INSTANT
        assert new.due_at > NOW
        moved = await session.get_one(Message, own[-1])
        await session.refresh(moved)
        assert moved.application_id == new.id


async def test_a_unit_divides_nothing(city: City) -> None:
    """[İ8a2] Registration is the desk's."""
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        with pytest.raises(ForbiddenError):
            await matters.unlink(session, one, city.actor("izsu"), seen_version=one.version, now=NOW)


async def test_one_citizen_on_two_channels_is_joined_and_parted(city: City) -> None:
    """[İ8a2] An agent joins; undone, each has her own again, also what came in since."""
    agent = city.actor("elif")
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        other = await session.get_one(Application, city.applications["kerem_35"])
        kept, joined, ids = one.citizen_id, other.citizen_id, (one.id or 0, other.id or 0)
        done = await citizen_joins.join(session, one, agent, other=other, now=NOW)
        await session.flush()
        await session.refresh(other)
        assert other.citizen_id == kept
        with pytest.raises(InputError):
            await citizen_joins.join(session, one, agent, other=other, now=NOW)
        (shown,) = await citizen_joins.of_application(session, one, agent)
        assert shown.id == done.id
        await citizen_joins.undo(session, done.id or 0, agent, now=NOW)
        with pytest.raises(ConflictError):
            await citizen_joins.undo(session, done.id or 0, agent, now=NOW)
        session.expire_all()
        for table in (Application, Conversation, Identity):
            found = (await session.exec(select(table).where(table.citizen_id == joined))).all()
            assert found, table
        assert (await session.get_one(Application, ids[0])).citizen_id == kept


async def test_joined_she_is_found_by_both_her_names(city: City) -> None:
    """[İ8a2] And, parted again, each by his own alone."""
    agent, query = city.actor("elif"), ListQuery(view=View.EVERYTHING, words=("kerem",), names=True)
    span = Span(user_id=1, now=NOW, day_end=NOW, week_end=NOW)
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        other = await session.get_one(Application, city.applications["kerem_35"])

        async def found() -> set[int]:
            return {entry.id for entry in (await inbox_list.page(session, query, span=span)).entries}

        done = await citizen_joins.join(session, one, agent, other=other, now=NOW)
        assert await found() == {one.id, other.id}
        await citizen_joins.undo(session, done.id or 0, agent, now=NOW)
        assert await found() == {other.id}


async def test_what_she_asked_of_her_data_goes_with_her(city: City) -> None:
    """[İ7d10] Else her request would be carried out on nobody; parted, each has her own requests and looks again."""
    agent, chief = city.actor("elif"), city.actor("mudur")
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        other = await session.get_one(Application, city.applications["kerem_35"])
        hers, his = one.citizen_id, other.citizen_id

        async def ask() -> PersonRequest:
            return await person_requests.receive(
                session, chief, number=other.number, kind=RequestKind.ERASE, zone=city.desk.profile.time_zone, now=NOW
            )

        asked = await ask()
        await privacy.reveal_citizen(session, other, agent, now=NOW)
        look = (await session.exec(select(AccessRecord))).one()
        done = await citizen_joins.join(session, one, agent, other=other, now=NOW)
        await session.refresh(other)
        later = await ask()
        await session.flush()
        for row in (asked, look):
            await session.refresh(row)
        assert {row.citizen_id for row in (asked, later, look)} == {hers}
        await citizen_joins.undo(session, done.id or 0, agent, now=NOW)
        for row in (asked, later, look):
            await session.refresh(row)
        assert {row.citizen_id for row in (asked, later, look)} == {his}


async def test_only_the_desk_joins_citizens(city: City) -> None:
    """[İ7d10] Who may not see both cannot join them."""
    async with city.desk.database.write() as session:
        one = await session.get_one(Application, city.applications["deniz.kaya35"])
        other = await session.get_one(Application, city.applications["kerem_35"])
        for login in ("izsu", "anket", "onay"):
            with pytest.raises(ForbiddenError):
                await citizen_joins.join(session, one, city.actor(login), other=other, now=NOW)
