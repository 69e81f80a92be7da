"""What the settings make of the desk: addresses, cookies, the city's identity provider."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bots.compose import Installation, desk_of, open_installation
from bots.settings import Settings, load_settings
from models.clock import StillClock
from models.errors import InputError


@pytest.fixture
async def installation(tmp_path: Path, clock: StillClock) -> AsyncIterator[Installation]:
    opened = await open_installation(Settings(data_dir=tmp_path, database_url="", redis_url=""), clock=clock)
    yield opened
    await opened.close()


def given(installation: Installation, **settings: str) -> Installation:
    installation.settings = installation.settings.model_copy(update=settings)
    return installation


async def test_cookies_are_secure_with_a_public_address_of_https(installation: Installation) -> None:
    """[ASVS 3.4.1]"""
    assert not desk_of(given(installation, public_address="http://him.example")).secure_cookies
    desk = desk_of(given(installation, public_address="https://him.example"))
    assert desk.secure_cookies
    assert desk.public_address == "https://him.example"


async def test_a_provider_needs_all_three_settings(installation: Installation) -> None:
    assert desk_of(installation).sign_on is None
    with pytest.raises(InputError, match="OIDC_CLIENT_ID"):
        desk_of(given(installation, oidc_issuer="https://id.example"))
    whole = {"oidc_issuer": "https://id.example", "oidc_client_id": "him", "oidc_client_secret": "secret"}
    assert desk_of(given(installation, **whole)).sign_on is not None


async def test_mail_needs_a_sender_and_an_address_for_links(installation: Installation) -> None:
    assert desk_of(installation).mailer is None
    with pytest.raises(InputError, match="MAIL_FROM"):
        desk_of(given(installation, smtp_url="smtp://127.0.0.1"))
    whole = {"smtp_url": "smtp://127.0.0.1", "mail_from": "him@city.example", "public_address": "https://him.example"}
    assert desk_of(given(installation, **whole)).mailer is not None


async def test_second_factors_have_somewhere_to_keep_their_secrets(installation: Installation) -> None:
    assert desk_of(installation).secrets is installation.secrets


def test_the_secret_key_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At first start, for its owner alone; whoever starts later has the same one."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = load_settings().secret_key
    assert len(first) > 40
    assert load_settings().secret_key == first
    (made,) = tmp_path.iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
