"""Pollers: the cursor moves with what it brought; faults pause, and stop nothing else."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bots.poller import FIRST_PAUSE, LISTENING, Poller
from bots.queues.local import LocalBus, LocalLease, LocalQueue
from inbox.repositories import accounts, deliveries
from inbox.services import costs
from models.channel_facts import ChannelFacts
from models.clock import StillClock
from models.db import Database
from models.enums import AccountState, DeliveryState
from models.errors import ChannelError, RateLimitedError, ReauthoriseError, TransientError
from models.messages import ChannelEvent, Page, Parsed
from models.tables import Account, Delivery, Message
from tests.builders import TELEGRAM, message, set_up
from tests.conftest import NOW


class Stream:
    """A platform with pages of message numbers; the cursor is the next page's index."""

    def __init__(self, pages: list[list[int]]) -> None:
        self.facts = ChannelFacts(channel=TELEGRAM, title="", glyph="", surfaces={}, streams=("updates",))
        self.pages = pages
        self.asked: list[str] = []
        self.fault: ChannelError | None = None

    async def poll(self, stream: str, cursor: str) -> Page:
        self.asked.append(cursor)
        if self.fault:
            raise self.fault
        index = int(cursor or 0)
        if index >= len(self.pages):
            return Page(payload=b"[]", cursor=cursor, empty=True)
        return Page(
            payload=json.dumps(self.pages[index]).encode(), cursor=str(index + 1), more=index + 1 < len(self.pages)
        )

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        return Parsed(events=tuple(_event(number) for number in json.loads(payload)))


def _event(number: int) -> ChannelEvent:
    return message(number, account_id="account-telegram")


def poller(database: Database, platform: Stream, clock: StillClock, queue: LocalQueue | None = None) -> Poller:
    return Poller(
        account_id=1,
        connector=platform,  # type: ignore[arg-type]
        database=database,
        queue=queue or LocalQueue(),
        bus=LocalBus(),
        lease=LocalLease(),
        clock=clock,
    )


async def texts(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.exec(select(Message.external_id).order_by(Message.id))).all())


async def test_a_walk_over_pages_ends_where_nothing_is_left(database: Database, clock: StillClock) -> None:
    await set_up(database, NOW)
    platform = Stream([[1, 2], [3]])
    queue = LocalQueue()
    one = poller(database, platform, clock, queue)
    assert [await one.poll_once("updates") for _ in range(3)] == [True, False, False]
    assert await texts(database) == ["m1", "m2", "m3"]
    assert platform.asked == ["", "1", "2"]
    assert await queue.receive(most=10) == ["1"]


async def test_a_crash_between_pages_skips_nothing(database: Database, clock: StillClock) -> None:
    await set_up(database, NOW)
    platform = Stream([[1, 2], [3]])
    await poller(database, platform, clock).poll_once("updates")
    reborn = poller(database, platform, clock)
    await reborn.poll_once("updates")
    assert await texts(database) == ["m1", "m2", "m3"]


@pytest.mark.parametrize("state", [AccountState.DEGRADED, AccountState.REAUTHORISE, AccountState.PAUSED])
async def test_receiving_goes_on_whatever_keeps_sending(
    sqlite_database: Database, clock: StillClock, state: AccountState
) -> None:
    await set_up(sqlite_database, NOW)
    async with sqlite_database.write() as session:
        await accounts.set_state(session, 1, state, detail="says the platform")
    await poller(sqlite_database, Stream([[1]]), clock).poll_once("updates")
    assert await texts(sqlite_database) == ["m1"]


async def test_an_empty_page_is_not_stored(sqlite_database: Database, clock: StillClock) -> None:
    await set_up(sqlite_database, NOW)
    await poller(sqlite_database, Stream([]), clock).poll_once("updates")
    async with sqlite_database.read() as session:
        assert (await session.exec(select(Delivery))).all() == []


async def test_dead_credentials_are_shown_at_the_account(sqlite_database: Database, clock: StillClock) -> None:
    await set_up(sqlite_database, NOW)
    one = poller(sqlite_database, Stream([]), clock)
    await one._pause_after(ReauthoriseError("token expired"), "updates", 1)
    async with sqlite_database.read() as session:
        account = await session.get_one(Account, 1)
    assert account.state is AccountState.REAUTHORISE
    assert account.state_detail.endswith("yeniden bağlamalı. Teknik ayrıntı: token expired")


@pytest.mark.parametrize(
    ("error", "failures", "pause"),
    [
        (RateLimitedError("429", retry_at=NOW + timedelta(minutes=9)), 1, timedelta(minutes=9)),
        (TransientError("503"), 1, FIRST_PAUSE),
        (TransientError("503"), 3, FIRST_PAUSE * 4),
        (TransientError("503"), 99, timedelta(minutes=15)),
    ],
)
async def test_pauses_follow_the_platform_or_grow(
    sqlite_database: Database, clock: StillClock, error: ChannelError, failures: int, pause: timedelta
) -> None:
    await set_up(sqlite_database, NOW)
    assert await poller(sqlite_database, Stream([]), clock)._pause_after(error, "updates", failures) == pause


async def test_a_fault_moves_no_cursor(sqlite_database: Database, clock: StillClock) -> None:
    await set_up(sqlite_database, NOW)
    platform = Stream([[1]])
    platform.fault = TransientError("503")
    with pytest.raises(TransientError):
        await poller(sqlite_database, platform, clock).poll_once("updates")
    async with sqlite_database.read() as session:
        assert await accounts.cursor(session, 1, "updates") == ""


async def test_listening_stops_before_the_money_is_spent_and_the_rest_goes_on(
    sqlite_database: Database, clock: StillClock
) -> None:
    await set_up(sqlite_database, NOW)
    platform = Stream([[1, 2], [3]])
    platform.facts = replace(platform.facts, read_prices={"updates": Decimal("0.4"), LISTENING: Decimal(1)})
    async with sqlite_database.write() as session:
        await costs.set_budget(session, 1, "1")
    one = poller(sqlite_database, platform, clock)
    await one.poll_once("updates")
    assert await one.poll_once(LISTENING) is False
    assert platform.asked == [""]
    await one.poll_once("updates")
    assert await texts(sqlite_database) == ["m1", "m2", "m3"]
    async with sqlite_database.read() as session:
        (day,) = await costs.report(session, since=NOW)
    assert (day.kind, day.pieces, day.dollars) == ("read:updates", 3, Decimal("1.2"))


async def test_a_page_that_cannot_be_stored_is_kept_raw_and_passed(database: Database, clock: StillClock) -> None:
    """A poisoned page must not be asked for until the end of days."""
    await set_up(database, NOW)
    platform = Stream([[1], [2]])
    whole = platform.parse

    def parse(payload: bytes, *, stream: str = "") -> Parsed:
        parsed = whole(payload, stream=stream)
        if any(event.external_id == "m1" for event in parsed.events):
            return Parsed(events=tuple(replace(event, text="\ud800") for event in parsed.events))
        return parsed

    platform.parse = parse  # type: ignore[method-assign]
    one = poller(database, platform, clock)
    await one.poll_once("updates")
    await one.poll_once("updates")
    assert await texts(database) == ["m2"]
    async with database.read() as session:
        kept = await deliveries.unreadable(session)
    assert [(row.state, row.body is not None) for row in kept] == [(DeliveryState.PARTIAL, True)]
