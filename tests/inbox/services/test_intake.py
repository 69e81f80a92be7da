"""Intake: once, whole, and never more than once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from inbox.repositories import accounts
from inbox.services import intake
from inbox.services.intake import PolledFrom
from models.db import Database
from models.enums import Author, DeliveryState, DeliveryStatus, EventKind, Surface
from models.messages import Attachment, AttachmentKind, Parsed, ParseProblem, Sender
from models.tables import (
    Citizen,
    Conversation,
    Delivery,
    Event,
    Identity,
    Job,
    Message,
    MessageAttachment,
    MessageSighting,
    ParkedReceipt,
)
from tests.builders import FACEBOOK, TELEGRAM, TWITTER, batch, message, set_up, take_in
from tests.conftest import NOW


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(table).order_by(*table.__table__.primary_key.columns))).all())


async def test_a_page_becomes_delivery_events_messages_and_jobs(database: Database) -> None:
    await set_up(database, NOW)
    result = await take_in(database, NOW, message(1), message(2, "bebek var evde"))
    assert (result.events, result.duplicates, result.messages) == (2, 0, 2)
    assert [one.text for one in await rows(database, Message)] == ["su akmıyor", "bebek var evde"]
    assert len(await rows(database, Event)) == 2
    assert [job.conversation_id for job in await rows(database, Job)] == list(result.conversation_ids) * 2
    (delivery,) = await rows(database, Delivery)
    assert (delivery.body, delivery.state, delivery.event_count) == (b"{}", DeliveryState.PARSED, 2)


async def test_the_same_page_twice_changes_only_a_count(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1), message(2))
    again = await take_in(database, NOW, message(1), message(2), message(2))
    assert (again.events, again.messages, again.conversation_ids) == (0, 0, ())
    assert [one.duplicate_count for one in await rows(database, Delivery)] == [0, 3]
    assert len(await rows(database, Message)) == len(await rows(database, Job)) == 2


async def test_the_same_push_twice_at_once_is_one_message(database: Database) -> None:
    await set_up(database, NOW)
    await asyncio.gather(*(take_in(database, NOW, message(1)) for _ in range(4)))
    assert [len(await rows(database, table)) for table in (Message, Job, Event, Delivery)] == [1, 1, 1, 4]


async def test_two_first_messages_at_once_are_one_conversation(database: Database) -> None:
    await set_up(database, NOW)
    await asyncio.gather(*(take_in(database, NOW, message(number)) for number in range(4)))
    assert [len(await rows(database, table)) for table in (Message, Conversation, Citizen)] == [4, 1, 1]


async def test_an_overlapping_page_brings_only_what_is_new(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1), message(2))
    result = await take_in(database, NOW, message(2), message(3))
    assert (result.messages, result.duplicates) == (1, 1)
    assert [one.external_id for one in await rows(database, Message)] == ["m1", "m2", "m3"]


async def test_cursor_and_messages_move_together_or_not_at_all(database: Database) -> None:
    (account_id,) = await set_up(database, NOW)
    polled = PolledFrom(account_id=account_id, stream="updates", cursor="page-2")
    with pytest.raises(RuntimeError):
        async with database.write() as session:
            await intake.store(session, batch([message(1)], NOW), polled=polled)
            raise RuntimeError("the process dies before the commit")
    async with database.read() as session:
        assert await accounts.cursor(session, account_id, "updates") == ""
    assert await rows(database, Message) == []
    async with database.write() as session:
        await intake.store(session, batch([message(1)], NOW), polled=polled)
    async with database.read() as session:
        assert await accounts.cursor(session, account_id, "updates") == "page-2"


async def test_strangers_under_one_post_are_not_one_conversation(database: Database) -> None:
    await set_up(database, NOW, FACEBOOK)
    comment = message(1, channel=FACEBOOK, surface=Surface.COMMENT, thread_id="post")
    stranger = replace(comment, external_id="m2", dedup_key="message:2", sender=Sender(external_id="citizen-2"))
    again = replace(comment, external_id="m3", dedup_key="message:3")
    await take_in(database, NOW, comment, stranger, again)
    conversations = await rows(database, Conversation)
    assert len(conversations) == 2
    assert [one.conversation_id for one in await rows(database, Message)] == [
        conversations[0].id,
        conversations[1].id,
        conversations[0].id,
    ]


async def test_naming_answering_and_quoting_us_is_one_talk(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW, TWITTER)
    surfaces = (Surface.MENTION, Surface.REPLY, Surface.QUOTE)
    await take_in(sqlite_database, NOW, *(message(n, channel=TWITTER, surface=one) for n, one in enumerate(surfaces)))
    assert len(await rows(sqlite_database, Conversation)) == 1


async def test_a_post_that_names_two_accounts_is_one_message_seen_by_two(database: Database) -> None:
    """[İ8a3] A post that names the city and its mayor is one message, seen by both accounts."""
    first, second = await set_up(database, NOW, TELEGRAM, FACEBOOK)
    async with database.write() as session:
        other = await accounts.account(session, second)
        assert other is not None
        other.channel = TELEGRAM
        session.add(other)
    await take_in(database, NOW, message(1), replace(message(1), account_id="account-facebook"))
    (stored,) = await rows(database, Message)
    sightings = await rows(database, MessageSighting)
    assert [(one.message_id, one.account_id) for one in sightings] == [(stored.id, first), (stored.id, second)]
    assert len(await rows(database, Job)) == 1


async def test_aliases_lead_to_the_same_citizen(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, sender=Sender(external_id="905551112233")))
    joined = Sender(external_id="TR.1", aliases=("905551112233",))
    await take_in(database, NOW, message(2, sender=joined, thread_id="other"))
    identities = await rows(database, Identity)
    assert {one.external_id for one in identities} == {"905551112233", "TR.1"}
    assert len({one.citizen_id for one in identities}) == 1


async def test_a_message_without_a_sender_is_kept(database: Database) -> None:
    await set_up(database, NOW)
    result = await take_in(database, NOW, message(1, sender=None))
    assert result.messages == 1


async def test_attachments_are_kept_with_their_message(database: Database) -> None:
    await set_up(database, NOW)
    picture = Attachment(kind=AttachmentKind.IMAGE, external_id="file-1", latitude=38.4, longitude=27.1)
    await take_in(database, NOW, message(1, "", attachments=(picture,)))
    (kept,) = await rows(database, MessageAttachment)
    assert (kept.kind, kept.external_id, kept.latitude) == (AttachmentKind.IMAGE, "file-1", 38.4)


async def test_an_account_that_is_not_ours_leaves_the_raw_bytes_and_a_reason(database: Database) -> None:
    await set_up(database, NOW)
    result = await take_in(database, NOW, message(1, account_id="somebody"))
    assert result.messages == 0
    (delivery,) = await rows(database, Delivery)
    assert (delivery.state, delivery.body) == (DeliveryState.UNREADABLE, b"{}")
    assert "no account that is set up" in delivery.problem


async def test_an_unreadable_part_is_noted_and_the_rest_is_kept(database: Database) -> None:
    await set_up(database, NOW)
    parsed = Parsed(events=(message(1),), problems=(ParseProblem(where="$.entry[1]", why="no id"),))
    async with database.write() as session:
        await intake.store(session, batch([message(1)], NOW, parsed=parsed))
    (delivery,) = await rows(database, Delivery)
    assert (delivery.state, delivery.problem) == (DeliveryState.PARTIAL, "$.entry[1]: no id")
    assert len(await rows(database, Message)) == 1


def change(kind: EventKind, number: int, key: str, **fields: Any) -> Any:
    return message(number, kind=kind, dedup_key=key, **fields)


async def test_an_edit_replaces_the_text(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "su yok"))
    await take_in(database, NOW, change(EventKind.EDIT, 1, "edit:1:2", text="su geldi"))
    (stored,) = await rows(database, Message)
    assert (stored.text, stored.edited_at) == ("su geldi", NOW)
    assert len(await rows(database, Job)) == 1


async def test_words_changed_back_and_forth_end_as_they_were_left(database: Database) -> None:
    """One body may tell the same words twice: what was told last stands."""
    await set_up(database, NOW)
    edits = [change(EventKind.EDIT, 1, f"edit:1:{text}", text=text) for text in ("ikinci", "ilk", "ikinci")]
    await take_in(database, NOW, message(1, "ilk"), *edits)
    assert [one.text for one in await rows(database, Message)] == ["ikinci"]


async def test_an_edit_that_comes_late_changes_nothing(database: Database) -> None:
    """Platforms promise no order: a notice that is brought again may be older than what we know."""
    await set_up(database, NOW)
    await take_in(database, NOW, message(1, "ilk"))
    for minutes, text in ((2, "üçüncü"), (1, "ikinci")):
        edit = change(EventKind.EDIT, 1, f"edit:1:{text}", text=text, sent_at=NOW + timedelta(minutes=minutes))
        await take_in(database, NOW, edit)
    assert [one.text for one in await rows(database, Message)] == ["üçüncü"]


async def test_a_deletion_erases_text_and_media_and_leaves_a_tombstone(database: Database) -> None:
    await set_up(database, NOW)
    picture = Attachment(kind=AttachmentKind.IMAGE, external_id="file-1")
    await take_in(database, NOW, message(1, "adım Ayşe", attachments=(picture,)))
    await take_in(database, NOW, change(EventKind.DELETE, 1, "delete:1", text=""))
    (stored,) = await rows(database, Message)
    assert (stored.text, stored.deleted_at) == ("", NOW)
    assert await rows(database, MessageAttachment) == []


async def test_what_our_account_wrote_elsewhere_appears_as_ours(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    echo = change(EventKind.ECHO, 9, "echo:9", text="ekip yolda", sender=None, extra={"recipient_id": "citizen-1"})
    result = await take_in(database, NOW, echo)
    ours = (await rows(database, Message))[-1]
    assert (ours.author, ours.text) == (Author.PLATFORM_APP, "ekip yolda")
    assert result.conversation_ids == ()


async def test_a_status_never_goes_backwards(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, message(1))
    echo = change(EventKind.ECHO, 9, "echo:9", sender=None, extra={"recipient_id": "citizen-1"})
    await take_in(database, NOW, echo)
    for status in (DeliveryStatus.READ, DeliveryStatus.DELIVERED):
        await take_in(database, NOW, change(EventKind.STATUS, 9, f"status:9:{status}", status=status))
    assert (await rows(database, Message))[-1].status is DeliveryStatus.READ


async def test_a_receipt_for_an_unknown_send_is_parked(database: Database) -> None:
    await set_up(database, NOW)
    await take_in(database, NOW, change(EventKind.STATUS, 9, "status:9:read", status=DeliveryStatus.READ))
    (parked,) = await rows(database, ParkedReceipt)
    assert (parked.external_id, parked.status) == ("m9", DeliveryStatus.READ)
