"""Whose credentials these are, until when, what they lack; renewal of those that die."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from connectors import credentials
from connectors.base import AccountSettings
from connectors.registry import PLATFORMS
from models.enums import ChannelName
from models.errors import ReauthoriseError
from tests.contracts.connector_bench import CASES, NOW, Bench, open_bench


@pytest.fixture
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    opened = await open_bench(request.param)
    yield opened
    await opened.close()


def settings_of(bench: Bench, **changes: str) -> AccountSettings:
    return PLATFORMS[bench.channel].settings(**{**bench.simulator.account_settings(), **changes})


def graph_of(bench: Bench):
    return getattr(bench.simulator, "server", None) or bench.simulator._server


every_channel = pytest.mark.parametrize("bench", list(CASES), indirect=True)
by_graph = pytest.mark.parametrize("bench", [ChannelName.FACEBOOK, ChannelName.WHATSAPP], indirect=True)
instagram = pytest.mark.parametrize("bench", [ChannelName.INSTAGRAM], indirect=True)


@every_channel
async def test_good_credentials(bench: Bench) -> None:
    settings = settings_of(bench)
    report = await credentials.examine(settings, bench.clock)
    assert report.identity.external_id == settings.account_id
    assert (report.expires_at, report.missing_permissions) == (None, ())


@every_channel
async def test_dead_credentials(bench: Bench) -> None:
    bench.fault("expired_token", on_send=False)
    with pytest.raises(ReauthoriseError):
        await credentials.examine(settings_of(bench), bench.clock)


@by_graph
async def test_expiry_and_missing_permissions_are_told(bench: Bench) -> None:
    graph = graph_of(bench)
    graph.token_expires_at = int((NOW + timedelta(days=9)).timestamp())
    graph.scopes = ["pages_messaging", "whatsapp_business_messaging"]
    report = await credentials.examine(settings_of(bench), bench.clock)
    assert report.expires_at == NOW + timedelta(days=9)
    assert {"pages_messaging", "whatsapp_business_messaging"}.isdisjoint(report.missing_permissions)
    assert {"pages_manage_engagement", "whatsapp_business_management"} & set(report.missing_permissions)


@instagram
async def test_instagram_tokens_are_renewed_and_work(bench: Bench) -> None:
    renewal = await credentials.renew(settings_of(bench), bench.clock)
    assert renewal is not None
    assert renewal.expires_at == NOW + timedelta(days=60)
    fresh = renewal.values["access_token"]
    assert fresh not in repr(renewal)
    assert fresh != bench.simulator.account_settings()["access_token"]
    assert (await credentials.examine(settings_of(bench, **renewal.values), bench.clock)).identity.name


@pytest.mark.parametrize("bench", [ChannelName.TELEGRAM, ChannelName.TWITTER, ChannelName.FACEBOOK], indirect=True)
async def test_others_need_no_renewal(bench: Bench) -> None:
    assert await credentials.renew(settings_of(bench), bench.clock) is None
