"""Pushes: kept before they are answered and read then, kept raw where they cannot be stored, refused where unsigned."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bots.queues.local import LocalBus, LocalQueue
from connectors.telegram.facts import FACTS
from inbox.repositories import accounts, operations
from inbox.repositories import deliveries as kept_rows
from inbox.services import incoming, rereading
from inbox.web.app import create_app
from inbox.web.desk import Desk
from inbox.web.pushes import LEFT_BEHIND, MOST_TOGETHER, PushLine
from models.clock import StillClock
from models.db import Database
from models.enums import AccountState, DeliveryState
from models.messages import Parsed, ParseProblem
from models.profile import Profile
from models.tables import Account, Delivery, Message
from tests.builders import TELEGRAM, message, set_up
from tests.conftest import NOW


class Pushed:
    """A platform that pushes message numbers."""

    facts = FACTS
    account_id = "account-telegram"

    def __init__(self) -> None:
        self.told: list[bytes] = []

    def verify(self, headers: object, body: bytes) -> bool:
        return body != b"unsigned"

    def parse(self, payload: bytes, *, stream: str = "") -> Parsed:
        if payload == b"rubbish":
            return Parsed(problems=(ParseProblem(where="$", why="no JSON"),))
        return Parsed(events=(message(payload.decode(), account_id=self.account_id),))

    async def acknowledge(self, payload: bytes) -> None:
        self.told.append(payload)


@pytest.fixture
async def pushed() -> Pushed:
    return Pushed()


@pytest.fixture
async def desk(sqlite_database: Database, clock: StillClock, profile: Profile, pushed: Pushed) -> Desk:
    await set_up(sqlite_database, NOW)
    return Desk(
        database=sqlite_database,
        clock=clock,
        profile=profile,
        queue=LocalQueue(),
        bus=LocalBus(),
        connectors={1: pushed},  # type: ignore[dict-item]
    )


@pytest.fixture
async def pushes(desk: Desk) -> PushLine:
    return PushLine(desk)


@pytest.fixture
async def client(desk: Desk, pushes: PushLine) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(desk)
    app.state.pushes = pushes
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as opened:
        yield opened


async def deliveries(database: Database) -> list[Delivery]:
    async with database.read() as session:
        return list((await session.exec(select(Delivery))).all())


async def texts(database: Database) -> int:
    async with database.read() as session:
        return len((await session.exec(select(Message))).all())


async def test_a_push_is_kept_answered_and_read(
    client: httpx.AsyncClient, sqlite_database: Database, pushes: PushLine, pushed: Pushed
) -> None:
    assert (await client.post("/webhooks/telegram", content=b"7")).status_code == 200
    (kept,) = await deliveries(sqlite_database)
    assert (kept.body, pushed.told) == (b"7", [b"7"])
    await pushes.settled()
    (read,) = await deliveries(sqlite_database)
    assert (read.state, read.event_count) == (DeliveryState.PARSED, 1)
    assert await texts(sqlite_database) == 1


async def test_what_a_dead_process_kept_is_read_by_the_next(
    client: httpx.AsyncClient, sqlite_database: Database, desk: Desk, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(PushLine, "_read_soon", lambda _: None)
        assert (await client.post("/webhooks/telegram", content=b"7")).status_code == 200
    (kept,) = await deliveries(sqlite_database)
    assert kept.state is DeliveryState.KEPT
    heir = PushLine(desk)
    for wait, found in ((LEFT_BEHIND.total_seconds() - 1, 0), (2, 1)):
        clock.advance(seconds=wait)
        await heir.take_left()
        await heir.settled()
        assert await texts(sqlite_database) == found
    async with sqlite_database.read() as session:
        assert await rereading.unreadable(session) == []


async def test_an_unsigned_push_is_refused(client: httpx.AsyncClient, sqlite_database: Database) -> None:
    assert (await client.post("/webhooks/telegram", content=b"unsigned")).status_code == 401
    assert await deliveries(sqlite_database) == []


async def refusals(database: Database) -> dict[int, int]:
    """How many refused pushes the database knows of, by account; waited for until there are some."""
    async with asyncio.timeout(5):
        while True:
            async with database.read() as session:
                found = {key: one.refused_pushes for key, one in (await operations.all_health(session)).items()}
            if found:
                return found
            await asyncio.sleep(0.01)


async def test_forged_pushes_are_counted_in_the_database(client: httpx.AsyncClient, sqlite_database: Database) -> None:
    """Of those that come at once none is forgotten; they become few writes."""
    answers = await asyncio.gather(*(client.post("/webhooks/telegram", content=b"unsigned") for _ in range(5)))
    assert {one.status_code for one in answers} == {401}
    async with asyncio.timeout(5):
        while (await refusals(sqlite_database)) != {1: 5}:
            await asyncio.sleep(0.05)
    async with sqlite_database.read() as session:
        assert (await operations.health(session, 1)).refused_at == NOW


async def test_a_forged_push_counts_for_the_account_that_it_names(
    client: httpx.AsyncClient, sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pushed, "verify", lambda *_: False)
    async with sqlite_database.write() as session:
        session.add(Account(channel=TELEGRAM, external_id="99887766", name="İkinci bot", created_at=NOW))
    await client.post("/webhooks/telegram", content=b'{"bot": 99887766}')
    assert await refusals(sqlite_database) == {2: 1}


async def test_what_nobody_can_read_is_answered_and_listed(
    client: httpx.AsyncClient, sqlite_database: Database, pushes: PushLine
) -> None:
    """The platform would bring it again for days; only a forged push is refused."""
    assert (await client.post("/webhooks/telegram", content=b"rubbish")).status_code == 200
    await pushes.settled()
    async with sqlite_database.read() as session:
        (listed,) = await rereading.unreadable(session)
    assert (listed.state, list(listed.problems)) == (DeliveryState.UNREADABLE, ["$: no JSON"])


async def test_a_push_is_taken_whatever_keeps_the_account_from_sending(
    client: httpx.AsyncClient, sqlite_database: Database, pushes: PushLine
) -> None:
    async with sqlite_database.write() as session:
        await accounts.set_state(session, 1, AccountState.REAUTHORISE, detail="token expired")
    assert (await client.post("/webhooks/telegram", content=b"7")).status_code == 200
    await pushes.settled()
    assert await texts(sqlite_database) == 1


@pytest.mark.parametrize("fault", [UnicodeError("half a sign"), KeyError("a fault of ours")])
async def test_what_cannot_be_stored_as_read_is_kept_raw(
    client: httpx.AsyncClient,
    sqlite_database: Database,
    pushes: PushLine,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    async def fail(*args: object, **options: object) -> None:
        if args[3]:
            raise fault

    monkeypatch.setattr(incoming, "store_messages", fail)
    assert (await client.post("/webhooks/telegram", content=b"7")).status_code == 200
    await pushes.settled()
    (kept,) = await deliveries(sqlite_database)
    assert (kept.state, kept.body) == (DeliveryState.UNREADABLE, b"7")
    assert type(fault).__name__ in kept.problem


def busy(*_: object, **__: object) -> None:
    raise OperationalError("BEGIN", None, Exception("database is locked"))


async def test_while_the_database_is_busy_the_platform_brings_it_again(
    client: httpx.AsyncClient, sqlite_database: Database, pushes: PushLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(kept_rows, "add_deliveries", busy)
        assert (await client.post("/webhooks/telegram", content=b"7")).status_code == 500
    assert await deliveries(sqlite_database) == []
    assert (await client.post("/webhooks/telegram", content=b"7")).status_code == 200
    await pushes.settled()
    assert await texts(sqlite_database) == 1


async def test_reading_waits_for_a_busy_database(
    client: httpx.AsyncClient, sqlite_database: Database, pushes: PushLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, tries = incoming.store_messages, []

    async def busy_once(*args: object, **options: object) -> object:
        tries.append(1)
        return busy() if len(tries) == 1 else await store(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(incoming, "store_messages", busy_once)
    monkeypatch.setattr("inbox.web.pushes.RETRY_SECONDS", 0)
    assert (await client.post("/webhooks/telegram", content=b"7")).status_code == 200
    await pushes.settled()
    assert (await texts(sqlite_database), len(tries)) == (1, 2)


async def test_a_flood_of_pushes_leaves_room_for_others(client: httpx.AsyncClient, sqlite_database: Database) -> None:
    posts = [asyncio.create_task(client.post("/webhooks/telegram", content=f"{n}".encode())) for n in range(200)]
    await asyncio.sleep(0.1)
    before = len(await deliveries(sqlite_database))
    async with sqlite_database.write():
        pass
    assert len(await deliveries(sqlite_database)) - before <= 2 * MOST_TOGETHER
    assert {answer.status_code for answer in await asyncio.gather(*posts)} == {200}
    assert len(await deliveries(sqlite_database)) == 200
