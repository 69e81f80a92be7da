"""What stands in Redis on the whole way of a message: ids of ours, nothing of the citizen."""

import hashlib
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis

from bots.limits import RedisRateLimiter
from bots.queues.redis_streams import RedisBus, RedisQueue
from bots.sender import Sender
from bots.worker import Worker
from inbox.knowledge.shelf import Shelf
from models.channel_facts import SendLimit
from models.clock import StillClock
from models.db import Database
from models.messages import Sender as Writer
from models.profile import Profile
from tests.bots.sending import Platform, a_person
from tests.bots.test_logs import HERS, WORDS, answer, classify
from tests.builders import message, set_up, take_in
from tests.conftest import NOW

PAIR = SendLimit(name="pair", burst=3, every=timedelta(minutes=5), per_person=True)
NUMBER = "905327654300"


async def everything(redis: Redis) -> str:
    """All keys with their values."""
    said: list[Any] = []
    for key in await redis.keys("*"):
        match await redis.type(key):
            case "string":
                value: Any = await redis.get(key)
            case "hash":
                value = await redis.hgetall(key)
            case _:
                value = [await redis.xrange(key), await redis.xinfo_groups(key)]
        said.append((key, value))
    return str(said)


async def test_redis_knows_no_citizen(
    sqlite_database: Database, clock: StillClock, profile: Profile, redis_url: str
) -> None:
    """No word, name or number of hers gets there, so that erasing has nothing to do there [İ7d10, İ19h]."""
    redis = Redis.from_url(redis_url, decode_responses=True)
    queue, bus, platform = RedisQueue(redis), RedisBus(redis), Platform(send_limits=(PAIR,))
    await set_up(sqlite_database, NOW)
    writer = Writer(external_id=NUMBER, display_name="Nazmiye Kar", handle="nazmiyekar")
    (key,) = (await take_in(sqlite_database, NOW, message(1, WORDS, sender=writer))).conversation_ids
    clock.advance(seconds=5)
    await queue.announce([str(key)])
    announced = await everything(redis)
    worker = Worker(
        database=sqlite_database, queue=queue, bus=bus, clock=clock, profile=profile, classify=classify,
        articles=Shelf(profile.folder / "nothing"),
    )  # fmt: skip
    assert len(await worker.drain([key])) == 1
    await answer(sqlite_database, clock, await a_person(sqlite_database))
    clock.advance(minutes=1)
    limiter = RedisRateLimiter(redis, clock, secret_key="ours")
    await Sender(
        account_id=1,
        connector=platform,
        database=sqlite_database,
        bus=bus,
        clock=clock,
        limiter=limiter,  # type: ignore[arg-type]
    ).send_due()
    said = announced + await everything(redis)
    await redis.aclose()
    assert len(platform.messages) == 2
    assert "him:limit:" in said
    guessed = [hashlib.new(way, f"1:pair:{NUMBER}".encode()).hexdigest() for way in ("sha256", "blake2s", "md5")]
    assert [word for word in (*HERS, NUMBER, *guessed) if word in said] == []
