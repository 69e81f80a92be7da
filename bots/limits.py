"""Buckets that keep sends within the platforms' stated limits: in this process, or in Redis for many processes."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from redis.asyncio import Redis

from models.channel_facts import ChannelFacts, SendLimit
from models.messages import OutboundMessage
from models.ports import Clock

MOST_BUCKETS = 20_000
"""Buckets that are full again are forgotten beyond this."""


def buckets_of(facts: ChannelFacts, account_id: int, message: OutboundMessage) -> dict[str, SendLimit]:
    """The buckets that a text draws from, by their names; a person's has her id in it."""
    found = {}
    for limit in facts.send_limits:
        on_surface = limit.surfaces is None or message.surface in limit.surfaces
        if on_surface and (limit.modes is None or message.mode in limit.modes):
            person = f":{message.recipient_id}" if limit.per_person else ""
            found[f"{account_id}:{limit.name}{person}"] = limit
    return found


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime


class LocalRateLimiter:
    """The buckets of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    async def take(self, buckets: Mapping[str, SendLimit], *, pieces: int) -> datetime | None:
        now = self._clock.now()
        self._forget()
        found = [(self._filled(name, limit, now), limit, min(pieces, limit.burst)) for name, limit in buckets.items()]
        wait = max(((needed - bucket.tokens) * limit.every for bucket, limit, needed in found), default=timedelta())
        if wait > timedelta():
            return now + wait
        for bucket, _, needed in found:
            bucket.tokens -= needed
        return None

    def _filled(self, name: str, limit: SendLimit, now: datetime) -> _Bucket:
        bucket = self._buckets.setdefault(name, _Bucket(limit.burst, now))
        bucket.tokens = min(limit.burst, bucket.tokens + (now - bucket.at) / limit.every)
        bucket.at = now
        return bucket

    def _forget(self) -> None:
        """The oldest half; a bucket that was not asked for so long is full again."""
        if len(self._buckets) > MOST_BUCKETS:
            kept = sorted(self._buckets.items(), key=lambda item: item[1].at)[MOST_BUCKETS // 2 :]
            self._buckets = dict(kept)


_TAKE = """
local now, pieces, wait = tonumber(ARGV[1]), tonumber(ARGV[2]), 0
local levels = {}
for i, key in ipairs(KEYS) do
  local burst, every = tonumber(ARGV[1 + 2 * i]), tonumber(ARGV[2 + 2 * i])
  local kept = redis.call('HMGET', key, 'tokens', 'at')
  local tokens, at = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
  tokens = math.min(burst, tokens + math.max(0, now - at) / every)
  local needed = math.min(pieces, burst)
  wait = math.max(wait, (needed - tokens) * every)
  levels[i] = tokens - needed
end
if wait > 0 then return tostring(wait) end
for i, key in ipairs(KEYS) do
  local burst, every = tonumber(ARGV[1 + 2 * i]), tonumber(ARGV[2 + 2 * i])
  redis.call('HSET', key, 'tokens', tostring(levels[i]), 'at', ARGV[1])
  redis.call('EXPIRE', key, math.ceil(burst * every) + 1)
end
return '0'
"""


class RedisRateLimiter:
    """The same buckets, shared by all processes; what Redis forgets is full again.

    A platform's id may be a telephone number, and all of those are soon tried: there a bucket's name is a digest with
    the installation's own key.
    """

    def __init__(self, redis: Redis, clock: Clock, *, secret_key: str) -> None:
        self._script = redis.register_script(_TAKE)
        self._clock = clock
        self._secret_key = secret_key.encode()

    async def take(self, buckets: Mapping[str, SendLimit], *, pieces: int) -> datetime | None:
        if not buckets:
            return None
        now = self._clock.now()
        numbers = [number for limit in buckets.values() for number in (limit.burst, limit.every.total_seconds())]
        wait = float(await self._script(keys=self._keys(buckets), args=[now.timestamp(), pieces, *numbers]))
        return now + timedelta(seconds=wait) if wait > 0 else None

    def _keys(self, buckets: Mapping[str, SendLimit]) -> Sequence[str]:
        return [f"him:limit:{hmac.digest(self._secret_key, name.encode(), 'sha256').hex()}" for name in buckets]
