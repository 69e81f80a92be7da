"""Workers: at least once, in order, one at a time per conversation; the dead are replaced, poison stands aside."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bots.queues.local import LocalBus, LocalQueue
from bots.worker import LEASE_SECONDS, MOST_TRIES, SWEEP_SECONDS, Sweeper, Worker
from inbox.knowledge.shelf import Shelf
from inbox.repositories import applications, jobs
from models.clock import StillClock
from models.db import Database
from models.enums import ApplicationState, JobState
from models.errors import ConflictError
from models.messages import Classification, TextToClassify
from models.profile import Profile
from models.tables import Application, Job, Message
from tests.builders import classification, message, set_up, take_in
from tests.conftest import NOW
from tests.locks import somebody_waits

Texts = Sequence[TextToClassify]


async def everything_is_a_water_cut(texts: Texts) -> list[Classification]:
    return [classification() for _ in texts]


def worker(
    database: Database,
    clock: StillClock,
    profile: Profile,
    classify: Any = everything_is_a_water_cut,
    queue: LocalQueue | None = None,
) -> Worker:
    return Worker(
        database=database,
        queue=queue or LocalQueue(),
        bus=LocalBus(),
        clock=clock,
        profile=profile,
        classify=classify,
        articles=Shelf(profile.folder / "nothing"),
    )


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as session:
        return list((await session.exec(select(table).order_by(table.id))).all())


async def test_a_turn_waits_for_quiet(database: Database, clock: StillClock, profile: Profile) -> None:
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1, "Merhaba"))).conversation_ids
    clock.advance(seconds=1)
    await take_in(database, clock.now(), message(2, "su yok"))
    clock.advance(seconds=1.5)
    assert await worker(database, clock, profile).drain([key]) == []
    clock.advance(seconds=0.5)
    assert len(await worker(database, clock, profile).drain([key])) == 1
    (application,) = await rows(database, Application)
    assert application.summary == "Merhaba su yok"


async def test_a_turn_waits_ten_seconds_at_most(database: Database, clock: StillClock, profile: Profile) -> None:
    await set_up(database, NOW)
    for number in range(7):
        result = await take_in(database, clock.now(), message(number, f"satır {number}"))
        clock.advance(seconds=1.7)
    assert len(await worker(database, clock, profile).drain(result.conversation_ids)) == 1


async def test_messages_of_a_conversation_keep_their_order(
    database: Database, clock: StillClock, profile: Profile
) -> None:
    seen: list[str] = []

    async def remember(texts: Texts) -> list[Classification]:
        seen.extend(text.text for text in texts)
        return [classification() for _ in texts]

    await set_up(database, NOW)
    for number in range(5):
        result = await take_in(database, clock.now(), message(number, f"satır {number}"))
        clock.advance(seconds=20)
        await worker(database, clock, profile, remember).drain(result.conversation_ids)
    assert seen == [f"satır {number}" for number in range(5)]


async def test_two_workers_never_hold_one_conversation(database: Database, clock: StillClock, profile: Profile) -> None:
    await set_up(database, NOW)
    result = await take_in(database, NOW, *(message(n, thread_id=f"chat-{n}") for n in range(8)))
    clock.advance(seconds=5)
    first, second = worker(database, clock, profile), worker(database, clock, profile)
    done = await asyncio.gather(first.drain(result.conversation_ids), second.drain(result.conversation_ids))
    assert sorted(one.conversation_id for results in done for one in results) == sorted(result.conversation_ids)
    assert len(await rows(database, Application)) == 8


async def test_an_old_token_cannot_write(database: Database) -> None:
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1))).conversation_ids
    async with database.write() as session:
        old = await jobs.acquire_leases(session, [key], owner="old", seconds=-1)
    async with database.write() as session:
        new = await jobs.acquire_leases(session, [key], owner="new", seconds=30)
    assert new[key] == old[key] + 1
    async with database.write() as session:
        with pytest.raises(ConflictError):
            await jobs.require_tokens(session, old)
        await jobs.require_tokens(session, new)


async def test_poison_is_set_aside_and_the_others_go_on(
    database: Database, clock: StillClock, profile: Profile
) -> None:
    async def fails_on_poison(texts: Texts) -> list[Classification]:
        if any("zehir" in text.text for text in texts):
            raise ValueError("cannot be read")
        return [classification() for _ in texts]

    await set_up(database, NOW)
    poison, fine = message(1, "zehir"), message(2, thread_id="chat-2")
    result = await take_in(database, NOW, poison, fine)
    for _ in range(MOST_TRIES):
        clock.advance(hours=1)
        await worker(database, clock, profile, fails_on_poison).drain(result.conversation_ids)
    states = {job.message_id: (job.state, job.attempts, job.problem) for job in await rows(database, Job)}
    stored = {one.external_id: one.id for one in await rows(database, Message)}
    assert states[stored["m1"]] == (JobState.POISONED, MOST_TRIES, "ValueError")
    assert states[stored["m2"]][0] is JobState.DONE
    async with database.read() as session:
        assert [job.message_id for job in await jobs.poisoned(session)] == [stored["m1"]]


async def test_a_poisoned_job_can_be_given_another_chance(
    database: Database, clock: StillClock, profile: Profile
) -> None:
    await set_up(database, NOW)
    result = await take_in(database, NOW, message(1))
    async with database.write() as session:
        found = (await session.exec(select(Job))).all()
        await jobs.record_failure(session, found, problem="x", retry_at=NOW, most=1)
    async with database.write() as session:
        await jobs.retry_poisoned(session, found[0].id or 0, now=NOW)
    clock.advance(seconds=5)
    assert len(await worker(database, clock, profile).drain(result.conversation_ids)) == 1


async def test_the_sweeper_announces_what_an_emptied_queue_forgot(
    database: Database, clock: StillClock, profile: Profile
) -> None:
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1))).conversation_ids
    clock.advance(seconds=5)
    queue = LocalQueue()
    assert await Sweeper(database=database, queue=queue, clock=clock).sweep() == 1
    assert await queue.receive(most=10) == [str(key)]
    await worker(database, clock, profile).drain([key])
    assert await Sweeper(database=database, queue=queue, clock=clock).sweep() == 0


HOLDER = """
import asyncio, sys
from inbox.repositories import applications, jobs
from models.db import Database

