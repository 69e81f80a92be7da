"""What platforms tell of messages that exist: receipts, watermarks, edits, removed posts, echoes."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from inbox.services import unresolved
from models.channel_facts import ChannelFacts
from models.db import Database
from models.enums import ChannelName, DeliveryStatus, Direction, EventKind, OutboxState, Purpose, Surface
from models.messages import ChannelEvent, Sender
from models.tables import Event, Job, Message, OutboxItem, ParkedReceipt
from tests.builders import FACEBOOK, message, set_up, take_in
from tests.conftest import NOW

WHATSAPP = ChannelName.WHATSAPP


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(table).order_by(*table.__table__.primary_key.columns))).all())


def change(kind: EventKind, number: int, key: str, **fields: Any) -> ChannelEvent:
    return message(number, kind=kind, dedup_key=key, **fields)


def echo(number: int, at: datetime, **fields: Any) -> ChannelEvent:
    extra = {"recipient_id": "citizen-1"}
    return change(EventKind.ECHO, number, f"echo:{number}", sender=None, sent_at=at, extra=extra, **fields)


def receipt(number: int, status: DeliveryStatus, **fields: Any) -> ChannelEvent:
    return change(EventKind.STATUS, number, f"status:{number}:{status}", status=status, sender=None, **fields)


def watermark(moment: datetime, status: DeliveryStatus = DeliveryStatus.READ) -> ChannelEvent:
    told = {"watermark": str(int(moment.timestamp() * 1000))}
    return replace(receipt(0, status, extra=told), external_id="", dedup_key=f"status:chat-1:{status}:{moment}")


async def test_a_watermark_reads_everything_of_ours_before_it(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1))
    times = [NOW + timedelta(minutes=minutes) for minutes in (1, 2, 9)]
    await take_in(sqlite_database, NOW, *(echo(10 + place, at) for place, at in enumerate(times)))
    await take_in(sqlite_database, NOW, receipt(10, DeliveryStatus.FAILED), watermark(times[1]))
    ours = [one for one in await rows(sqlite_database, Message) if one.direction is Direction.OUTBOUND]
    assert [one.status for one in ours] == [DeliveryStatus.FAILED, DeliveryStatus.READ, DeliveryStatus.SENT]
    await take_in(sqlite_database, NOW, watermark(times[2], DeliveryStatus.DELIVERED))
    ours = [one for one in await rows(sqlite_database, Message) if one.direction is Direction.OUTBOUND]
    assert [one.status for one in ours] == [DeliveryStatus.FAILED, DeliveryStatus.READ, DeliveryStatus.DELIVERED]


async def test_a_watermark_that_is_no_time_changes_nothing(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    broken = replace(watermark(NOW), extra={"watermark": "9" * 40})
    result = await take_in(sqlite_database, NOW, broken, replace(broken, dedup_key="x", extra={}))
    assert result.events == 2


async def test_a_parked_receipt_never_goes_backwards(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, receipt(9, DeliveryStatus.READ), receipt(9, DeliveryStatus.DELIVERED))
    (parked,) = await rows(sqlite_database, ParkedReceipt)
    assert parked.status is DeliveryStatus.READ


async def test_an_echo_takes_the_receipt_that_came_before_it(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1), receipt(9, DeliveryStatus.READ))
    await take_in(sqlite_database, NOW, echo(9, NOW))
    assert (await rows(sqlite_database, Message))[-1].status is DeliveryStatus.READ
    assert await rows(sqlite_database, ParkedReceipt) == []


async def unknown_send(database: Database, now: datetime) -> int:
    """A text of which nobody knows whether it left."""
    (account_id,) = await set_up(database, now, WHATSAPP)
    result = await take_in(database, now, message(1, channel=WHATSAPP))
    item = OutboxItem(
        unique_key="1:answer",
        conversation_id=result.conversation_ids[0],
        account_id=account_id,
        purpose=Purpose.NOTICE,
        text="Ekip yolda.",
        state=OutboxState.UNKNOWN,
        not_before=now,
        created_at=now,
    )
    async with database.write() as session:
        session.add(item)
    return item.id or 0


async def settle(database: Database) -> None:
    """As the account's sender does every two seconds."""
    facts = ChannelFacts(channel=WHATSAPP, title="", glyph="", surfaces={})
    async with database.write() as session:
        assert await unresolved.anything_told(session, 1)
        await unresolved.settle_told(session, 1, facts=facts, at=NOW)


def tagged(number: int, reference: int, status: DeliveryStatus, piece: str = "") -> ChannelEvent:
    return receipt(number, status, channel=WHATSAPP, reference=str(reference), extra={"piece": piece} if piece else {})


async def test_a_receipt_with_our_tag_settles_an_unknown_send(database: Database) -> None:
    item_id = await unknown_send(database, NOW)
    await take_in(database, NOW, tagged(7, item_id, DeliveryStatus.DELIVERED))
    await settle(database)
    (item,) = await rows(database, OutboxItem)
    assert (item.state, item.external_ids) == (OutboxState.SENT, ["m7"])
    ours = (await rows(database, Message))[-1]
    assert (ours.text, ours.status, ours.outbox_id) == ("Ekip yolda.", DeliveryStatus.DELIVERED, item_id)
    await take_in(database, NOW, tagged(7, item_id, DeliveryStatus.READ))
    assert (await rows(database, Message))[-1].status is DeliveryStatus.READ
    assert await rows(database, ParkedReceipt) == []


