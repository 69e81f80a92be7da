"""Buckets for sends: alike in one process and in Redis."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bots.limits import LocalRateLimiter, RedisRateLimiter, buckets_of
from connectors.facebook.facts import FACTS as FACEBOOK
from connectors.whatsapp.facts import FACTS as WHATSAPP
from models.channel_facts import SendLimit
from models.clock import StillClock
from models.enums import SendMode, Surface
from models.messages import OutboundMessage
from models.ports import RateLimiter
from tests.conftest import NOW

SIX = timedelta(seconds=6)
PAIR = SendLimit(name="pair", burst=3, every=SIX, per_person=True)
WIDE = SendLimit(name="number", burst=100, every=timedelta(seconds=1))


@pytest.fixture(params=["local", "redis"])
async def limiter(request: pytest.FixtureRequest, clock: StillClock) -> AsyncIterator[RateLimiter]:
    if request.param == "local":
        yield LocalRateLimiter(clock)
        return
    redis = Redis.from_url(request.getfixturevalue("redis_url"), decode_responses=True)
    yield RedisRateLimiter(redis, clock, secret_key="ours")
    await redis.aclose()


@pytest.fixture
def clock() -> StillClock:
    return StillClock(NOW)


async def test_so_many_at_once_then_one_after_each_pause(limiter: RateLimiter, clock: StillClock) -> None:
    assert [await limiter.take({"a": PAIR}, pieces=1) for _ in range(3)] == [None] * 3
    assert await limiter.take({"a": PAIR}, pieces=1) == NOW + SIX
    clock.advance(seconds=6)
    assert await limiter.take({"a": PAIR}, pieces=1) is None
    assert await limiter.take({"a": PAIR}, pieces=1) == NOW + 2 * SIX


async def test_where_one_bucket_is_short_none_is_drawn_from(limiter: RateLimiter) -> None:
    both = {"a": PAIR, "b": WIDE}
    for _ in range(3):
        await limiter.take(both, pieces=1)
    for _ in range(200):
        assert await limiter.take(both, pieces=1) == NOW + SIX
    assert [await limiter.take({"b": WIDE}, pieces=1) for _ in range(97)] == [None] * 97
    assert await limiter.take({"b": WIDE}, pieces=1) is not None


async def test_people_have_buckets_of_their_own(limiter: RateLimiter) -> None:
    assert [await limiter.take({name: PAIR}, pieces=3) for name in ("a", "b")] == [None, None]


async def test_a_text_of_more_pieces_than_the_burst_waits_for_a_full_bucket(
    limiter: RateLimiter, clock: StillClock
) -> None:
    assert await limiter.take({"a": PAIR}, pieces=1) is None
    assert await limiter.take({"a": PAIR}, pieces=9) == NOW + SIX
    clock.advance(seconds=6)
    assert await limiter.take({"a": PAIR}, pieces=9) is None


async def test_nothing_limits_where_nothing_is_stated(limiter: RateLimiter) -> None:
    assert await limiter.take({}, pieces=50) is None


def text(surface: Surface = Surface.DIRECT, mode: SendMode = SendMode.REPLY) -> OutboundMessage:
    return OutboundMessage(reference="1", surface=surface, recipient_id="ayse", text="", mode=mode)


def test_buckets_by_surface_way_and_person() -> None:
    number, pair = sorted(buckets_of(WHATSAPP, 4, text()))
    assert (number, pair) == ("4:number", "4:pair:ayse")
    assert set(buckets_of(FACEBOOK, 2, text())) == {"2:messages"}
    assert set(buckets_of(FACEBOOK, 2, text(Surface.COMMENT))) == set()
    assert set(buckets_of(FACEBOOK, 2, text(Surface.COMMENT, SendMode.PRIVATE_REPLY))) == {"2:private_replies"}
