"""What may leave at all: switches, windows, blocks, full buckets, the day's money."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bots.sender import Sender
from inbox.repositories import citizens, outbox
from inbox.services import costs, message_status
from models.channel_facts import SendLimit
from models.clock import StillClock
from models.db import Database
from models.enums import (
    DeliveryStatus,
    EventKind,
    OutboxState,
    SendMode,
)
from models.errors import (
    ContactGoneError,
    RequestRefusedError,
)
from models.tables import Identity
from tests.bots.sending import Platform, a_person, item, items, queue_another, queue_text, sender, switch
from tests.builders import message, take_in
from tests.conftest import NOW

DAY, WEEK = timedelta(hours=24), timedelta(days=7)


async def test_queued_bot_texts_wait_while_the_bots_are_off(database: Database, clock: StillClock) -> None:
    await queue_text(database)
    platform = Platform()
    await switch(database, bots=False)
    assert await sender(database, platform, clock).send_due() == 0
    assert (await item(database)).state is OutboxState.QUEUED
    await switch(database)
    assert await sender(database, platform, clock).send_due() == 1


async def test_a_persons_text_leaves_while_the_bots_are_off(database: Database, clock: StillClock) -> None:
    await queue_text(database, user_id=await a_person(database))
    await switch(database, bots=False)
    assert await sender(database, Platform(), clock).send_due() == 1


async def test_nothing_leaves_by_an_account_that_only_listens(database: Database, clock: StillClock) -> None:
    await queue_text(database)
    platform = Platform()
    await switch(database, listen_only=True)
    assert await sender(database, platform, clock).send_due() == 0
    await switch(database)
    assert await sender(database, platform, clock).send_due() == 1


async def test_a_bots_text_after_the_window_is_not_even_tried(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database)
    platform = Platform(reply_window=DAY, human_window=WEEK)
    clock.advance(hours=24)
    await sender(sqlite_database, platform, clock).send_due()
    assert platform.messages == []
    assert (await item(sqlite_database)).state is OutboxState.FAILED


async def test_a_persons_text_leaves_in_the_longer_window(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database, user_id=await a_person(sqlite_database))
    platform = Platform(reply_window=DAY, human_window=WEEK)
    clock.advance(days=6)
    await sender(sqlite_database, platform, clock).send_due()
    assert [one.by_human for one in platform.messages] == [True]


async def test_after_the_window_a_template_asks_and_the_answer_waits_for_the_citizen(
    database: Database, clock: StillClock
) -> None:
    await queue_text(database, user_id=await a_person(database))
    platform = Platform(reply_window=DAY, templates=True)
    clock.advance(days=2)
    for _ in range(3):
        await sender(database, platform, clock).send_due()
    assert [one.mode for one in platform.messages] == [SendMode.TEMPLATE]
    assert [one.state for one in await items(database)] == [OutboxState.QUEUED, OutboxState.SENT]
    clock.advance(hours=30)
    await take_in(database, clock.now(), message(2, "cevabı bekliyorum"))
    await sender(database, platform, clock).send_due()
    assert [(one.mode, one.text) for one in platform.messages[1:]] == [(SendMode.REPLY, "Ekip yola çıktı.")]
    assert {one.state for one in await items(database)} == {OutboxState.SENT}


async def ask_by_template(database: Database, clock: StillClock, platform: Platform) -> Sender:
    """A person's text waits behind a closed window, and the template was tried once."""
    await queue_text(database, user_id=await a_person(database))
    clock.advance(days=2)
    one = sender(database, platform, clock)
    for _ in range(2):
        await one.send_due()
    return one


async def test_a_refused_template_fails_the_answer_too(sqlite_database: Database, clock: StillClock) -> None:
    platform = Platform(reply_window=DAY, templates=True)
    platform.answers = [ContactGoneError("blocked")]
    await ask_by_template(sqlite_database, clock, platform)
    assert {one.state for one in await items(sqlite_database)} == {OutboxState.FAILED}


async def told_of_template(database: Database, status: DeliveryStatus) -> None:
    """By a receipt, after the platform had taken it."""
    template = (await items(database))[1]
    told = message(9, kind=EventKind.STATUS, dedup_key="status:9", status=status, sender=None)
    await take_in(database, NOW, replace(told, external_id=template.external_ids[0], reason="131026"))


async def test_a_template_that_did_not_arrive_fails_the_answer_too(
    sqlite_database: Database, clock: StillClock
) -> None:
    """Sent once more, it asks the citizen once more: nobody waits for an answer to what she never got."""
    one = await ask_by_template(sqlite_database, clock, Platform(reply_window=DAY, templates=True))
    await told_of_template(sqlite_database, DeliveryStatus.FAILED)
    assert [(one.state, one.problem) for one in await items(sqlite_database)] == [
        (OutboxState.FAILED, message_status.NOT_ASKED),
        (OutboxState.SENT, ""),
    ]
    await send_again(sqlite_database, 1)
    for _ in range(2):
        await one.send_due()
    assert [one.state for one in await items(sqlite_database)] == [
        OutboxState.QUEUED,
        OutboxState.SENT,
        OutboxState.SENT,
    ]