async def test_a_text_in_pieces_is_sent_when_all_are_told(sqlite_database: Database) -> None:
    item_id = await unknown_send(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, tagged(8, item_id, DeliveryStatus.SENT, "2/2"))
    await settle(sqlite_database)
    assert (await rows(sqlite_database, OutboxItem))[0].state is OutboxState.UNKNOWN
    await take_in(sqlite_database, NOW, tagged(7, item_id, DeliveryStatus.FAILED, "1/2"))
    await settle(sqlite_database)
    (item,) = await rows(sqlite_database, OutboxItem)
    assert (item.state, item.external_ids) == (OutboxState.SENT, ["m7", "m8"])
    assert [one.status for one in (await rows(sqlite_database, Message))[1:]] == [
        DeliveryStatus.FAILED,
        DeliveryStatus.SENT,
    ]


async def test_a_tag_of_another_account_settles_nothing(sqlite_database: Database) -> None:
    item_id = await unknown_send(sqlite_database, NOW)
    await set_up(sqlite_database, NOW)
    foreign = replace(
        tagged(7, item_id, DeliveryStatus.SENT), channel=ChannelName.TELEGRAM, account_id="account-telegram"
    )
    await take_in(sqlite_database, NOW, foreign, replace(foreign, dedup_key="x", external_id="m8", reference="x"))
    await settle(sqlite_database)
    assert (await rows(sqlite_database, OutboxItem))[0].state is OutboxState.UNKNOWN


async def test_the_old_text_of_an_untriaged_message_is_kept_beside_it(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1, "su yok"))
    for version in ("su hâlâ yok", "su geldi"):
        await take_in(sqlite_database, NOW, change(EventKind.EDIT, 1, f"edit:1:{version}", text=version))
    (stored,) = await rows(sqlite_database, Message)
    assert (stored.text, stored.extra["earlier_texts"]) == ("su geldi", ["su yok", "su hâlâ yok"])


async def test_an_edit_of_a_message_that_never_came_is_that_message(database: Database) -> None:
    await set_up(database, NOW)
    result = await take_in(database, NOW, change(EventKind.EDIT, 1, "edit:1:2", text="su hâlâ yok"))
    assert result.messages == 1
    late = await take_in(database, NOW, message(1, "su yok"))
    assert late.messages == 0
    (stored,) = await rows(database, Message)
    assert (stored.text, stored.edited_at) == ("su hâlâ yok", NOW)
    assert len(await rows(database, Job)) == 1


async def test_a_removed_visitor_post_is_erased_and_its_thread_closed(database: Database) -> None:
    await set_up(database, NOW, FACEBOOK)
    post = message(1, "duvara yazdım", channel=FACEBOOK, surface=Surface.VISITOR_POST, thread_id="m1")
    below = message(2, "bende de", channel=FACEBOOK, surface=Surface.COMMENT, thread_id="m1")
    elsewhere = message(3, channel=FACEBOOK, surface=Surface.COMMENT, thread_id="m9", sender=Sender(external_id="b"))
    await take_in(database, NOW, post, below, elsewhere)
    gone = change(EventKind.SYSTEM, 1, "system:post_removed:m1", channel=FACEBOOK, reason="post_removed", sender=None)
    await take_in(database, NOW, gone)
    stored = await rows(database, Message)
    assert [(one.text, one.replyable) for one in stored] == [("", False), ("bende de", False), ("su akmıyor", True)]
    assert stored[0].deleted_at == NOW


async def test_a_late_part_of_an_album_stands_where_the_others_do(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1, "çukur", group_key="album"))
    async with sqlite_database.write() as session:
        first = (await session.exec(select(Message))).one()
        first.triaged_at, first.awaits_check = NOW, True
        session.add(first)
    result = await take_in(sqlite_database, NOW, message(2, "", group_key="album"), message(3, "", group_key="other"))
    late = (await rows(sqlite_database, Message))[1]
    assert (late.triaged_at, late.awaits_check) == (NOW, True)
    assert len(await rows(sqlite_database, Job)) == 2
    assert result.messages == 2
    assert len(await rows(sqlite_database, Event)) == 3


async def put(database: Database, item_id: int, state: OutboxState) -> None:
    async with database.write() as session:
        (await session.get_one(OutboxItem, item_id)).state = state


@pytest.mark.parametrize("then", [OutboxState.UNKNOWN, OutboxState.QUEUED])
async def test_a_receipt_that_came_while_it_was_sent_settles_it_later(
    sqlite_database: Database, then: OutboxState
) -> None:
    """Uncertain, or wanted once more by a person who could not know: it does not leave twice."""
    item_id = await unknown_send(sqlite_database, NOW)
    await put(sqlite_database, item_id, OutboxState.SENDING)
    await take_in(sqlite_database, NOW, tagged(7, item_id, DeliveryStatus.DELIVERED))
    async with sqlite_database.read() as session:
        assert not await unresolved.anything_told(session, 1)
    await put(sqlite_database, item_id, then)
    await settle(sqlite_database)
    assert (await rows(sqlite_database, OutboxItem))[0].state is OutboxState.SENT
    assert (await rows(sqlite_database, Message))[-1].status is DeliveryStatus.DELIVERED


async def test_a_reaction_stands_with_its_message_and_goes_with_it(sqlite_database: Database) -> None:
    await set_up(sqlite_database, NOW)
    await take_in(sqlite_database, NOW, message(1))
    heart = change(EventKind.REACTION, 1, "reaction:1", text="", extra={"emoji": "❤", "action": "react"})
    for told in (heart, heart, change(EventKind.REACTION, 99, "reaction:99", text="", extra={"emoji": "👍"})):
        await take_in(sqlite_database, NOW, told)
    assert [one.extra["reactions"] for one in await rows(sqlite_database, Message)] == [{"❤": 1}]
    await take_in(sqlite_database, NOW, change(EventKind.DELETE, 1, "delete:1", text=""))
    assert [one.extra for one in await rows(sqlite_database, Message)] == [{}]
