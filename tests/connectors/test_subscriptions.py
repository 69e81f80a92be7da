"""What happens in an account is pushed to the app, once it is subscribed; over the simulators of Meta's platforms."""

from collections.abc import AsyncIterator

import pytest

from connectors.base import AccountSettings
from connectors.facebook.simulator import PAGE
from connectors.instagram.simulator import ACCOUNT
from connectors.registry import PLATFORMS
from connectors.subscriptions import INSTAGRAM_FIELDS, PAGE_FIELDS, subscribe_account
from connectors.whatsapp.simulator import WABA_ID
from models.enums import ChannelName
from models.errors import ReauthoriseError, RequestRefusedError, TransientError
from tests.contracts.connector_bench import CASES, Bench, open_bench

META = {
    ChannelName.FACEBOOK: (PAGE.id, set(PAGE_FIELDS), "pages_manage_metadata"),
    ChannelName.INSTAGRAM: (ACCOUNT.id, set(INSTAGRAM_FIELDS), "instagram_business_manage_messages"),
    ChannelName.WHATSAPP: (WABA_ID, set(), "whatsapp_business_management"),
}
"""Which node is subscribed to which fields, and the permission that it takes."""


@pytest.fixture
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    opened = await open_bench(request.param)
    yield opened
    await opened.close()


def settings_of(bench: Bench, **changes: str) -> AccountSettings:
    return PLATFORMS[bench.channel].settings(**{**bench.simulator.account_settings(), **changes})


every_meta = pytest.mark.parametrize("bench", list(META), indirect=True)
instagram = pytest.mark.parametrize("bench", [ChannelName.INSTAGRAM], indirect=True)


@every_meta
async def test_an_account_is_subscribed_once(bench: Bench) -> None:
    for _ in range(2):
        await subscribe_account(settings_of(bench), bench.clock)
    node, fields, _ = META[bench.channel]
    assert bench.simulator.subscriptions.fields == {node: fields}
    assert bench.simulator.subscriptions.calls == 1


@every_meta
async def test_a_missing_permission_is_named(bench: Bench) -> None:
    bench.simulator.subscriptions.is_forbidden = True
    assert META[bench.channel][2] in await subscribe_account(settings_of(bench), bench.clock)


@every_meta
async def test_a_dead_token_is_no_missing_permission(bench: Bench) -> None:
    bench.simulator.fault("expired_token")
    with pytest.raises(ReauthoriseError):
        await subscribe_account(settings_of(bench), bench.clock)


@every_meta
async def test_what_passes_may_be_tried_again(bench: Bench) -> None:
    bench.simulator.fault("hang_up_after", method="POST")
    with pytest.raises(TransientError):
        await subscribe_account(settings_of(bench), bench.clock)


@pytest.mark.parametrize("bench", [ChannelName.FACEBOOK, ChannelName.INSTAGRAM], indirect=True)
async def test_without_a_webhook_nothing_is_pushed(bench: Bench) -> None:
    await subscribe_account(settings_of(bench, verify_token=""), bench.clock)
    assert bench.simulator.subscriptions.fields == {}


@instagram
async def test_a_page_that_serves_both_keeps_what_it_was_subscribed_to(bench: Bench) -> None:
    there = bench.simulator.subscriptions.fields
    there["153"] = {"messages"}
    await subscribe_account(settings_of(bench, page_id="153"), bench.clock)
    assert there == {"153": {"feed", "messages"}}


@pytest.mark.parametrize("bench", [ChannelName.WHATSAPP], indirect=True)
async def test_another_business_account_is_refused(bench: Bench) -> None:
    with pytest.raises(RequestRefusedError):
        await subscribe_account(settings_of(bench, waba_id="1"), bench.clock)


@pytest.mark.parametrize("bench", [one for one in CASES if one not in META], indirect=True)
async def test_others_see_to_it_themselves(bench: Bench) -> None:
    await subscribe_account(settings_of(bench), bench.clock)
