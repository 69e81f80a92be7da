"""«Connect» over every platform's simulator: connected, cannot be reached, not allowed, wrong credentials."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bots.account_office import LocalAccountOffice, outcome_of
from bots.compose import Installation, open_installation
from bots.settings import Settings
from connectors.facebook.simulator import FacebookSimulator
from connectors.instagram.simulator import InstagramSimulator
from connectors.simulation import Simulator
from connectors.telegram.simulator import TelegramSimulator
from connectors.twitter.simulator import TwitterSimulator
from connectors.whatsapp.simulator import WhatsAppSimulator
from models.account_setup import ConnectState
from models.clock import StillClock
from models.errors import ReauthoriseError

ALL = (TwitterSimulator, InstagramSimulator, FacebookSimulator, WhatsAppSimulator, TelegramSimulator)
KEYS = {TwitterSimulator: "access_token", TelegramSimulator: "token"}
"""The secret that is spoilt; elsewhere `access_token`, too."""


@pytest.fixture
async def installation(tmp_path: Path, clock: StillClock) -> AsyncIterator[Installation]:
    opened = await open_installation(Settings(data_dir=tmp_path, secret_key="x" * 40), clock=clock)
    yield opened
    await opened.close()


@pytest.fixture(params=ALL, ids=lambda kind: kind.__name__.removesuffix("Simulator"))
async def simulator(request: pytest.FixtureRequest, clock: StillClock) -> AsyncIterator[Simulator]:
    made = request.param(clock)
    await made.start()
    yield made
    await made.stop()


async def outcome(installation: Installation, simulator: Simulator, **changes: str) -> tuple[ConnectState, str]:
    values = simulator.account_settings() | changes
    done = await LocalAccountOffice(installation).connect(simulator.channel, values)
    assert bool(installation.connectors) is (done.state is ConnectState.CONNECTED)
    secrets = [value for name, value in values.items() if value and ("secret" in name or "token" in name)]
    assert not any(value in done.message for value in secrets)
    return done.state, done.message


async def test_connected(installation: Installation, simulator: Simulator) -> None:
    state, message = await outcome(installation, simulator)
    assert state is ConnectState.CONNECTED
    assert message.startswith("Bağlandı: ")
    assert not hasattr(simulator, "subscriptions") or simulator.subscriptions.calls == 1


async def test_cannot_be_reached(installation: Installation, simulator: Simulator) -> None:
    settings = simulator.account_settings()
    await simulator.stop()
    done = await LocalAccountOffice(installation).connect(simulator.channel, settings)
    assert done.state is ConnectState.UNREACHABLE
    assert "ulaşılamadı" in done.message


async def test_wrong_credentials(installation: Installation, simulator: Simulator) -> None:
    name = KEYS.get(type(simulator), "access_token")
    real = simulator.account_settings()[name]
    state, message = await outcome(installation, simulator, **{name: real[:-4] + "XXXX"})
    assert state is ConnectState.WRONG
    assert "kabul etmedi" in message


def lack_scopes(simulator: Any) -> None:
    server = getattr(simulator, "server", None) or simulator._server
    server.scopes = ["public_profile"]


def forbid(simulator: Any) -> None:
    simulator.fault("usage_capped", path="/users/me")


LACKS: dict[type, tuple[Callable[[Any], None], str]] = {
    FacebookSimulator: (lack_scopes, "pages_messaging"),
    WhatsAppSimulator: (lack_scopes, "whatsapp_business_messaging"),
    TwitterSimulator: (forbid, ""),
}
"""How a platform says that a permission is missing, and its name. Telegram's bots have none to lack; Instagram's own
log-in tells of them by a refusal alone."""


async def test_not_allowed(installation: Installation, simulator: Simulator) -> None:
    if type(simulator) not in LACKS:
        pytest.skip("the platform lists no permissions")
    take_away, name = LACKS[type(simulator)]
    take_away(simulator)
    state, message = await outcome(installation, simulator)
    assert state is ConnectState.NOT_ALLOWED
    assert "izin yetersiz" in message
    assert name in message


@pytest.mark.parametrize("simulator", [FacebookSimulator], indirect=True)
async def test_push_needs_a_permission(installation: Installation, simulator: FacebookSimulator) -> None:
    simulator.subscriptions.is_forbidden = True
    state, message = await outcome(installation, simulator)
    assert state is ConnectState.NOT_ALLOWED
    assert "pages_manage_metadata" in message


@pytest.mark.parametrize("code", ["3", "10/33", "200", "299"])
def test_a_refusal_for_want_of_a_permission(code: str) -> None:
    refused = outcome_of(ReauthoriseError("instagram_manage_comments eksik", code=code))
    assert refused.state is ConnectState.NOT_ALLOWED
    assert "instagram_manage_comments eksik" in refused.message
