"""Ids that the platform calls one citizen become one; her conversation goes on."""

from dataclasses import replace
from typing import Any

from sqlmodel import SQLModel, select

from inbox.repositories import identities
from models.db import Database
from models.enums import ChannelName, EventKind, RequestKind
from models.messages import ChannelEvent, Sender
from models.tables import AccessRecord, Citizen, CitizenJoin, Conversation, Identity, PersonRequest, User
from tests.builders import message, set_up, take_in
from tests.conftest import NOW

WHATSAPP = ChannelName.WHATSAPP
OLD, NEW, USER = "905551112233", "905559998877", "TR.1"


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(table).order_by(table.id))).all())


def written(number: int, sender_id: str) -> ChannelEvent:
    return message(number, channel=WHATSAPP, sender=Sender(external_id=sender_id), thread_id=sender_id)


def changed(previous: list[str], current: list[str]) -> ChannelEvent:
    told = {"previous_ids": previous, "current_ids": current}
    return replace(written(90, OLD), kind=EventKind.SYSTEM, dedup_key=f"system:{previous}:{current}", extra=told)


async def test_a_new_number_is_the_same_citizen_in_the_same_conversation(database: Database) -> None:
    await set_up(database, NOW, WHATSAPP)
    first = await take_in(database, NOW, written(1, OLD))
    await take_in(database, NOW, changed([OLD], [NEW]))
    later = await take_in(database, NOW, written(2, NEW))
    assert later.conversation_ids == first.conversation_ids
    assert {(one.external_id, one.citizen_id) for one in await rows(database, Identity)} == {(OLD, 1), (NEW, 1)}
    (conversation,) = await rows(database, Conversation)
    assert conversation.thread_id == NEW


async def test_two_citizens_become_one(database: Database) -> None:
    await set_up(database, NOW, WHATSAPP)
    await take_in(database, NOW, written(1, OLD))
    await take_in(database, NOW, written(2, NEW))
    await take_in(database, NOW, changed([OLD], [NEW, USER]))
    (citizen,) = await rows(database, Citizen)
    assert {one.citizen_id for one in await rows(database, Identity)} == {citizen.id}
    conversations = await rows(database, Conversation)
    assert [one.thread_id for one in conversations] == [OLD, NEW]
    assert {one.citizen_id for one in conversations} == {citizen.id}


async def test_what_was_recorded_about_a_citizen_goes_with_her(database: Database) -> None:
    await set_up(database, NOW, WHATSAPP)
    await take_in(database, NOW, written(1, OLD))
    await take_in(database, NOW, written(2, NEW))
    async with database.write() as session:
        user = User(login="a", name="A", password_hash="", created_at=NOW)
        session.add(user)
        await session.flush()
        by, kept, gone = user.id or 0, 1, 2
        session.add(AccessRecord(user_id=by, citizen_id=gone, what="citizen", at=NOW))
        session.add(PersonRequest(citizen_id=gone, kind=RequestKind.EXPORT, received_at=NOW, due_at=NOW))
        session.add(CitizenJoin(kept_id=kept, joined_id=gone, joined_by=by, joined_at=NOW, undone_at=NOW))
    await take_in(database, NOW, changed([OLD], [NEW]))
    (citizen,) = await rows(database, Citizen)
    (look,) = await rows(database, AccessRecord)
    (request,) = await rows(database, PersonRequest)
    (join,) = await rows(database, CitizenJoin)
    assert {look.citizen_id, request.citizen_id, join.kept_id, join.joined_id} == {citizen.id}


def test_every_column_that_names_a_citizen_is_moved() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "citizen" for key in column.foreign_keys)
    }
    assert {f"{one.class_.__tablename__}.{one.key}" for one in identities._OF_CITIZEN} == named


async def test_ids_of_strangers_make_nobody(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, WHATSAPP)
    await take_in(sqlite_database, NOW, changed([OLD], [NEW]))
    assert await rows(sqlite_database, Identity) == []


def named_twice(number: int) -> ChannelEvent:
    return replace(written(number, USER), sender=Sender(external_id=USER, aliases=(OLD,)))


async def test_a_conversation_goes_on_when_the_number_gets_a_user_id(database: Database) -> None:
    await set_up(database, NOW, WHATSAPP)
    first = await take_in(database, NOW, written(1, OLD))
    later = await take_in(database, NOW, named_twice(2))
    again = await take_in(database, NOW, named_twice(3))
    assert first.conversation_ids == later.conversation_ids == again.conversation_ids
    assert len(await rows(database, Citizen)) == 1


async def test_a_message_with_two_known_ids_joins_two_citizens(database: Database) -> None:
    await set_up(database, NOW, WHATSAPP)
    await take_in(database, NOW, written(1, OLD))
    await take_in(database, NOW, written(2, USER))
    assert len(await rows(database, Citizen)) == 2
    await take_in(database, NOW, named_twice(3))
    (citizen,) = await rows(database, Citizen)
    assert {one.citizen_id for one in await rows(database, Identity)} == {citizen.id}


async def test_an_alias_that_comes_later_is_kept(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, WHATSAPP)
    await take_in(sqlite_database, NOW, written(1, USER))
    await take_in(sqlite_database, NOW, named_twice(2))
    assert {one.external_id for one in await rows(sqlite_database, Identity)} == {USER, OLD}
    assert len(await rows(sqlite_database, Citizen)) == 1


def from_phone(number: int, user_id: str, phone: str) -> ChannelEvent:
    return replace(written(number, user_id), sender=Sender(external_id=user_id, aliases=(phone,)))


async def test_a_number_that_passed_to_somebody_else_is_not_the_old_citizen(database: Database) -> None:
    """Without a notice of the platform, another user id under the same number is another person's."""
    await set_up(database, NOW, WHATSAPP)
    first = await take_in(database, NOW, from_phone(1, USER, OLD))
    for number in (2, 3):
        later = await take_in(database, NOW, from_phone(number, "TR.2", OLD))
        assert set(first.conversation_ids).isdisjoint(later.conversation_ids)
    old, new = await rows(database, Citizen)
    owners = {one.external_id: one.citizen_id for one in await rows(database, Identity)}
    assert owners == {USER: old.id, OLD: old.id, "TR.2": new.id}


async def test_a_number_stays_hers_where_the_platform_told_of_her_new_user_id(database: Database) -> None:
    await set_up(database, NOW, WHATSAPP)
    first = await take_in(database, NOW, from_phone(1, USER, OLD))
    await take_in(database, NOW, changed([USER, OLD], ["TR.2"]))
    later = await take_in(database, NOW, from_phone(2, "TR.2", OLD))
    assert (later.conversation_ids, len(await rows(database, Citizen))) == (first.conversation_ids, 1)
