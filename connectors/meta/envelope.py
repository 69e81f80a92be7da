"""Walks the shells of Meta's JSON: webhook bodies with `entry`, lists of them, poll answers with `data`.

One bad item becomes a problem and never loses the rest. What an item means is told by an `ItemReader`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from connectors.meta.reading import UNREADABLE, Json, edge, fingerprint, id_of, moment, record, sequence, text_of
from models.enums import ChannelName, EventKind
from models.messages import ChannelEvent, Parsed, ParseProblem

Reading = Callable[[], Iterable[ChannelEvent]]


@dataclass(frozen=True, slots=True)
class Entry:
    """Whose entry it is, and when Meta sent it."""

    account_id: str
    time: datetime | None


class ItemReader(Protocol):
    """What a platform adds: the meaning of single items. May raise any of `UNREADABLE`."""

    @property
    def channel(self) -> ChannelName: ...

    @property
    def object_name(self) -> str:
        """The `object` of webhooks that are ours."""

    def read_change(self, entry: Entry, change: Json) -> Iterable[ChannelEvent]: ...

    def read_messaging(self, entry: Entry, item: Json, *, standby: bool) -> Iterable[ChannelEvent]: ...

    def polled(self, item: Json, *, thread_id: str) -> Iterable[tuple[str, Reading]]:
        """(path below the item, reading) of everything that an item of a poll answer holds."""


def ignored(channel: ChannelName, item: Any, reason: str, *, account_id: str = "", **facts: Any) -> ChannelEvent:
    """An event that nobody acts on, told apart from others by its whole content."""
    key = f"ignored:{fingerprint(item)}"
    return ChannelEvent(
        kind=EventKind.IGNORED, channel=channel, dedup_key=key, account_id=account_id, reason=reason, **facts
    )


def parse_payload(payload: bytes, reader: ItemReader) -> Parsed:
    """Everything in a body, by the shape of it. Never raises because of `payload`."""
    walk = _Walk(reader)
    try:
        document = json.loads(payload)
    except UNREADABLE as error:
        return Parsed(problems=(ParseProblem(where="$", why=f"no JSON: {type(error).__name__}"),))
    bodies = list(enumerate(document)) if isinstance(document, list) else [(None, document)]
    for index, body in bodies:
        walk.body("$" if index is None else f"$[{index}]", body)
    return Parsed(events=tuple(walk.events), problems=tuple(walk.problems))


@dataclass(slots=True)
class _Walk:
    reader: ItemReader
    events: list[ChannelEvent] = field(default_factory=list)
    problems: list[ParseProblem] = field(default_factory=list)

    def body(self, where: str, body: Any) -> None:
        if not isinstance(body, Mapping):
            self.problem(where, "an object is expected")
        elif "entry" in body:
            self.webhook(where, body)
        elif isinstance(body.get("data"), list):
            self.polled(where, body)
        else:
            self.problem(where, "neither a webhook body nor a poll answer")

    def webhook(self, where: str, body: Json) -> None:
        for index, entry in enumerate(self.listed(f"{where}.entry", body["entry"])):
            path = f"{where}.entry[{index}]"
            if body.get("object") != self.reader.object_name:
                self.read(path, partial(self.foreign, body, entry))
            else:
                self.entry(path, entry)

    def foreign(self, body: Json, entry: Any) -> Iterable[ChannelEvent]:
        reason = f"object {text_of(body.get('object')) or 'missing'} is another connector's"
        return [ignored(self.reader.channel, entry, reason, account_id=id_of(record(entry).get("id")))]

    def entry(self, where: str, entry: Any) -> None:
        try:
            shell = record(entry)
            head = Entry(id_of(shell.get("id")), moment(shell.get("time")))
        except UNREADABLE as error:
            self.problem(where, _why(error))
            return
        if not any(name in shell for name in ("changes", "messaging", "standby")):
            self.problem(where, "neither changes nor messaging")
        for name in ("changes", "messaging", "standby"):
            for index, item in enumerate(self.listed(f"{where}.{name}", shell.get(name))):
                self.read(f"{where}.{name}[{index}]", partial(self.item, head, name, item))

    def item(self, head: Entry, name: str, item: Any) -> Iterable[ChannelEvent]:
        if not isinstance(item, Mapping):
            raise TypeError("an object is expected")
        if name != "changes":
            return self.reader.read_messaging(head, item, standby=name == "standby")
        if _is_message_in_change(item):
            return self.reader.read_messaging(head, record(item["value"]), standby=False)
        return self.reader.read_change(head, item)

    def polled(self, where: str, body: Json) -> None:
        for index, item in enumerate(body["data"]):
            path = f"{where}.data[{index}]"
            try:
                readings = list(self.reader.polled(record(item), thread_id=id_of(body.get("thread_id"))))
            except UNREADABLE as error:
                self.problem(path, _why(error))
                continue
            for below, reading in readings:
                self.read(path + below, reading)

    def listed(self, where: str, value: Any) -> list[Any]:
        try:
            return list(sequence(value))
        except TypeError as error:
            self.problem(where, str(error))
            return []

    def read(self, where: str, reading: Reading) -> None:
        try:
            self.events.extend(reading())
        except UNREADABLE as error:
            self.problem(where, _why(error))

    def problem(self, where: str, why: str) -> None:
        self.problems.append(ParseProblem(where=where, why=why))


def inner_items(item: Json, name: str) -> list[tuple[str, Any]]:
    """(path, item) pairs of an expanded edge."""
    return [(f".{name}.data[{index}]", inner) for index, inner in enumerate(edge(item.get(name)))]


def _is_message_in_change(item: Json) -> bool:
    """The dashboard's «Test» button sends direct messages as changes."""
    value = item.get("value")
    return isinstance(value, Mapping) and "sender" in value and "recipient" in value


def _why(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:200].encode("utf-8", "replace").decode()
