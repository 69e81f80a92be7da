"""The sender: what is due leaves once, and every answer of the platform has its outcome."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bots.file_folder import FolderFileStore
from bots.queues.local import LocalBus
from bots.sender import MOST_TRIES, Sender
from inbox.repositories import outbox
from inbox.rules.refusals import explained, in_words
from models.clock import StillClock
from models.db import Database
from models.enums import (
    AccountState,
    AttachmentKind,
    Author,
    DeliveryStatus,
    EventKind,
    OutboxState,
)
from models.errors import (
    AccountPausedError,
    ChannelError,
    ContactGoneError,
    PersonLimitedError,
    RateLimitedError,
    ReauthoriseError,
    TransientError,
    WindowClosedError,
)
from models.messages import Sender as Citizen
from models.tables import Account, Message, MessageAttachment
from tests.bots.sending import Platform, item, items, queue_another, queue_text, sender
from tests.builders import message, take_in
from tests.conftest import NOW


async def test_a_due_text_leaves_once_and_is_kept(database: Database, clock: StillClock) -> None:
    await queue_text(database)
    platform = Platform()
    assert await sender(database, platform, clock).send_due() == 1
    assert await sender(database, platform, clock).send_due() == 0
    sent = await item(database)
    assert (sent.state, sent.external_ids, sent.sent_at) == (OutboxState.SENT, [f"out-{sent.id}"], NOW)
    async with database.read() as session:
        kept = (await session.exec(select(Message).where(Message.outbox_id == sent.id))).one()
    assert (kept.text, kept.author, kept.status) == ("Ekip yola çıktı.", Author.BOT, DeliveryStatus.SENT)


@pytest.mark.parametrize(
    ("facts", "text", "offered"),
    [
        ({"quick_replies": True}, "Sorununuz çözüldü mü?", ("Evet", "Hayır")),
        ({"quick_replies": True}, "Ekip yola çıktı.", ()),
        ({"quick_replies": False}, "Sorununuz çözüldü mü?", ()),
    ],
)
async def test_a_question_leaves_with_its_answers(
    sqlite_database: Database, clock: StillClock, facts: dict[str, bool], text: str, offered: tuple[str, ...]
) -> None:
    await queue_text(sqlite_database, text=text)
    platform = Platform(**facts)
    await sender(sqlite_database, platform, clock).send_due()
    assert [one.quick_replies for one in platform.messages] == [offered]


async def test_a_text_waits_for_its_time(database: Database, clock: StillClock) -> None:
    await queue_text(database, not_before=NOW + timedelta(seconds=10))
    platform = Platform()
    assert await sender(database, platform, clock).send_due() == 0
    clock.advance(seconds=10)
    assert await sender(database, platform, clock).send_due() == 1


async def test_a_text_that_was_taken_back_never_leaves(database: Database, clock: StillClock) -> None:
    item_id = await queue_text(database, not_before=NOW + timedelta(seconds=10))
    async with database.write() as session:
        assert await outbox.cancel(session, item_id)
    clock.advance(minutes=1)
    platform = Platform()
    await sender(database, platform, clock).send_due()
    assert platform.accepted == {}


async def test_a_passing_fault_is_tried_again(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [TransientError("503"), TransientError("503")]
    for _ in range(3):
        await sender(sqlite_database, platform, clock).send_due()
        clock.advance(minutes=20)
    assert platform.tries == 3
    assert (await item(sqlite_database)).state is OutboxState.SENT


async def test_endless_faults_end_in_a_failure_that_is_shown(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [TransientError("503") for _ in range(20)]
    for _ in range(20):
        await sender(sqlite_database, platform, clock).send_due()
        clock.advance(hours=3)
    assert platform.tries == MOST_TRIES + 2
    failed = await item(sqlite_database)
    assert (failed.state, failed.problem) == (OutboxState.FAILED, "Platformda geçici bir sorun var.")


async def test_a_rate_limit_waits_for_the_stated_time(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [RateLimitedError("429", retry_at=NOW + timedelta(minutes=7))]
    await sender(sqlite_database, platform, clock).send_due()
    clock.advance(minutes=6)
    assert await sender(sqlite_database, platform, clock).send_due() == 0
    clock.advance(minutes=1)
    assert await sender(sqlite_database, platform, clock).send_due() == 1


@pytest.mark.parametrize("error", [ContactGoneError("blocked"), WindowClosedError("24 h")])
async def test_a_refusal_is_final_and_shown(sqlite_database: Database, clock: StillClock, error: ChannelError) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [error]
    await sender(sqlite_database, platform, clock).send_due()
    failed = await item(sqlite_database)
    assert (failed.state, failed.problem) == (OutboxState.FAILED, in_words(error))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ReauthoriseError("token"), AccountState.REAUTHORISE),
        (AccountPausedError("billing"), AccountState.PAUSED),
    ],
)
async def test_dead_credentials_pause_the_account_and_keep_the_text(
    sqlite_database: Database, clock: StillClock, error: ChannelError, state: AccountState
) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [error]
    await sender(sqlite_database, platform, clock).send_due()
    async with sqlite_database.read() as session:
        account = (await session.exec(select(Account))).one()
    assert (account.state, account.state_detail) == (state, explained(error))
    assert (await item(sqlite_database)).state is OutboxState.QUEUED
    clock.advance(minutes=16)
    await sender(sqlite_database, platform, clock).send_due()
    assert (await item(sqlite_database)).state is OutboxState.SENT


async def test_a_refusal_of_one_text_holds_up_no_others(sqlite_database: Database, clock: StillClock) -> None:
    """A permission that is missing for one post alone: others leave before it, and then it is shown as failed."""
    await queue_text(sqlite_database)
    await queue_another(sqlite_database, "2")
    platform = Platform()
    platform.answers = [ReauthoriseError("10"), None, ReauthoriseError("10")]
    one = sender(sqlite_database, platform, clock)
    await one.send_due()
    assert [one.state for one in await items(sqlite_database)] == [OutboxState.QUEUED, OutboxState.QUEUED]
    clock.advance(minutes=15)
    await one.send_due()
    assert [one.state for one in await items(sqlite_database)] == [OutboxState.FAILED, OutboxState.SENT]


async def test_who_was_written_to_too_often_holds_up_nobody_else(sqlite_database: Database, clock: StillClock) -> None:
    """[WhatsApp 131056] Her next text waits with the first, untried: each try would make the wait longer."""
    await queue_text(sqlite_database)
    await queue_another(sqlite_database, "2")
    (other,) = (
        await take_in(
            sqlite_database,
            NOW,
            message(2, thread_id="chat-2", sender=Citizen(external_id="citizen-2", display_name="Can")),
        )
    ).conversation_ids
    await queue_another(sqlite_database, "3", conversation_id=other)
    platform = Platform()
    platform.answers = [PersonLimitedError("131056", retry_at=NOW + timedelta(seconds=4))]
    await sender(sqlite_database, platform, clock).send_due()
    assert [(one.state, one.attempts) for one in await items(sqlite_database)] == [
        (OutboxState.QUEUED, 1),
        (OutboxState.QUEUED, 0),
        (OutboxState.SENT, 1),
    ]
    clock.advance(seconds=4)
    await sender(sqlite_database, platform, clock).send_due()
    assert {one.state for one in await items(sqlite_database)} == {OutboxState.SENT}


async def test_an_echo_that_came_first_becomes_our_record(database: Database, clock: StillClock) -> None:
    item_id = await queue_text(database)
    echo = message(9, "Ekip yola çıktı.", kind=EventKind.ECHO, dedup_key="echo:9", external_id=f"out-{item_id}")
    await take_in(database, NOW, replace(echo, extra={"recipient_id": "citizen-1"}))
    await sender(database, Platform(), clock).send_due()
    async with database.read() as session:
        kept = (await session.exec(select(Message).where(Message.external_id == f"out-{item_id}"))).all()
    assert [(one.author, one.outbox_id) for one in kept] == [(Author.BOT, item_id)]


async def test_a_receipt_that_came_first_is_applied(database: Database, clock: StillClock) -> None:
    item_id = await queue_text(database)
    receipt = message(
        9, kind=EventKind.STATUS, dedup_key="status", external_id=f"out-{item_id}", status=DeliveryStatus.READ
    )
    await take_in(database, NOW, receipt)
    await sender(database, Platform(), clock).send_due()
    async with database.read() as session:
        kept = (await session.exec(select(Message).where(Message.outbox_id == item_id))).one()
    assert kept.status is DeliveryStatus.READ


async def test_files_leave_with_their_bytes_and_stay_with_the_message(
    database: Database, clock: StillClock, tmp_path: Path
) -> None:
    store = FolderFileStore(tmp_path)
    row = {"kind": "image", "mime_type": "image/png", "file_name": "plan.png", "size": 3, "stored_as": "answers/1"}
    await store.put("answers/1", b"png")
    await queue_text(database, files=[row])
    platform = Platform()
    sending = Sender(account_id=1, connector=platform, database=database, bus=LocalBus(), clock=clock, files=store)  # type: ignore[arg-type]
    await sending.send_due()
    (left,) = platform.messages
    assert [(file.file_name, file.data) for file in left.attachments] == [("plan.png", b"png")]
    async with database.read() as session:
        kept = (await session.exec(select(MessageAttachment))).one()
    assert (kept.stored_as, kept.kind, kept.fetch_at) == ("answers/1", AttachmentKind.IMAGE, None)


async def test_an_answer_whose_file_is_gone_fails(database: Database, clock: StillClock, tmp_path: Path) -> None:
    row = {"kind": "image", "mime_type": "image/png", "file_name": "plan.png", "size": 3, "stored_as": "answers/1"}
    await queue_text(database, files=[row])
    platform, store = Platform(), FolderFileStore(tmp_path)
    sending = Sender(account_id=1, connector=platform, database=database, bus=LocalBus(), clock=clock, files=store)  # type: ignore[arg-type]
    await sending.send_due()
    assert platform.messages == []
    assert (await item(database)).state is OutboxState.FAILED
