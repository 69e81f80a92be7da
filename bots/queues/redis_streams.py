"""The queue, the live bus and the lease on Redis. Everything in it can be lost; the database is the truth.

What is announced or published stands committed already: while Redis is away it is lost, and nobody's work fails by it.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

log = logging.getLogger(__name__)

STREAM = "him:jobs"
GROUP = "workers"
CHANNEL = "him:live"
IDLE_MILLISECONDS = 3000
"""An announcement that a consumer holds for longer than this belongs to a dead worker."""
BLOCK_MILLISECONDS = 500
ANNOUNCED_SECONDS = 2
LONGEST_STREAM = 100_000


class RedisQueue:
    """A JobQueue on one stream with one consumer group; each process is a consumer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._consumer = secrets.token_hex(6)
        self._held: dict[str, list[str]] = {}

    async def announce(self, keys: Sequence[str]) -> None:
        """Add keys that were not announced within the last two seconds."""
        try:
            await self._announce(keys)
        except RedisError as error:
            log.warning("%d conversations were not announced (%s); the sweeper does", len(keys), type(error).__name__)

    async def _announce(self, keys: Sequence[str]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.set(f"{STREAM}:announced:{key}", 1, nx=True, ex=ANNOUNCED_SECONDS)
            fresh = await pipe.execute()
            for key, is_new in zip(keys, fresh, strict=True):
                if is_new:
                    pipe.xadd(STREAM, {"key": key}, maxlen=LONGEST_STREAM, approximate=True)
            await pipe.execute()

    async def receive(self, *, most: int) -> list[str]:
        while True:
            entries = await self._claim(most) or await self._read(most)
            if entries:
                return self._hold(entries)

    async def settle(self, keys: Sequence[str]) -> None:
        ids = [entry for key in keys for entry in self._held.pop(key, [])]
        if ids:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.xack(STREAM, GROUP, *ids)
                pipe.xdel(STREAM, *ids)
                pipe.delete(*(f"{STREAM}:announced:{key}" for key in keys))
                await pipe.execute()

    async def close(self) -> None:
        await self._redis.aclose()

    async def _read(self, most: int) -> list[tuple[str, dict[str, str]]]:
        try:
            found: Any = await self._redis.xreadgroup(
                GROUP, self._consumer, {STREAM: ">"}, count=most, block=BLOCK_MILLISECONDS
            )
        except ResponseError as error:
            await self._make_group(error)
            return []
        return found[0][1] if found else []

    async def _claim(self, most: int) -> list[tuple[str, dict[str, str]]]:
        """Announcements that a dead worker left behind."""
        try:
            answer = await self._redis.xautoclaim(
                STREAM, GROUP, self._consumer, min_idle_time=IDLE_MILLISECONDS, count=most
            )
        except ResponseError as error:
            await self._make_group(error)
            return []
        return [entry for entry in answer[1] if entry[1]]

    async def _make_group(self, error: ResponseError) -> None:
        """The group is missing at first, and after somebody emptied Redis."""
        if "NOGROUP" not in str(error):
            raise error
        try:
            await self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as another:
            if "BUSYGROUP" not in str(another):
                raise

    def _hold(self, entries: Sequence[tuple[str, dict[str, str]]]) -> list[str]:
        for entry_id, fields in entries:
            self._held.setdefault(fields["key"], []).append(entry_id)
        return list(dict.fromkeys(fields["key"] for _, fields in entries))


class RedisBus:
    """A LiveBus on Redis pub/sub."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def publish(self, topic: str, data: Mapping[str, Any]) -> None:
        try:
            await self._redis.publish(CHANNEL, json.dumps([topic, dict(data)]))
        except RedisError as error:
            log.warning("open pages were not told of a change (%s)", type(error).__name__)

    async def listen(self) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        async with self._redis.pubsub() as subscription:
            await subscription.subscribe(CHANNEL)
            while True:
                message = await subscription.get_message(ignore_subscribe_messages=True, timeout=30)
                if message:
                    topic, data = json.loads(message["data"])
                    yield topic, data
                else:
                    await asyncio.sleep(0)

    async def close(self) -> None:
        await self._redis.aclose()


_RENEW = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end
return redis.call('set', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) and 1 or 0
"""
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"


class RedisLease:
    """A Lease on Redis keys that expire."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._owner = secrets.token_hex(8)

    async def acquire(self, name: str, *, seconds: float) -> bool:
        return bool(await self._redis.eval(_RENEW, 1, f"him:lease:{name}", self._owner, int(seconds * 1000)))

    async def release(self, name: str) -> None:
        await self._redis.eval(_RELEASE, 1, f"him:lease:{name}", self._owner)
