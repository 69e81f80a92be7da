"""What a platform's own list holds and we do not is fetched and counted, once."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import select

from bots.poller import Poller
from bots.queues.local import LocalBus, LocalLease, LocalQueue
from bots.reconciler import Reconciler
from connectors.facebook.connector import PLATFORM
from connectors.facebook.simulator import FacebookSimulator
from connectors.simulation import CitizenPost
from inbox.repositories import accounts
from inbox.services import reconciliation
from models.clock import StillClock
from models.db import Database
from models.enums import ChannelName, Direction, ReconciliationState, Surface
from models.ports import Connector
from models.tables import Account, Message, ReconciliationRun
from tests.builders import message, set_up, take_in
from tests.conftest import NOW


class Bench:
    """A page that is polled, with a reconciler beside it."""

    def __init__(self, database: Database, clock: StillClock, simulator: FacebookSimulator, account: Account) -> None:
        self.database, self.clock, self.simulator, self.account = database, clock, simulator, account
        self.connector = self.build(24)
        parts = {"database": database, "queue": LocalQueue(), "bus": LocalBus(), "lease": LocalLease(), "clock": clock}
        self.reconciler = Reconciler(build=lambda _, hours: self.build(hours), **parts)
        self.poller = Poller(account_id=account.id or 0, connector=self.connector, **parts)

    def build(self, hours: int) -> Connector:
        settings = PLATFORM.settings(**self.simulator.account_settings(), look_back_hours=hours)
        return PLATFORM.build(settings, self.clock)

    async def write(self, text: str) -> str:
        post = CitizenPost(author=text, name="Ayşe", handle="ayse", surface=Surface.COMMENT, text=text, thread="duyuru")
        return await self.simulator.write(post)

    async def poll(self) -> None:
        for stream in self.connector.facts.streams:
            while await self.poller.poll_once(stream):
                pass

    async def lose(self, external_id: str) -> None:
        """As if the message had never come: neither row nor event."""
        async with self.database.write() as session:
            for table, where in (("event", "external_id"), ("job", "message_id"), ("message_sighting", "message_id")):
                value = external_id if table == "event" else await _id_of(session, external_id)
                await session.connection()
                await session.exec(_delete(table, where), params={"value": value})
            await session.exec(_delete("message", "external_id"), params={"value": external_id})

    async def stored(self) -> set[str]:
        async with self.database.read() as session:
            query = select(Message.external_id).where(Message.direction == Direction.INBOUND)
            return set((await session.exec(query)).all())


async def _id_of(session, external_id: str) -> int:
    return (await session.exec(select(Message.id).where(Message.external_id == external_id))).one()


def _delete(table: str, column: str):
    from sqlalchemy import text

    return text(f"DELETE FROM {table} WHERE {column} = :value")


@pytest.fixture
async def bench(sqlite_database: Database, clock: StillClock) -> AsyncIterator[Bench]:
    simulator = FacebookSimulator(clock)
    await simulator.start()
    async with sqlite_database.write() as session:
        account = await accounts.ensure_account(
            session,
            Account(
                channel=ChannelName.FACEBOOK,
                external_id=simulator.account_settings()["page_id"],
                name="Facebook",
                created_at=NOW,
            ),
        )
    opened = Bench(sqlite_database, clock, simulator, account)
    yield opened
    await opened.connector.close()
    await simulator.stop()


async def test_nothing_missing(bench: Bench) -> None:
    written = {await bench.write(f"Başvuru {number}") for number in range(5)}
    await bench.poll()
    bench.clock.advance(hours=1)
    run = await bench.reconciler.reconcile(bench.account, since=NOW - timedelta(hours=1))
    assert (run.state, run.listed, run.missing) == (ReconciliationState.LISTED, 5, 0)
    assert await bench.stored() == written
    assert reconciliation.sentence(run, at="14:02") == "0 kayıp, son denetim 14:02"


async def test_what_was_lost_is_fetched_and_counted_once(bench: Bench) -> None:
    written = [await bench.write(f"Başvuru {number}") for number in range(5)]
    await bench.poll()
    await bench.lose(written[2])
    bench.clock.advance(hours=1)
    first = await bench.reconciler.reconcile(bench.account, since=NOW - timedelta(hours=1))
    second = await bench.reconciler.reconcile(bench.account, since=NOW - timedelta(hours=1))
    assert (first.missing, second.missing) == (1, 0)
    assert await bench.stored() == set(written)
    assert "1 eksik bulundu ve alındı" in reconciliation.sentence(first, at="14:02")


async def test_what_is_just_on_its_way_is_no_loss(bench: Bench) -> None:
    await bench.write("Az önce yazıldı")
    run = await bench.reconciler.reconcile(bench.account, since=NOW - timedelta(hours=1))
    assert (run.listed, run.missing) == (1, 0)


async def test_a_fault_in_the_middle_is_waited_for(bench: Bench) -> None:
    await bench.write("Su kesik")
    bench.simulator.fault("html")
    run = await bench.reconciler.reconcile(bench.account, since=NOW - timedelta(hours=1))
    assert (run.state, run.listed) == (ReconciliationState.LISTED, 1)


async def test_a_list_that_cannot_be_read_is_no_zero(bench: Bench) -> None:
    bench.simulator.fault("expired_token", times=9)
    run = await bench.reconciler.reconcile(bench.account, since=NOW - timedelta(hours=1))
    assert run.state is ReconciliationState.FAILED
    assert reconciliation.sentence(run, at="14:02").startswith("Denetlenemedi")


async def test_an_account_that_cannot_be_compared_leaves_the_others_alone(bench: Bench) -> None:
    """Such as one whose secrets are missing; the page says so, and it is tried again in half an hour."""
    async with bench.database.write() as session:
        lame = Account(channel=ChannelName.FACEBOOK, external_id="lame", name="Facebook", created_at=NOW)
        await accounts.ensure_account(session, lame)

    def build(account: Account, hours: int) -> Connector:
        if account.external_id != "lame":
            raise ValueError("a setting is missing")
        return bench.build(hours)

    parts = {"queue": LocalQueue(), "bus": LocalBus(), "lease": LocalLease(), "clock": bench.clock}
    bench.clock.advance(minutes=31)
    await Reconciler(build=build, database=bench.database, **parts).look()
    async with bench.database.read() as session:
        runs = (await session.exec(select(ReconciliationRun).order_by(ReconciliationRun.account_id))).all()
    assert [run.state for run in runs] == [ReconciliationState.FAILED, ReconciliationState.LISTED]
    assert "beklenmeyen bir hata" in reconciliation.sentence(runs[0], at="14:02")


async def test_schedule(bench: Bench) -> None:
    async def runs() -> int:
        await bench.reconciler.look()
        async with bench.database.read() as session:
            return len((await session.exec(select(ReconciliationRun))).all())

    assert await runs() == 0
    bench.clock.advance(minutes=31)
    assert await runs() == 1
    bench.clock.advance(hours=5)
    assert await runs() == 1
    bench.clock.advance(hours=1, minutes=5)
    assert await runs() == 2


async def test_without_a_list_gaps_are_looked_for(sqlite_database: Database, clock: StillClock) -> None:
    await set_up(sqlite_database, NOW, ChannelName.WHATSAPP)
    async with sqlite_database.read() as session:
        account = await session.get_one(Account, 1)
    one = message(1, channel=ChannelName.WHATSAPP)
    quoting = message(2, channel=ChannelName.WHATSAPP, reply_to="never-seen", sender=one.sender)
    await take_in(sqlite_database, NOW, one, quoting)
    clock.advance(hours=30)
    reconciler = Reconciler(
        build=lambda _, __: None,
        database=sqlite_database,
        queue=LocalQueue(),
        bus=LocalBus(),
        lease=LocalLease(),
        clock=clock,
    )
    run = await reconciler.reconcile(account, since=NOW - timedelta(hours=1))
    assert run.state is ReconciliationState.SIGNS
    assert run.signs == {"answers_to_unknown": 1, "silent_hours": 30}
    told = reconciliation.sentence(run, at="14:02")
    assert "bilinmeyen bir mesaja yanıt" in told