async def hold(url, key):
    database = Database(url)
    async with database.write() as session:
        await jobs.acquire_leases(session, [key], owner="killed", seconds={seconds})
    print("held", flush=True)
    await asyncio.sleep(60)

asyncio.run(hold(sys.argv[1], int(sys.argv[2])))
"""


async def test_a_killed_workers_conversation_is_taken_over(
    database_url: str, database: Database, profile: Profile
) -> None:
    """Within five seconds: its lease runs out, and the next round announces the conversation."""
    assert LEASE_SECONDS + SWEEP_SECONDS < 5
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1))).conversation_ids
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER.format(seconds=LEASE_SECONDS), database_url, str(key)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert holder.stdout is not None
    assert await asyncio.to_thread(holder.stdout.readline) == b"held\n"
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    clock = StillClock(NOW + timedelta(minutes=1))
    queue = LocalQueue()
    heir = Worker(
        database=database,
        queue=queue,
        bus=LocalBus(),
        clock=clock,
        profile=profile,
        classify=everything_is_a_water_cut,
        articles=Shelf(profile.folder / "nothing"),
    )
    sweeper = Sweeper(database=database, queue=queue, clock=clock)
    roles = [asyncio.create_task(heir.run()), asyncio.create_task(sweeper.run())]
    async with asyncio.timeout(60):
        while not await rows(database, Application):
            await asyncio.sleep(0.05)
    for role in roles:
        role.cancel()
    await asyncio.gather(*roles, return_exceptions=True)


async def test_who_writes_while_her_application_is_closed_opens_another_one(
    database: Database, clock: StillClock, profile: Profile
) -> None:
    """Her words wait for the decision that is under way: in a closed application nobody would read them."""
    await set_up(database, NOW)
    (key,) = (await take_in(database, NOW, message(1, "su yok"))).conversation_ids
    clock.advance(seconds=3)
    at_work = worker(database, clock, profile)
    await at_work.drain([key])
    await take_in(database, clock.now(), message(2, "hâlâ yok"))
    clock.advance(seconds=3)
    async with database.write() as session:
        one = await applications.application_for_change(session, 1)
        assert one is not None
        one.state, one.is_open = ApplicationState.CLOSED, False
        session.add(one)
        await session.flush()
        continuing = asyncio.create_task(at_work.drain([key]))
        await somebody_waits(database)
    await continuing
    assert [(one.application_id) for one in await rows(database, Message)] == [1, 2]


class AwayForAMoment(LocalQueue):
    """A queue whose server restarts just now."""

    def __init__(self) -> None:
        super().__init__()
        self.is_back = False

    async def receive(self, *, most: int) -> list[str]:
        if not self.is_back:
            self.is_back = True
            raise ConnectionError("refused")
        return await super().receive(most=most)


async def test_a_worker_outlives_its_queue(sqlite_database: Database, clock: StillClock, profile: Profile) -> None:
    await set_up(sqlite_database, NOW)
    result = await take_in(sqlite_database, NOW, message(1, "su yok"))
    clock.advance(seconds=3)
    queue = AwayForAMoment()
    await queue.announce([str(key) for key in result.conversation_ids])
    at_work = worker(sqlite_database, clock, profile, queue=queue)
    running = asyncio.create_task(at_work.run())
    async with asyncio.timeout(10):
        while not await rows(sqlite_database, Application):
            await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
