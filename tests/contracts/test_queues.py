"""One behaviour for every JobQueue: in process and Redis Streams, each over both databases where rows matter."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bots.queues.local import LocalBus, LocalQueue
from bots.queues.redis_streams import RedisBus, RedisLease, RedisQueue
from models.ports import JobQueue, LiveBus


@pytest.fixture(params=["local", "redis"])
async def queue(request: pytest.FixtureRequest) -> AsyncIterator[JobQueue]:
    if request.param == "local":
        yield LocalQueue()
        return
    url = request.getfixturevalue("redis_url")
    made = RedisQueue(Redis.from_url(url, decode_responses=True))
    yield made
    await made.close()


@pytest.fixture(params=["local", "redis"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[LiveBus]:
    if request.param == "local":
        yield LocalBus()
        return
    made = RedisBus(Redis.from_url(request.getfixturevalue("redis_url"), decode_responses=True))
    yield made
    await made.close()


async def receive(queue: JobQueue, most: int = 50) -> list[str]:
    return await asyncio.wait_for(queue.receive(most=most), timeout=10)


async def test_what_is_announced_is_received(queue: JobQueue) -> None:
    await queue.announce(["1", "2", "3"])
    assert sorted(await receive(queue)) == ["1", "2", "3"]


async def test_a_worker_takes_no_more_than_it_asked_for(queue: JobQueue) -> None:
    await queue.announce(["1", "2", "3"])
    first = await receive(queue, most=2)
    await queue.settle(first)
    assert len(first) == 2
    assert len(await receive(queue)) == 1


async def test_a_key_that_waits_is_not_announced_twice(queue: JobQueue) -> None:
    await queue.announce(["1"])
    await queue.announce(["1"])
    assert await receive(queue) == ["1"]


async def test_a_settled_key_can_be_announced_again(queue: JobQueue) -> None:
    await queue.announce(["1"])
    await queue.settle(await receive(queue))
    await queue.announce(["1"])
    assert await receive(queue) == ["1"]


async def test_waiting_wakes_up_when_work_comes(queue: JobQueue) -> None:
    waiting = asyncio.create_task(receive(queue))
    await asyncio.sleep(0)
    await queue.announce(["9"])
    assert await waiting == ["9"]


async def test_a_dead_workers_announcement_is_taken_over(redis_url: str) -> None:
    dead = RedisQueue(Redis.from_url(redis_url, decode_responses=True))
    await dead.announce(["1"])
    assert await receive(dead) == ["1"]
    await dead.close()
    alive = RedisQueue(Redis.from_url(redis_url, decode_responses=True))
    started = time.monotonic()
    assert await receive(alive) == ["1"]
    assert time.monotonic() - started < 5
    await alive.close()


async def test_an_emptied_redis_takes_new_announcements(redis_url: str) -> None:
    redis = Redis.from_url(redis_url, decode_responses=True)
    queue = RedisQueue(redis)
    await queue.announce(["1"])
    await receive(queue)
    await redis.flushall()
    await queue.announce(["1"])
    assert await receive(queue) == ["1"]
    await queue.close()


async def test_what_is_done_stands_where_redis_is_away() -> None:
    """Both are called after a commit: who did the work must not be told that it failed."""
    away = Redis.from_url("redis://127.0.0.1:1", retry=Retry(NoBackoff(), 0))
    await RedisQueue(away).announce(["1"])
    await RedisBus(away).publish("application", {"id": 1})
    await away.aclose()


async def test_listeners_hear_what_is_published(bus: LiveBus) -> None:
    heard: list[tuple[str, dict[str, object]]] = []

    async def listen() -> None:
        async for item in bus.listen():
            heard.append(item)
            return

    listening = asyncio.create_task(listen())
    while not listening.done():
        await bus.publish("application", {"id": 1})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(listening), timeout=0.1)
    assert heard == [("application", {"id": 1})]


async def test_one_owner_of_a_lease_at_a_time(redis_url: str) -> None:
    first, second = (RedisLease(Redis.from_url(redis_url, decode_responses=True)) for _ in range(2))
    assert await first.acquire("poll:1", seconds=30)
    assert await first.acquire("poll:1", seconds=30)
    assert not await second.acquire("poll:1", seconds=30)
    await second.release("poll:1")
    assert not await second.acquire("poll:1", seconds=30)
    await first.release("poll:1")
    assert await second.acquire("poll:1", seconds=30)
