"""Probes, renewals, accounts that work again, alarms."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bots.keeper import Keeper
from bots.queues.local import LocalBus, LocalLease
from bots.secret_files import FileSecretStore
from inbox.repositories import operations
from models.clock import StillClock
from models.credentials import CredentialReport, KeepSecrets
from models.db import Database
from models.enums import AccountState
from models.errors import ChannelError, ReauthoriseError, TransientError
from models.messages import AccountIdentity
from models.profile import Profile
from models.tables import Account
from tests.builders import message, set_up, take_in
from tests.conftest import NOW

IDENTITY = AccountIdentity(external_id="account-telegram", name="HİM")


class Credentials:
    """A connector whose credentials can be broken, lack something, or die."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.fault: ChannelError | None = None
        self.lacks: tuple[str, ...] = ()
        self.expires_at: datetime | None = None
        self.probes = 0
        self.in_use = "first"
        self.kept_before_use: list[str] = []

    async def probe(self) -> CredentialReport:
        self.probes += 1
        if self.fault:
            raise self.fault
        return CredentialReport(identity=IDENTITY, expires_at=self.expires_at, missing_permissions=self.lacks)

    async def renew(self, keep: KeepSecrets) -> datetime | None:
        fresh = f"token-{self.clock.now():%d%H}"
        await keep({"access_token": fresh})
        self.kept_before_use.append(self.in_use)
        self.in_use = fresh
        self.expires_at = self.clock.now() + timedelta(days=60)
        return self.expires_at


class Kept:
    def __init__(self, database: Database, clock: StillClock, profile: Profile, folder: Path) -> None:
        self.database = database
        self.credentials = Credentials(clock)
        self.secrets = FileSecretStore(folder / "secrets.json")
        self.secrets.put("account-1", {"access_token": "first", "app_secret": "stays"})
        connectors: Mapping[int, object] = {1: self.credentials}
        self.keeper = Keeper(
            connectors=connectors,  # type: ignore[arg-type]
            database=database,
            secrets=self.secrets,
            bus=LocalBus(),
            lease=LocalLease(),
            clock=clock,
            profile=profile,
        )

    async def account(self) -> Account:
        async with self.database.read() as session:
            return await session.get_one(Account, 1)


@pytest.fixture
async def kept(sqlite_database: Database, clock: StillClock, profile: Profile, tmp_path: Path) -> Kept:
    await set_up(sqlite_database, NOW)
    return Kept(sqlite_database, clock, profile, tmp_path)


async def test_credentials_are_looked_at_once_a_day(kept: Kept, clock: StillClock) -> None:
    for _ in range(30):
        await kept.keeper.look()
        clock.advance(hours=1)
    assert kept.credentials.probes == 2


async def test_dead_credentials_are_shown_and_looked_at_until_they_live(kept: Kept, clock: StillClock) -> None:
    kept.credentials.fault = ReauthoriseError("token expired")
    await kept.keeper.look()
    account = await kept.account()
    assert (account.state, account.state_detail) == (AccountState.REAUTHORISE, "token expired")
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


async def test_renewed_weekly_and_stored_before_use(kept: Kept, clock: StillClock) -> None:
    await kept.keeper.look()
    assert kept.credentials.in_use == "first"
    clock.advance(days=8)
    await kept.keeper.look()
    await kept.keeper.look()
    assert kept.credentials.kept_before_use == ["first"]
    assert kept.secrets.get("account-1") == {"access_token": kept.credentials.in_use, "app_secret": "stays"}
    async with kept.database.read() as session:
        health = await operations.health(session, 1)
    assert health.expires_at == clock.now() + timedelta(days=60)


async def test_an_account_that_falls_silent_raises_one_alarm(kept: Kept, clock: StillClock) -> None:
    for number in range(14 * 24 * 2):
        await take_in(kept.database, clock.now(), message(number, sent_at=clock.now()))
        clock.advance(minutes=30)
    await kept.keeper.look()
    async with kept.database.read() as session:
        assert (await operations.health(session, 1)).silent_since is None
    spoke = clock.now() - timedelta(minutes=30)
    clock.advance(hours=12)
    await kept.keeper.look()
    async with kept.database.read() as session:
        assert (await operations.health(session, 1)).silent_since == spoke
    await take_in(kept.database, clock.now(), message("again", sent_at=clock.now()))
    await kept.keeper.look()
    async with kept.database.read() as session:
        assert (await operations.health(session, 1)).silent_since is None
