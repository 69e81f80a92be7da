"""OAuth 2.0: tokens of two hours, refresh tokens that serve once."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from connectors import credentials
from connectors.twitter.connector import PLATFORM
from connectors.twitter.facts import MENTIONS
from connectors.twitter.files import TwitterFiles
from connectors.twitter.settings import TwitterSettings
from connectors.twitter.simulator import TwitterSimulator
from models.clock import StillClock
from models.enums import Surface
from models.errors import OutcomeUnknownError, ReauthoriseError
from models.messages import OutboundMessage


def settings_of(simulator: TwitterSimulator, **changes: str) -> TwitterSettings:
    return TwitterSettings(**{**simulator.oauth2_settings(), **changes})


async def test_reads_and_writes_by_bearer_token(simulator: TwitterSimulator, clock: StillClock) -> None:
    connector = PLATFORM.build(settings_of(simulator), clock)
    assert (await connector.identify()).external_id == simulator.account.id
    assert (await connector.poll(MENTIONS, "")).empty
    citizen = simulator.records.add_person("Ayşe", "ayse")
    text = OutboundMessage(reference="1", surface=Surface.DIRECT, recipient_id=citizen.id, text="Alındı")
    assert (await connector.send(text)).external_ids
    await connector.close()


async def test_an_access_token_dies_after_two_hours(simulator: TwitterSimulator, clock: StillClock) -> None:
    connector = PLATFORM.build(settings_of(simulator), clock)
    clock.advance(hours=2)
    with pytest.raises(ReauthoriseError):
        await connector.identify()
    await connector.close()


async def test_a_renewal_gives_a_new_pair_and_its_end(simulator: TwitterSimulator, clock: StillClock) -> None:
    old = settings_of(simulator)
    renewal = await credentials.renew(old, clock)
    assert renewal is not None
    assert renewal.expires_at == clock.now() + timedelta(hours=2)
    fresh = TwitterSettings(**{**old.public_values(), **old.secret_values(), **renewal.values})
    assert fresh.refresh_token != old.refresh_token
    report = await credentials.examine(fresh, clock)
    assert report.expires_at == renewal.expires_at


async def test_a_refresh_token_serves_once(simulator: TwitterSimulator, clock: StillClock) -> None:
    old = settings_of(simulator)
    await credentials.renew(old, clock)
    with pytest.raises(ReauthoriseError):
        await credentials.renew(old, clock)
    assert simulator.tokens.reused == 1


async def test_a_renewal_without_answer_is_uncertain(simulator: TwitterSimulator, clock: StillClock) -> None:
    simulator.fault("hang_up_after", path="oauth2")
    with pytest.raises(OutcomeUnknownError):
        await credentials.renew(settings_of(simulator), clock)


async def test_a_token_given_by_hand_counts_as_dying_now(simulator: TwitterSimulator, clock: StillClock) -> None:
    report = await credentials.examine(settings_of(simulator), clock)
    assert report.expires_at == clock.now()


async def test_oauth1_is_not_renewed(simulator: TwitterSimulator, clock: StillClock) -> None:
    assert await credentials.renew(TwitterSettings(**simulator.account_settings()), clock) is None


async def test_without_the_app_secret_no_webhook_is_believed(simulator: TwitterSimulator, clock: StillClock) -> None:
    connector = PLATFORM.build(settings_of(simulator), clock)
    assert connector.handshake({"crc_token": "x"}) is None
    assert not connector.verify({"x-twitter-webhooks-signature": "sha256="}, b"{}")
    await connector.close()


def test_files_of_messages_carry_the_token(simulator: TwitterSimulator) -> None:
    settings = settings_of(simulator)
    headers = TwitterFiles(settings)._signature("https://ton.twitter.com/1.jpg")
    assert headers == {"Authorization": f"Bearer {settings.access_token}"}


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"consumer_key": "k"}, {"consumer_secret", "access_token_secret"}),
        ({"client_id": "c"}, {"refresh_token"}),
        ({}, {"consumer_key", "consumer_secret", "access_token_secret"}),
    ],
)
def test_what_is_missing_is_named(given: dict[str, str], missing: set[str]) -> None:
    with pytest.raises(ValidationError) as caught:
        TwitterSettings(access_token="t", user_id="1", **given)
    assert {problem["loc"][0] for problem in caught.value.errors()} == missing
