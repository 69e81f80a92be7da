"""Texts that perhaps left: looked up, never repeated blindly; pieces that were accepted stay known."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bots.queues.local import LocalBus, LocalLease
from bots.sender import CHECK_PAUSE, Sender
from inbox.repositories import outbox
from models.clock import StillClock
from models.db import Database
from models.enums import (
    OutboxState,
)
from models.errors import (
    ContactGoneError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)
from models.messages import OutboundMessage, SendResult
from models.ports import PieceAccepted
from tests.bots.sending import Platform, item, items, queue_another, queue_text, sender
from tests.conftest import NOW


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


@pytest.mark.parametrize(
    "fault",
    [
        TransientError("503"),
        RateLimitedError("429", retry_at=NOW + timedelta(minutes=1)),
        RequestRefusedError("the comment is gone"),
        ContactGoneError("blocked"),
        WindowClosedError("over"),
    ],
)
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


async def test_a_sender_whose_claim_ran_out_changes_nothing_any_more(database: Database, clock: StillClock) -> None:
    await queue_text(database)
    async with database.write() as session:
        (row,) = await outbox.claim(session, 1, now=NOW, seconds=-1)
        slow = row.model_copy()
    async with database.write() as session:
        (quick,) = await outbox.claim(session, 1, now=NOW, seconds=60)
        mine = quick.model_copy()
    async with database.write() as session:
        await outbox.give_back(session, [slow], until=NOW)
        await outbox.postpone(session, slow, until=NOW, problem="late", perhaps_sent=False)
        assert not await outbox.give_up(session, slow, state=OutboxState.FAILED, problem="late")
    found = await item(database)
    assert (found.state, found.claim_expires, found.problem) == (OutboxState.SENDING, mine.claim_expires, "")


async def test_what_was_sent_is_recorded_whoever_holds_the_claim(database: Database, clock: StillClock) -> None:
    """Once: neither the costs nor the messages stand twice."""
    await queue_text(database)
    async with database.write() as session:
        (row,) = await outbox.claim(session, 1, now=NOW, seconds=-1)
        slow = row.model_copy()
    async with database.write() as session:
        (quick,) = await outbox.claim(session, 1, now=NOW, seconds=60)
    async with database.write() as session:
        assert await outbox.record_sent(session, slow, external_ids=["out-1"], at=NOW)
        assert not await outbox.record_sent(session, quick, external_ids=["out-2"], at=NOW)
        assert not await outbox.give_up(session, quick, state=OutboxState.UNKNOWN, problem="")
    found = await item(database)
    assert (found.state, found.external_ids) == (OutboxState.SENT, ["out-1"])


@pytest.mark.parametrize("is_dead", [True, False])
async def test_texts_of_a_sender_that_is_known_to_be_dead_wait_no_longer(
    sqlite_database: Database, clock: StillClock, is_dead: bool
) -> None:
    await queue_text(sqlite_database)
    async with sqlite_database.write() as session:
        await outbox.claim(session, 1, now=NOW, seconds=120, owner="other")

    class Leases(LocalLease):
        async def acquire(self, name: str, *, seconds: float) -> bool:
            return is_dead or name != "sender:other"

    platform = Platform()
    living = Sender(
        account_id=1,
        connector=platform,  # type: ignore[arg-type]
        database=sqlite_database,
        bus=LocalBus(),
        clock=clock,
        lease=Leases(),
    )
    await living.free_the_dead()
    await living.send_due()
    assert platform.tries == (1 if is_dead else 0)


async def test_a_sender_that_is_stopped_leaves_nothing_claimed(sqlite_database: Database, clock: StillClock) -> None:
    """What it had begun counts as perhaps sent, the rest was never tried."""
    await queue_text(sqlite_database)
    await queue_another(sqlite_database, "1:answer:2")
    begun = asyncio.Event()

    class Slow(Platform):
        async def send(self, message: OutboundMessage, *, on_accepted: PieceAccepted | None = None) -> SendResult:
            begun.set()
            await asyncio.sleep(60)
            raise AssertionError("not reached")

    running = asyncio.create_task(sender(sqlite_database, Slow(), clock).run())
    await begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    platform = Platform()
    await sender(sqlite_database, platform, clock).send_due()
    assert [one.state for one in await items(sqlite_database)] == [OutboxState.SENT] * 2
    assert platform.tries == 2
