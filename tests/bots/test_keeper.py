"""Probes, renewals, accounts that work again, alarms."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bots.keeper import Keeper
from bots.queues.local import LocalBus, LocalLease
from inbox.repositories import operations
from models.clock import StillClock
from models.credentials import CredentialReport, Renewal
from models.db import Database
from models.enums import AccountState
from models.errors import ChannelError, ReauthoriseError, TransientError
from models.messages import AccountIdentity
from models.profile import Profile
from models.tables import Account, AccountFigure
from tests.builders import message, set_up, take_in
from tests.conftest import NOW

IDENTITY = AccountIdentity(external_id="account-telegram", name="HİM", followers=41, posts=310)


class Credentials:
    """A connector whose credentials can be broken, lack something, or die."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.fault: ChannelError | None = None
        self.lacks: tuple[str, ...] = ()
        self.expires_at: datetime | None = None
        self.probes = 0
        self.renewals = 0
        self.in_use = "first"
        self.life = timedelta(days=60)
        self.refusal: Exception | None = None

    async def examine(self, account_id: int) -> CredentialReport:
        self.probes += 1
        if self.fault:
            raise self.fault
        return CredentialReport(identity=IDENTITY, expires_at=self.expires_at, missing_permissions=self.lacks)

    async def renew(self, account_id: int) -> Renewal:
        self.renewals += 1
        if self.refusal:
            raise self.refusal
        self.in_use, self.expires_at = "fresh", self.clock.now() + self.life
        return Renewal(values={"access_token": "fresh"}, expires_at=self.expires_at)


class Kept:
    def __init__(self, database: Database, clock: StillClock, profile: Profile) -> None:
        self.database = database
        self.credentials = Credentials(clock)
        self.keeper = Keeper(
            credentials=self.credentials,
            database=database,
            bus=LocalBus(),
            lease=LocalLease(),
            clock=clock,
            profile=profile,
        )

    async def account(self) -> Account:
        async with self.database.read() as session:
            return await session.get_one(Account, 1)


@pytest.fixture
async def kept(sqlite_database: Database, clock: StillClock, profile: Profile) -> Kept:
    await set_up(sqlite_database, NOW)
    return Kept(sqlite_database, clock, profile)


async def test_credentials_are_looked_at_once_a_day(kept: Kept, clock: StillClock) -> None:
    for _ in range(30):
        await kept.keeper.look()
        clock.advance(hours=1)
    assert kept.credentials.probes == 2


async def test_followers_and_posts_are_kept_day_by_day(kept: Kept, clock: StillClock) -> None:
    """[İ8a5, İ8a6] What the daily look at the credentials tells; a second look on the same day replaces the first."""
    for hours in (0, 1, 24):
        clock.advance(hours=hours)
        await kept.keeper.probe(1)
    async with kept.database.read() as session:
        rows = (await session.exec(select(AccountFigure).order_by(AccountFigure.day))).all()
    assert [(row.day.day, row.followers, row.posts) for row in rows] == [(23, 41, 310), (24, 41, 310)]


async def test_dead_credentials_are_shown_and_looked_at_until_they_live(kept: Kept, clock: StillClock) -> None:
    kept.credentials.fault = ReauthoriseError("token expired")
    await kept.keeper.look()
    account = await kept.account()
    assert account.state is AccountState.REAUTHORISE
    assert account.state_detail.endswith("yeniden bağlamalı. Teknik ayrıntı: token expired")
    kept.credentials.fault = None
    states = []
    for _ in range(3):
        clock.advance(minutes=10)
        await kept.keeper.look()
        states.append((await kept.account()).state)
    assert states == [AccountState.DEGRADED, AccountState.OK, AccountState.OK]


async def test_a_passing_fault_degrades_only_when_it_stays(kept: Kept, clock: StillClock) -> None:
    kept.credentials.fault = TransientError("503")
    states = []
    for _ in range(3):
        await kept.keeper.probe(1)
        states.append((await kept.account()).state)
    assert states == [AccountState.OK, AccountState.OK, AccountState.DEGRADED]


async def test_a_missing_permission_is_named(kept: Kept) -> None:
    kept.credentials.lacks = ("pages_messaging",)
    await kept.keeper.look()
    account = await kept.account()
    assert account.state is AccountState.DEGRADED
    assert "pages_messaging" in account.state_detail


async def test_renewed_weekly(kept: Kept, clock: StillClock) -> None:
    for _ in range(9 * 24):
        await kept.keeper.look()
        clock.advance(hours=1)
    assert kept.credentials.renewals == 1
    assert kept.credentials.in_use == "fresh"
    async with kept.database.read() as session:
        health = await operations.health(session, 1)
    assert health.expires_at is not None
    assert (health.expires_at - clock.now()).days in range(57, 60)


async def test_tokens_of_two_hours_are_renewed_before_they_die(kept: Kept, clock: StillClock) -> None:
    kept.credentials.life = timedelta(hours=2)
    kept.credentials.expires_at = clock.now()
    await kept.keeper.probe(1)
    least = timedelta.max
    for _ in range(12 * 60):
        await kept.keeper.look()
        least = min(least, kept.credentials.expires_at - clock.now())
        clock.advance(minutes=1)
    assert kept.credentials.renewals == 8
    assert least > timedelta(minutes=25)


async def test_what_fails_for_one_account_stops_nothing_else(kept: Kept, clock: StillClock) -> None:
    kept.credentials.expires_at = clock.now()
    await kept.keeper.probe(1)
    kept.credentials.refusal = ValueError("nobody foresaw this answer")
    clock.advance(days=1, minutes=1)
    await kept.keeper.look()
    assert (kept.credentials.renewals, kept.credentials.probes) == (1, 2)


async def test_a_refused_renewal_asks_for_a_person_and_is_tried_seldom(kept: Kept, clock: StillClock) -> None:
    kept.credentials.expires_at = clock.now()
    kept.credentials.refusal = ReauthoriseError("refresh token was used")
    await kept.keeper.probe(1)
    kept.credentials.fault = ReauthoriseError("token expired")
    for _ in range(20):
        await kept.keeper.look()
        clock.advance(minutes=1)
    assert kept.credentials.renewals == 2
    assert (await kept.account()).state is AccountState.REAUTHORISE


async def test_an_account_is_well_again_right_after_its_renewal(kept: Kept, clock: StillClock) -> None:
    kept.credentials.fault = ReauthoriseError("token expired")
    kept.credentials.expires_at = clock.now()
    await kept.keeper.probe(1)
    async with kept.database.write() as session:
        (await operations.health(session, 1)).expires_at = clock.now()
    kept.credentials.fault = None
    await kept.keeper.look()
    assert (await kept.account()).state is AccountState.DEGRADED


async def test_an_account_that_falls_silent_raises_one_alarm(kept: Kept, clock: StillClock) -> None:
    for number in range(8 * 24):
        await take_in(kept.database, clock.now(), message(number, sent_at=clock.now()))
        clock.advance(hours=1)
    await kept.keeper.look()
    async with kept.database.read() as session:
        assert (await operations.health(session, 1)).silent_since is None
    spoke = clock.now() - timedelta(hours=1)
    clock.advance(hours=16)
    await kept.keeper.look()
    async with kept.database.read() as session:
        assert (await operations.health(session, 1)).silent_since == spoke
    await take_in(kept.database, clock.now(), message("again", sent_at=clock.now()))
    await kept.keeper.look()
    async with kept.database.read() as session:
        assert (await operations.health(session, 1)).silent_since is None