async def send_again(database: Database, item_id: int) -> None:
    async with database.write() as session:
        assert await outbox.take_undecided(session, item_id)


async def test_after_a_refused_template_another_asks(sqlite_database: Database, clock: StillClock) -> None:
    platform = Platform(reply_window=DAY, templates=True)
    platform.answers = [RequestRefusedError("no template is set up")]
    one = await ask_by_template(sqlite_database, clock, platform)
    await send_again(sqlite_database, 1)
    for _ in range(2):
        await one.send_due()
    assert [one.state for one in await items(sqlite_database)] == [
        OutboxState.QUEUED,
        OutboxState.FAILED,
        OutboxState.SENT,
    ]


async def test_a_template_is_not_needed_once_she_has_written(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database, user_id=await a_person(sqlite_database))
    platform = Platform(reply_window=DAY, templates=True)
    clock.advance(days=2)
    one = sender(sqlite_database, platform, clock)
    await one.send_due()
    await take_in(
        sqlite_database, clock.now() + timedelta(seconds=1), message(2, sent_at=clock.now() + timedelta(seconds=1))
    )
    clock.advance(minutes=1)
    await one.send_due()
    assert [one.mode for one in platform.messages] == [SendMode.REPLY]
    assert [one.state for one in await items(sqlite_database)] == [OutboxState.SENT, OutboxState.CANCELLED]


@pytest.mark.parametrize("days", [0, 8])
async def test_a_private_answer_is_held_to_the_rules_of_its_moment(
    sqlite_database: Database, clock: StillClock, days: int
) -> None:
    """Blocked after it was queued, or kept waiting beyond the platform's seven days."""
    person = await a_person(sqlite_database)
    await queue_text(sqlite_database, user_id=person, mode=SendMode.PRIVATE_REPLY, reply_to="m1")
    if not days:
        await block(sqlite_database)
    clock.advance(days=days)
    platform = Platform(private_reply_window=WEEK)
    await sender(sqlite_database, platform, clock).send_due()
    assert (platform.tries, (await item(sqlite_database)).state) == (0, OutboxState.FAILED)


async def block(database: Database) -> None:
    async with database.write() as session:
        identity = (await session.exec(select(Identity))).one()
        await citizens.set_blocked(session, identity.id or 0, at=NOW)


async def test_nothing_is_tried_for_somebody_who_is_gone_until_she_writes(
    sqlite_database: Database, clock: StillClock
) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [ContactGoneError("blocked")]
    await sender(sqlite_database, platform, clock).send_due()
    clock.advance(minutes=1)
    await queue_another(sqlite_database, "2")
    await sender(sqlite_database, platform, clock).send_due()
    assert platform.tries == 1
    clock.advance(minutes=1)
    await take_in(sqlite_database, clock.now(), message(2))
    await queue_another(sqlite_database, "3")
    await sender(sqlite_database, platform, clock).send_due()
    assert [one.state for one in await items(sqlite_database)] == [
        OutboxState.FAILED,
        OutboxState.FAILED,
        OutboxState.SENT,
    ]


async def test_a_bot_has_no_word_for_somebody_who_is_blocked(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database)
    await block(sqlite_database)
    platform = Platform()
    await sender(sqlite_database, platform, clock).send_due()
    assert platform.tries == 0
    assert (await item(sqlite_database)).state is OutboxState.CANCELLED


async def test_a_full_bucket_lets_a_text_wait_untried(sqlite_database: Database, clock: StillClock) -> None:
    limit = SendLimit(name="pair", burst=1, every=timedelta(seconds=6), per_person=True)
    platform = Platform(send_limits=(limit,))
    await queue_text(sqlite_database)
    await queue_another(sqlite_database, "2")
    one = sender(sqlite_database, platform, clock)
    await one.send_due()
    waiting = (await items(sqlite_database))[1]
    assert (waiting.state, waiting.attempts, waiting.not_before) == (OutboxState.QUEUED, 0, NOW + limit.every)
    clock.advance(seconds=6)
    await one.send_due()
    assert platform.tries == 2


async def test_what_a_send_costs_is_counted_and_bots_fall_silent_when_it_is_spent(
    sqlite_database: Database, clock: StillClock
) -> None:
    platform = Platform(price=Decimal("0.6"))
    await queue_text(sqlite_database)
    for key in ("2", "3"):
        await queue_another(sqlite_database, key)
    async with sqlite_database.write() as session:
        await costs.set_budget(session, 1, "0.5")
        await outbox.cancel(session, 3)
    one = sender(sqlite_database, platform, clock)
    async with sqlite_database.write() as session:
        await costs.note(session, 1, kind="read:updates", pieces=1, price=Decimal("0.5"), at=NOW)
    assert await one.send_due() == 0
    clock.advance(days=1)
    assert await one.send_due() == 2
    async with sqlite_database.read() as session:
        (day,) = await costs.report(session, since=clock.now())
    assert (day.kind, day.pieces, day.dollars) == ("send", 2, Decimal("1.2"))
