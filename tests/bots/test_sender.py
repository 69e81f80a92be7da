"""The sender: nothing is sent twice, nothing is forgotten, and what nobody can know is said."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bots.file_folder import FolderFileStore
from bots.queues.local import LocalBus
from bots.sender import CHECK_PAUSE, MOST_TRIES, Sender
from inbox.repositories import accounts, citizens, outbox
from inbox.services import costs
from models.channel_facts import ChannelFacts, SendLimit, SurfaceFacts
from models.clock import StillClock
from models.db import Database
from models.enums import (
    AccountState,
    AttachmentKind,
    Author,
    DeliveryStatus,
    EventKind,
    OutboxState,
    Purpose,
    SendMode,
    Surface,
)
from models.errors import (
    AccountPausedError,
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    ReauthoriseError,
    TransientError,
    WindowClosedError,
)
from models.messages import OutboundMessage, SendResult
from models.ports import PieceAccepted
from models.tables import Account, Identity, Message, MessageAttachment, OutboxItem, User
from tests.builders import TELEGRAM, message, set_up, take_in
from tests.conftest import NOW


class Platform:
    """A local platform: remembers what it accepted; answers as the test tells it."""

    def __init__(
        self, *, checks: bool = True, pieces: int = 1, send_limits: tuple[SendLimit, ...] = (), **facts: Any
    ) -> None:
        self.facts = ChannelFacts(
            channel=TELEGRAM,
            title="",
            glyph="",
            surfaces={Surface.DIRECT: SurfaceFacts(limit=100, measure=len, **facts)} if facts else {},
            checks_outcome=checks,
            send_limits=send_limits,
        )
        self.pieces = pieces
        self.messages: list[OutboundMessage] = []
        self.accepted: dict[str, str] = {}
        self.tries = 0
        self.answers: list[Exception | None] = []
        self.accept_before_failing = False

    async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
        self.messages.append(message)
        if self.pieces > 1:
            return await self._send_pieces(message, on_accepted)
        self.tries += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or self.accept_before_failing:
            assert message.reference not in self.accepted, "sent twice"
            self.accepted[message.reference] = message.text
        if answer:
            raise answer
        return SendResult(external_ids=(f"out-{message.reference}",))

    async def _send_pieces(self, message: OutboundMessage, on_accepted: PieceAccepted | None) -> SendResult:
        ids = list(message.accepted)
        while len(ids) < self.pieces:
            if answer := self.answers.pop(0) if self.answers else None:
                raise answer
            ids.append(f"out-{message.reference}-{len(ids) + 1}")
            assert ids[-1] not in self.accepted, "a piece was sent twice"
            self.accepted[ids[-1]] = message.text
            if on_accepted and len(ids) < self.pieces:
                await on_accepted(ids[-1])
        return SendResult(external_ids=tuple(ids))

    async def check(self, message: OutboundMessage, *, since: datetime) -> SendResult | None:
        if not self.facts.checks_outcome:
            raise OutcomeUnknownError("nobody can look")
        if message.reference in self.accepted:
            return SendResult(external_ids=(f"out-{message.reference}",))
        return None


async def queue_text(database: Database, **changes: Any) -> int:
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1))).conversation_ids
    fields: dict[str, Any] = {
        "unique_key": "1:answer:1",
        "conversation_id": key,
        "account_id": 1,
        "purpose": Purpose.ANSWER,
        "text": "Ekip yola çıktı.",
        "not_before": NOW,
        "created_at": NOW,
    }
    async with database.write() as session:
        (item_id,) = await outbox.add(session, [OutboxItem(**{**fields, **changes})])
    return item_id


def sender(database: Database, platform: Platform, clock: StillClock) -> Sender:
    return Sender(account_id=1, connector=platform, database=database, bus=LocalBus(), clock=clock)  # type: ignore[arg-type]


async def item(database: Database) -> OutboxItem:
    async with database.read() as session:
        return (await session.exec(select(OutboxItem))).one()


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
    assert (failed.state, failed.problem) == (OutboxState.FAILED, "503")


async def test_a_rate_limit_waits_for_the_stated_time(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [RateLimitedError("429", retry_at=NOW + timedelta(minutes=7))]
    await sender(sqlite_database, platform, clock).send_due()
    clock.advance(minutes=6)
    assert await sender(sqlite_database, platform, clock).send_due() == 0
    clock.advance(minutes=1)
    assert await sender(sqlite_database, platform, clock).send_due() == 1


async def test_an_accepted_send_without_an_answer_is_found_and_not_repeated(
    database: Database, clock: StillClock
) -> None:
    await queue_text(database)
    platform = Platform()
    platform.accept_before_failing = True
    platform.answers = [OutcomeUnknownError("time-out")]
    await sender(database, platform, clock).send_due()
    clock.advance(seconds=CHECK_PAUSE.total_seconds())
    await sender(database, platform, clock).send_due()
    assert platform.tries == 1
    assert (await item(database)).state is OutboxState.SENT


async def test_a_lost_send_is_repeated_after_the_look(database: Database, clock: StillClock) -> None:
    await queue_text(database)
    platform = Platform()
    platform.answers = [OutcomeUnknownError("time-out")]
    await sender(database, platform, clock).send_due()
    clock.advance(seconds=CHECK_PAUSE.total_seconds())
    await sender(database, platform, clock).send_due()
    assert platform.tries == 2
    assert (await item(database)).state is OutboxState.SENT


async def test_what_nobody_can_look_up_is_never_sent_again(database: Database, clock: StillClock) -> None:
    await queue_text(database)
    platform = Platform(checks=False)
    platform.answers = [OutcomeUnknownError("time-out")]
    for _ in range(3):
        await sender(database, platform, clock).send_due()
        clock.advance(hours=1)
    assert platform.tries == 1
    assert (await item(database)).state is OutboxState.UNKNOWN


@pytest.mark.parametrize(("checks", "state"), [(True, OutboxState.SENT), (False, OutboxState.UNKNOWN)])
async def test_a_sender_that_died_in_the_middle(
    database: Database, clock: StillClock, checks: bool, state: OutboxState
) -> None:
    """It may have sent: the next one looks first, or leaves it to a person."""
    await queue_text(database)
    platform = Platform(checks=checks)
    async with database.write() as session:
        (claimed,) = await outbox.claim(session, 1, now=NOW, seconds=60)
        assert await outbox.start(session, claimed, seconds=-1)
    platform.accepted[str(claimed.id)] = "accepted before the crash"
    await sender(database, platform, clock).send_due()
    assert platform.tries == 0
    assert (await item(database)).state is state


@pytest.mark.parametrize("checks", [True, False])
async def test_what_a_dead_sender_had_claimed_and_not_begun_is_simply_sent(
    sqlite_database: Database, clock: StillClock, checks: bool
) -> None:
    await queue_text(sqlite_database)
    platform = Platform(checks=checks)
    async with sqlite_database.write() as session:
        await outbox.claim(session, 1, now=NOW, seconds=-1)
    await sender(sqlite_database, platform, clock).send_due()
    assert platform.tries == 1
    assert (await item(sqlite_database)).state is OutboxState.SENT


@pytest.mark.parametrize("fault", [TransientError("503"), RateLimitedError("429", retry_at=NOW + timedelta(minutes=1))])
async def test_a_fault_of_the_look_up_leaves_the_text_uncertain(
    sqlite_database: Database, clock: StillClock, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers, platform.accept_before_failing = [OutcomeUnknownError("time-out")], True
    await sender(sqlite_database, platform, clock).send_due()
    whole = platform.check

    async def broken(message: OutboundMessage, *, since: datetime) -> None:
        raise fault

    monkeypatch.setattr(platform, "check", broken)
    clock.advance(minutes=1)
    await sender(sqlite_database, platform, clock).send_due()
    assert (await item(sqlite_database)).perhaps_sent
    monkeypatch.setattr(platform, "check", whole)
    clock.advance(hours=1)
    await sender(sqlite_database, platform, clock).send_due()
    assert platform.tries == 1
    assert (await item(sqlite_database)).state is OutboxState.SENT


async def test_a_text_that_another_sender_took_over_is_left_to_it(database: Database, clock: StillClock) -> None:
    await queue_text(database)
    async with database.write() as session:
        (slow,) = await outbox.claim(session, 1, now=NOW, seconds=-1)
        first_claim = slow.model_copy()
    async with database.write() as session:
        (quick,) = await outbox.claim(session, 1, now=NOW, seconds=60)
    async with database.write() as session:
        assert not await outbox.start(session, first_claim, seconds=60)
        assert await outbox.start(session, quick, seconds=60)


@pytest.mark.parametrize("error", [ContactGoneError("blocked"), WindowClosedError("24 h")])
async def test_a_refusal_is_final_and_shown(sqlite_database: Database, clock: StillClock, error: Exception) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [error]
    await sender(sqlite_database, platform, clock).send_due()
    failed = await item(sqlite_database)
    assert (failed.state, failed.problem) == (OutboxState.FAILED, str(error))


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ReauthoriseError("token"), AccountState.REAUTHORISE),
        (AccountPausedError("billing"), AccountState.PAUSED),
    ],
)
async def test_dead_credentials_pause_the_account_and_keep_the_text(
    sqlite_database: Database, clock: StillClock, error: Exception, state: AccountState
) -> None:
    await queue_text(sqlite_database)
    platform = Platform()
    platform.answers = [error]
    await sender(sqlite_database, platform, clock).send_due()
    async with sqlite_database.read() as session:
        account = (await session.exec(select(Account))).one()
    assert (account.state, account.state_detail) == (state, str(error))
    assert (await item(sqlite_database)).state is OutboxState.QUEUED
    clock.advance(minutes=16)
    await sender(sqlite_database, platform, clock).send_due()
    assert (await item(sqlite_database)).state is OutboxState.SENT


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


async def switch(database: Database, *, bots: bool = True, listen_only: bool = False) -> None:
    async with database.write() as session:
        await accounts.put_setting(session, accounts.BOTS_ENABLED, bots)
        account = await accounts.account(session, 1)
        assert account
        account.listen_only = listen_only
        session.add(account)


async def a_person(database: Database) -> int:
    async with database.write() as session:
        person = User(login="elif", name="Elif", password_hash="", roles=["agent"], created_at=NOW)
        session.add(person)
        await session.flush()
        return person.id or 0


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


@pytest.mark.parametrize("fault", [TransientError("503"), RateLimitedError("429", retry_at=NOW)])
async def test_accepted_pieces_outlive_the_process(database: Database, clock: StillClock, fault: Exception) -> None:
    """Another sender, of another process, goes on behind them."""
    await queue_text(database)
    platform = Platform(pieces=3)
    platform.answers = [None, None, fault]
    await sender(database, platform, clock).send_due()
    halfway = await item(database)
    assert halfway.external_ids == [f"out-{halfway.id}-1", f"out-{halfway.id}-2"]
    clock.advance(minutes=20)
    await sender(database, platform, clock).send_due()
    whole = await item(database)
    assert (whole.state, len(whole.external_ids)) == (OutboxState.SENT, 3)
    assert platform.messages[-1].accepted == tuple(halfway.external_ids)


async def test_what_was_accepted_stays_known_when_nobody_can_tell_the_rest(
    sqlite_database: Database, clock: StillClock
) -> None:
    await queue_text(sqlite_database)
    platform = Platform(pieces=2, checks=False)
    platform.answers = [None, OutcomeUnknownError("time-out")]
    await sender(sqlite_database, platform, clock).send_due()
    unknown = await item(sqlite_database)
    assert (unknown.state, unknown.external_ids) == (OutboxState.UNKNOWN, [f"out-{unknown.id}-1"])


DAY, WEEK = timedelta(hours=24), timedelta(days=7)


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


async def items(database: Database) -> list[OutboxItem]:
    async with database.read() as session:
        return list((await session.exec(select(OutboxItem).order_by(OutboxItem.id))).all())


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


async def test_a_refused_template_fails_the_answer_too(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database, user_id=await a_person(sqlite_database))
    platform = Platform(reply_window=DAY, templates=True)
    platform.answers = [ContactGoneError("blocked")]
    clock.advance(days=2)
    for _ in range(2):
        await sender(sqlite_database, platform, clock).send_due()
    assert {one.state for one in await items(sqlite_database)} == {OutboxState.FAILED}


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


async def queue_another(database: Database, key: str) -> None:
    (first, *_) = await items(database)
    fields = first.model_dump(include={"conversation_id", "account_id", "purpose", "text", "not_before", "created_at"})
    async with database.write() as session:
        await outbox.add(session, [OutboxItem(unique_key=key, **fields)])


async def test_a_bot_has_no_word_for_somebody_who_is_blocked(sqlite_database: Database, clock: StillClock) -> None:
    await queue_text(sqlite_database)
    async with sqlite_database.write() as session:
        identity = (await session.exec(select(Identity))).one()
        await citizens.set_blocked(session, identity.id or 0, at=NOW)
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
