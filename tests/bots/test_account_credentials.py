"""Renewals: one at a time, stored before use, and never undone by what the environment gave at first."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bots.account_credentials import AccountCredentials, secrets_name
from bots.compose import Installation, add_account, connect_accounts, open_installation
from bots.secret_files import FileSecretStore
from bots.settings import Settings, seed_of
from connectors.registry import PLATFORMS
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.simulator import TwitterSimulator
from connectors.whatsapp.settings import WhatsAppSettings
from connectors.whatsapp.simulator import WhatsAppSimulator
from models.clock import StillClock
from models.enums import ChannelName
from models.errors import InputError


@pytest.fixture
async def installation(tmp_path: Path, clock: StillClock) -> AsyncIterator[Installation]:
    opened = await open_installation(Settings(data_dir=tmp_path, secret_key="x" * 40), clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def twitter(clock: StillClock) -> AsyncIterator[TwitterSimulator]:
    simulator = TwitterSimulator(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


def credentials_of(installation: Installation) -> AccountCredentials:
    return AccountCredentials(
        database=installation.database,
        secrets=installation.secrets,
        lease=installation.lease,
        clock=installation.clock,
    )


async def test_renewals_at_once_never_use_a_token_twice(installation: Installation, twitter: TwitterSimulator) -> None:
    account_id = await add_account(installation, TwitterSettings(**twitter.oauth2_settings()), name="X")
    keeping = credentials_of(installation)
    await asyncio.gather(*(keeping.renew(account_id) for _ in range(4)))
    assert (twitter.tokens.renewals, twitter.tokens.reused) == (4, 0)
    kept = installation.secrets.get(secrets_name(account_id))
    assert kept["refresh_token"] == twitter.tokens.refresh_token


async def test_the_daily_look_subscribes_what_the_platform_forgot(
    installation: Installation, clock: StillClock
) -> None:
    simulator = WhatsAppSimulator(clock)
    await simulator.start()
    account_id = await add_account(installation, WhatsAppSettings(**simulator.account_settings()), name="WhatsApp")
    keeping = credentials_of(installation)
    for forgotten, calls in ((False, 1), (False, 1), (True, 2)):
        if forgotten:
            simulator.subscriptions.fields.clear()
        assert await keeping.examine(account_id)
        assert simulator.subscriptions.calls == calls
    simulator.subscriptions.is_forbidden = True
    report = await keeping.examine(account_id)
    await simulator.stop()
    assert report is not None
    assert report.missing_permissions == ("whatsapp_business_management",)


async def test_connectors_follow_the_new_pair(
    installation: Installation, twitter: TwitterSimulator, clock: StillClock
) -> None:
    account_id = await add_account(installation, TwitterSettings(**twitter.oauth2_settings()), name="X")
    await connect_accounts(installation)
    old = installation.connectors[account_id]
    clock.advance(hours=3)
    await credentials_of(installation).renew(account_id)
    await connect_accounts(installation)
    assert installation.connectors[account_id] is not old
    assert (await installation.connectors[account_id].identify()).external_id == twitter.account.id
    report = await credentials_of(installation).examine(account_id)
    assert report is not None
    assert report.expires_at == clock.now() + timedelta(hours=2)


async def test_a_restart_keeps_the_renewed_pair(installation: Installation, twitter: TwitterSimulator) -> None:
    seed = TwitterSettings(**twitter.oauth2_settings())
    account_id = await add_account(installation, seed, name="X", is_seed=True)
    await credentials_of(installation).renew(account_id)
    await add_account(installation, seed, name="X", is_seed=True)
    kept = installation.secrets.get(secrets_name(account_id))
    assert kept["refresh_token"] == twitter.tokens.refresh_token
    other = seed.model_copy(update={"refresh_token": "given by hand"})
    await add_account(installation, other, name="X", is_seed=True)
    assert installation.secrets.get(secrets_name(account_id))["refresh_token"] == "given by hand"


def _put_many(path: Path, name: str) -> None:
    store = FileSecretStore(path)
    for number in range(40):
        store.put(name, {"token": str(number)})


def test_processes_do_not_undo_each_others_secrets(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_put_many, args=(path, f"account-{number}")) for number in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    store = FileSecretStore(path)
    assert [store.get(f"account-{number}") for number in range(2)] == [{"token": "39"}, {"token": "39"}]
    assert path.stat().st_mode & 0o777 == 0o600


def test_half_a_seed_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ACCESS_TOKEN": "t", "USER_ID": "1", "CLIENT_ID": "c"}.items():
        monkeypatch.setenv(f"TWITTER_{name}", value)
    with pytest.raises(InputError, match="TWITTER_REFRESH_TOKEN"):
        seed_of(PLATFORMS[ChannelName.TWITTER])
