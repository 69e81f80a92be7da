"""Webhook bodies as Meta composes them, batched now and then; ids, people and field lists for simulators."""

import asyncio
import base64
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.meta.simulation import GraphError, split_fields
from connectors.simulation import Disorder, MetaWebhook
from models.ports import Clock

LONGEST_WAIT = 5.0
"""Seconds that a part waits for others to travel with."""
LONGEST_JAM = 900.0
LARGEST_BATCH = 100


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    handle: str


class Ids:
    """Numbers and message ids, different for each draw and the same for each seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._last = 10_000_000_000

    def number(self, prefix: str = "", *, digits: int = 17) -> str:
        self._last += self._random.randrange(1, 9_999)
        return prefix + str(self._last).rjust(digits - len(prefix), "0")

    def message(self, prefix: str) -> str:
        return prefix + base64.urlsafe_b64encode(self.number().encode() + self._random.randbytes(18)).decode()


@dataclass(slots=True)
class People:
    """Authors by the key of the script."""

    ids: Ids
    prefix: str
    known: dict[str, Person] = field(default_factory=dict)

    def of(self, key: str, name: str, handle: str) -> Person:
        return self.known.setdefault(key, Person(self.ids.number(self.prefix), name, handle))


class Notices:
    """Puts parts into bodies and pushes them; without an address nothing is pushed."""

    def __init__(
        self, webhook: MetaWebhook, clock: Clock, *, object_name: str, account_id: str, disorder: Disorder
    ) -> None:
        self._webhook = webhook
        self._clock = clock
        self._object = object_name
        self._account_id = account_id
        self._disorder = disorder
        self._random = random.Random(disorder.seed)
        self._held: list[tuple[dict[str, Any], Callable[[], None] | None]] = []
        self._timer: asyncio.Task[None] | None = None
        self._is_jammed = False

    def change(self, name: str, value: Mapping[str, Any], *, on_accepted: Callable[[], None] | None = None) -> None:
        """A part of `changes`; its entry's time is in seconds."""
        now = int(self._clock.now().timestamp())
        entry = {"id": self._account_id, "time": now, "changes": [{"field": name, "value": dict(value)}]}
        self._add(entry, on_accepted)

    def messaging(self, item: Mapping[str, Any], *, on_accepted: Callable[[], None] | None = None) -> None:
        """A part of `messaging`; its entry's time is in milliseconds."""
        now = int(self._clock.now().timestamp() * 1000)
        self._add({"id": self._account_id, "time": now, "messaging": [dict(item)]}, on_accepted)

    async def settle(self) -> None:
        self._flush()
        await self._webhook.settle()

    async def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
        await self._webhook.stop()

    def _add(self, entry: dict[str, Any], on_accepted: Callable[[], None] | None) -> None:
        if not self._webhook.url:
            return
        self._held.append((entry, on_accepted))
        self._is_jammed = self._is_jammed or self._jams()
        travels_alone = not self._is_jammed and self._random.random() >= self._disorder.batch
        if travels_alone or len(self._held) >= LARGEST_BATCH:
            self._flush()
        elif self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._flush_later(LONGEST_JAM if self._is_jammed else LONGEST_WAIT))

    def _jams(self) -> bool:
        return self._disorder.backlog > 0 and self._random.random() < self._disorder.backlog

    def _flush(self) -> None:
        held, self._held, self._is_jammed = self._held, [], False
        if not held:
            return
        self._webhook.tally["largest"] = max(self._webhook.tally["largest"], len(held))
        accepted = [done for _, done in held if done]
        self._webhook.push(
            {"object": self._object, "entry": _joined([entry for entry, _ in held])},
            on_accepted=lambda: [done() for done in accepted],
        )

    async def _flush_later(self, seconds: float) -> None:
        await self._clock.sleep(seconds)
        self._flush()


def _joined(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parts of one kind that follow each other share an entry, as in real batches."""
    joined: list[dict[str, Any]] = []
    for entry in entries:
        name = "changes" if "changes" in entry else "messaging"
        if joined and name in joined[-1]:
            joined[-1][name].extend(entry[name])
        else:
            joined.append(entry)
    return joined


@dataclass(frozen=True, slots=True)
class Expansion:
    """One name of a field list: `comments.limit(2).filter(stream){id}`."""

    name: str
    options: Mapping[str, str]
    fields: str


def read_fields(fields: str) -> dict[str, Expansion]:
    """The field list by name. `id` is always there."""
    found = [_expansion(part) for part in split_fields(fields)]
    return {"id": Expansion("id", {}, ""), **{expansion.name: expansion for expansion in found}}


def asked_for(body: Mapping[str, Any], wanted: Collection[str], *, besides: Collection[str] = ()) -> dict[str, Any]:
    """Of an object's fields those that are wanted; `besides` are fields that it has without showing them now."""
    for name in wanted:
        if name not in body and name not in besides:
            raise GraphError(100, f"(#100) Tried accessing nonexisting field ({name})")
    return {name: value for name, value in body.items() if name in wanted}


def _expansion(part: str) -> Expansion:
    head, _, below = part.partition("{")
    name, *options = head.split(".")
    pairs = (option.rstrip(")").partition("(") for option in options)
    return Expansion(name, {key: value for key, _, value in pairs}, below.removesuffix("}"))
