"""Every documented refusal, through every connector and the sender: what becomes of the text and of the account."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from sqlmodel import select

from bots.queues.local import LocalBus
from bots.sender import CHECK_PAUSE, LONGEST_PAUSE, Sender
from connectors.registry import PLATFORMS
from connectors.simulation import SimulatorServer
from inbox.repositories import outbox
from models.clock import StillClock
from models.db import Database
from models.enums import AccountState, ChannelName, OutboxState, Purpose
from models.errors import (
    AccountPausedError,
    ChannelError,
    ContactGoneError,
    OutcomeUnknownError,
    PersonLimitedError,
    RateLimitedError,
    ReauthoriseError,
    RequestRefusedError,
    TransientError,
    WindowClosedError,
)
from models.messages import OutboundMessage
from models.messages import Sender as Citizen
from models.ports import Connector
from models.tables import Account, Identity, OutboxItem
from tests.builders import message, set_up, take_in
from tests.conftest import NOW
from tests.contracts import connector_bench
from tests.contracts.error_cases import CASES, NEVER_SAID, TYPICAL, Outcome, Refusal

CITIZEN = "905551112233"
RAISED: dict[Outcome, type[ChannelError]] = {
    Outcome.RETRY: TransientError,
    Outcome.WAIT: RateLimitedError,
    Outcome.WAIT_ALONE: PersonLimitedError,
    Outcome.WINDOW: WindowClosedError,
    Outcome.GONE: ContactGoneError,
    Outcome.REAUTHORISE: ReauthoriseError,
    Outcome.PAUSED: AccountPausedError,
    Outcome.OUR_BUG: RequestRefusedError,
    Outcome.UNKNOWN: OutcomeUnknownError,
}
TRIED_AGAIN = {Outcome.RETRY, Outcome.WAIT, Outcome.WAIT_ALONE, Outcome.REAUTHORISE, Outcome.PAUSED}
ACCOUNT_STATES = {Outcome.REAUTHORISE: AccountState.REAUTHORISE, Outcome.PAUSED: AccountState.PAUSED}

every_refusal = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture
async def connector(case: Refusal, clock: StillClock) -> AsyncIterator[Connector]:
    """The connector of an account whose platform answers every call so."""

    async def refuse(request: web.Request) -> web.Response:
        in_600 = str(int(clock.now().timestamp()) + 600)
        headers = {name: value.replace("{in_600}", in_600) for name, value in case.headers.items()}
        return web.Response(status=case.status, text=case.text, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", refuse)
    server = SimulatorServer(app)
    await server.start()
    platform, simulator = PLATFORMS[case.channel], connector_bench.CASES[case.channel].simulator(clock)
    opened = platform.build(platform.settings(**{**simulator.account_settings(), "base_url": server.base_url}), clock)
    yield opened
    await opened.close()
    await server.stop()


@every_refusal
async def test_the_connector_says_what_it_means(case: Refusal, connector: Connector, clock: StillClock) -> None:
    text = OutboundMessage(
        reference="1", surface=case.surface, recipient_id=CITIZEN, thread_id=CITIZEN, reply_to="153", text="Yanıt"
    )
    with pytest.raises(ChannelError) as caught:
        await connector.send(text)
    assert type(caught.value) is RAISED[case.outcome]
    if case.waits and isinstance(caught.value, RateLimitedError):
        assert caught.value.retry_at == clock.now() + case.waits


@pytest.mark.parametrize("case", TYPICAL, ids=str)
async def test_the_sender_does_what_it_means(
    case: Refusal, connector: Connector, clock: StillClock, sqlite_database: Database
) -> None:
    await queue_answer(sqlite_database, case)
    sender = Sender(account_id=1, connector=connector, database=sqlite_database, bus=LocalBus(), clock=clock)
    await sender.send_due()
    async with sqlite_database.read() as session:
        item = (await session.exec(select(OutboxItem))).one()
        account = await session.get_one(Account, 1)
        identity = (await session.exec(select(Identity))).one()
    assert (item.state, item.perhaps_sent) == expected_state(case, connector)
    assert account.state is ACCOUNT_STATES.get(case.outcome, AccountState.OK)
    assert (identity.unreachable_at is not None) is (case.outcome is Outcome.GONE)
    assert item.problem
    if item.state is OutboxState.QUEUED:
        assert_pause(item.not_before - NOW, case)


def expected_state(case: Refusal, connector: Connector) -> tuple[OutboxState, bool]:
    """A text that waits was certainly not sent, unless its outcome is unknown and can be looked up."""
    if case.outcome in TRIED_AGAIN:
        return OutboxState.QUEUED, False
    if case.outcome is Outcome.UNKNOWN:
        return (OutboxState.QUEUED, True) if connector.facts.checks_outcome else (OutboxState.UNKNOWN, True)
    return OutboxState.FAILED, True


def assert_pause(pause: timedelta, case: Refusal) -> None:
    if case.outcome is Outcome.UNKNOWN:
        assert pause == CHECK_PAUSE
    elif case.outcome in ACCOUNT_STATES:
        assert pause == LONGEST_PAUSE
    elif case.waits:
        assert pause == case.waits
    else:
        assert timedelta() < pause <= LONGEST_PAUSE


async def queue_answer(database: Database, case: Refusal) -> None:
    await set_up(database, NOW, case.channel)
    event = message(
        153,
        channel=case.channel,
        surface=case.surface,
        external_id="153",
        thread_id=CITIZEN,
        sender=Citizen(external_id=CITIZEN),
    )
    (key,) = (await take_in(database, NOW, event)).conversation_ids
    row = OutboxItem(
        unique_key="1:answer:1",
        conversation_id=key,
        account_id=1,
        purpose=Purpose.ANSWER,
        text="Yanıt",
        reply_to="153",
        not_before=NOW,
        created_at=NOW,
    )
    async with database.write() as session:
        await outbox.add(session, [row])


@pytest.mark.parametrize("channel", list(PLATFORMS))
def test_the_table_leaves_no_outcome_out(channel: ChannelName) -> None:
    said = {case.outcome for case in CASES if case.channel is channel}
    assert said == set(Outcome) - NEVER_SAID.get(channel, set())
