"""Setting accounts up: tested first, said plainly, stored only where it works; secrets never come back."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bots.account_office import LocalAccountOffice, office_desk
from bots.compose import Installation, open_installation
from bots.settings import Settings
from connectors.facebook.simulator import FacebookSimulator
from connectors.telegram.simulator import TelegramSimulator
from inbox.repositories import accounts, deliveries
from inbox.services import people
from inbox.web.app import create_app
from inbox.web.guard import COOKIE
from models.account_setup import ConnectState
from models.clock import StillClock
from models.enums import AccountState, ChannelName, DeliveryState
from models.errors import NotFoundError
from models.tables import Delivery
from tests.conftest import NOW

TELEGRAM, FACEBOOK = ChannelName.TELEGRAM, ChannelName.FACEBOOK


@pytest.fixture
async def installation(tmp_path: Path, clock: StillClock) -> AsyncIterator[Installation]:
    opened = await open_installation(Settings(data_dir=tmp_path, secret_key="x" * 40), clock=clock)
    yield opened
    await opened.close()


@pytest.fixture
async def telegram(clock: StillClock) -> AsyncIterator[TelegramSimulator]:
    simulator = TelegramSimulator(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def facebook(clock: StillClock) -> AsyncIterator[FacebookSimulator]:
    simulator = FacebookSimulator(clock)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def page(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """An administrator at a browser; her posts carry the CSRF token."""
    async with installation.database.write() as session:
        user = await people.add_user(
            session, login="yonetici", name="Yönetici", password="mavi-vapur-35", roles=["administrator"], now=NOW
        )
        token = await people.log_in(session, user, now=NOW)
        found = await people.read_log_in(session, token, now=NOW)
    assert found
    transport = httpx.ASGITransport(app=create_app(office_desk(installation)))
    headers = {"X-CSRF-Token": found.csrf_token, "Accept": "text/html"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://desk", cookies={COOKIE: token}, headers=headers
    ) as client:
        yield client


async def test_a_good_account_is_connected_at_once(installation: Installation, telegram: TelegramSimulator) -> None:
    outcome = await LocalAccountOffice(installation).connect(TELEGRAM, telegram.account_settings())
    assert outcome.state is ConnectState.CONNECTED
    assert list(installation.connectors) == [outcome.account_id]
    async with installation.database.read() as session:
        account = await accounts.account(session, outcome.account_id or 0)
    assert account is not None
    assert (account.name, account.state) == ("HİM Deneme", AccountState.OK)
    assert telegram.account_settings()["token"] not in str(account.settings)


async def test_wrong_credentials_are_said_and_not_stored(
    installation: Installation, telegram: TelegramSimulator
) -> None:
    wrong = telegram.account_settings() | {"token": "7153000153:AAwrongwrongwrongwrongwrongwrongwron"}
    outcome = await LocalAccountOffice(installation).connect(TELEGRAM, wrong)
    assert outcome.state is ConnectState.WRONG
    assert "AAwrong" not in outcome.message
    assert not installation.connectors


async def test_a_host_that_does_not_answer(installation: Installation, telegram: TelegramSimulator) -> None:
    settings = telegram.account_settings()
    await telegram.stop()
    outcome = await LocalAccountOffice(installation).connect(TELEGRAM, settings)
    assert outcome.state is ConnectState.UNREACHABLE


async def test_a_missing_permission_is_named(installation: Installation, facebook: FacebookSimulator) -> None:
    facebook.server.scopes = ["pages_read_engagement", "pages_read_user_content", "pages_manage_metadata"]
    outcome = await LocalAccountOffice(installation).connect(FACEBOOK, facebook.account_settings())
    assert outcome.state is ConnectState.NOT_ALLOWED
    assert "pages_messaging" in outcome.message
    assert not installation.connectors


async def test_missing_settings_are_named_by_their_titles(installation: Installation) -> None:
    outcome = await LocalAccountOffice(installation).connect(FACEBOOK, {"page_id": "not a number"})
    assert outcome.state is ConnectState.INCOMPLETE
    assert {"page_id", "access_token", "app_secret"} <= set(outcome.fields)
    assert "Sayfa numarası" in outcome.message


async def test_a_stored_secret_stays_where_none_is_typed(
    installation: Installation, facebook: FacebookSimulator
) -> None:
    office = LocalAccountOffice(installation)
    first = await office.connect(FACEBOOK, facebook.account_settings())
    public = {name: value for name, value in facebook.account_settings().items() if name in ("page_id", "base_url")}
    again = await office.connect(FACEBOOK, public | {"watch_days": "9"}, account_id=first.account_id)
    assert again.state is ConnectState.CONNECTED
    assert installation.connected[first.account_id or 0].model_dump()["watch_days"] == 9
    form = await office.form(FACEBOOK, account_id=first.account_id)
    assert all(not field.value and field.is_kept for field in form.fields if field.is_secret)
    with pytest.raises(NotFoundError):
        await office.form(TELEGRAM, account_id=first.account_id)


async def test_the_page_from_form_to_card(
    page: httpx.AsyncClient, installation: Installation, telegram: TelegramSimulator
) -> None:
    form = await page.get("/accounts/new/telegram")
    assert form.status_code == 200
    assert 'name="token" type="password"' in form.text
    refused = await page.post("/accounts/new/telegram", data={"token": "nonsense"})
    assert refused.status_code == 422
    assert "nonsense" not in refused.text
    assert "hepsini yeniden yazınız" in refused.text
    done = await page.post("/accounts/new/telegram", data=telegram.account_settings())
    assert done.status_code == 303
    card = await page.get("/accounts")
    assert "HİM Deneme" in card.text
    assert telegram.account_settings()["token"] not in card.text
    (account_id,) = installation.connectors
    assert telegram.account_settings()["token"] not in (await page.get(f"/accounts/{account_id}")).text
    await page.post(f"/accounts/{account_id}/switches", data={"enabled": "1", "listen_only": "1"})
    assert "yalnız dinliyor" in (await page.get("/accounts")).text
    await page.post("/accounts/bots", data={"enabled": "0"})
    assert "Otomatik yanıtlar kapalı" in (await page.get("/accounts")).text


async def test_an_unreadable_delivery_is_shown_and_read_again(
    page: httpx.AsyncClient, installation: Installation, telegram: TelegramSimulator
) -> None:
    await LocalAccountOffice(installation).connect(TELEGRAM, telegram.account_settings())
    (account_id,) = installation.connectors
    update = (Path(__file__).parents[2] / "connectors/telegram/samples/message_text.json").read_bytes()
    async with installation.database.write() as session:
        delivery = Delivery(
            channel=TELEGRAM,
            account_id=account_id,
            source="poll:updates",
            body=update,
            received_at=NOW - timedelta(hours=1),
            state=DeliveryState.UNREADABLE,
            problem="$: <b>could not be read</b>",
        )
        await deliveries.add_delivery(session, delivery)
    shown = (await page.get("/accounts/unreadable")).text
    assert "&lt;b&gt;could not be read" in shown
    (address,) = re.findall(r'action="(/accounts/unreadable/\d+)"', shown)
    assert (await page.post(address)).status_code == 303
    assert "Okunamayan teslimat yok" in (await page.get("/accounts/unreadable")).text
    assert (await page.get("/accounts/poisoned")).status_code == 200
