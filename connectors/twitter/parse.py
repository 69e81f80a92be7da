"""Reads any JSON of X: polled pages, single items, lists of them, webhooks. The shape says which. Pure, never raises.

Each item is read by itself: one that is broken becomes a problem and loses no other.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from connectors.twitter.activity import account_of, activity_events, people_of, read_receipts
from connectors.twitter.directs import direct_event, pushed_direct_event
from connectors.twitter.facts import DIRECTS, LISTENING
from connectors.twitter.includes import Includes, read_includes
from connectors.twitter.posts import deleted_post, heard_events, post_events
from connectors.twitter.values import Json, as_id, as_object, as_text
from models.enums import ChannelName, EventKind
from models.messages import ChannelEvent, Parsed, ParseProblem

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)
DEEPEST = 4
GAP = "him_gap"
"""Ours: X has no such field."""
OLD_LISTS = ("direct_message_events", "direct_message_mark_read_events", "tweet_create_events", "tweet_delete_events")


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    account_id: str
    stream: str
    events: list[ChannelEvent] = field(default_factory=list)
    problems: list[ParseProblem] = field(default_factory=list)

    def take(self, where: str, read: Callable[[], Iterable[ChannelEvent]]) -> None:
        try:
            self.events.extend(read())
        except UNREADABLE as error:
            self.miss(where, f"{type(error).__name__}: {error}")

    def miss(self, where: str, why: str) -> None:
        self.problems.append(ParseProblem(where=where, why=why[:200]))


def parse(payload: bytes, *, account_id: str = "", stream: str = "") -> Parsed:
    """Events in the order in which they happened: X's lists have the newest first."""
    reading = _Reading(account_id, stream)
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as error:
        return Parsed(problems=(ParseProblem(where="$", why=f"no JSON ({type(error).__name__})"),))
    _read(document, reading, "$", depth=0)
    return Parsed(events=tuple(reading.events), problems=tuple(reading.problems))


def with_gap(page: bytes, since: datetime, until: datetime) -> bytes:
    """The page with a note that X lists nothing of this time any more; it is read as a problem, for people to see."""
    return json.dumps({**as_object(json.loads(page)), GAP: [since.isoformat(), until.isoformat()]}).encode()


def _read(document: object, reading: _Reading, where: str, *, depth: int) -> None:
    if isinstance(document, list) and depth < DEEPEST:
        for index, item in enumerate(document):
            _read(item, reading, f"{where}[{index}]", depth=depth + 1)
    elif not isinstance(document, dict):
        reading.miss(where, "no object")
    elif any(name in document for name in OLD_LISTS):
        _read_old_lists(document, reading, where)
    elif any(name in document for name in ("data", "meta", "errors", "includes")):
        _read_answer(document, reading, where)
    else:
        _read_item(document, reading, where, includes=Includes())


def _read_answer(answer: Json, reading: _Reading, where: str) -> None:
    """A polled page (`data` is missing where it is empty), one item in an envelope, or an Activity delivery."""
    data = answer.get("data")
    includes = read_includes(answer.get("includes"))
    if isinstance(data, list):
        for index, item in reversed(list(enumerate(data))):
            _read_item(item, reading, f"{where}.data[{index}]", includes=includes)
    elif data is not None:
        _read_item(data, reading, f"{where}.data", includes=includes)
    if isinstance(gap := answer.get(GAP), list):
        reading.miss(f"{where}.{GAP}", f"mentions of this time are listed nowhere: {' – '.join(map(str, gap))}")
    errors = answer.get("errors")
    for index, error in enumerate(errors if isinstance(errors, list) else ()):
        reading.take(f"{where}.errors[{index}]", partial(_partial_error, error, reading.account_id))


def _read_item(item: object, reading: _Reading, where: str, *, includes: Includes) -> None:
    if not isinstance(item, dict):
        reading.miss(where, "no object")
        return
    reading.take(where, lambda: list(_item_events(item, includes, reading)))


def _item_events(item: Json, includes: Includes, reading: _Reading) -> Iterator[ChannelEvent]:
    """Raises one of UNREADABLE."""
    happened = item.get("event_type")
    if isinstance(happened, str) and ("payload" in item or "." in happened):
        account_id = account_of(item) or reading.account_id
        yield from activity_events(item, includes=includes, account_id=account_id)
    elif "message_create" in item:
        yield pushed_direct_event(item, includes=includes, account_id=reading.account_id)
    elif happened is not None or "dm_conversation_id" in item or reading.stream == DIRECTS:
        yield direct_event(item, includes=includes, account_id=reading.account_id)
    elif "id" in item and reading.stream == LISTENING:
        yield from heard_events(item, includes=includes, account_id=reading.account_id)
    elif "id" in item:
        yield from post_events(item, includes=includes, account_id=reading.account_id)
    else:
        raise ValueError("neither post, message nor activity")


def _read_old_lists(document: Json, reading: _Reading, where: str) -> None:
    """The shape of the Account Activity API, which `dm.received` still has inside."""
    account_id = as_id(document.get("for_user_id")) or reading.account_id
    people = people_of(document)
    readers: dict[str, Callable[[Json], Iterable[ChannelEvent]]] = {
        "direct_message_events": lambda item: [pushed_direct_event(item, includes=people, account_id=account_id)],
        "direct_message_mark_read_events": lambda item: list(read_receipts(item, account_id=account_id)),
        "tweet_create_events": lambda item: [_old_post(item, account_id)],
        "tweet_delete_events": lambda item: [_old_deletion(item, account_id)],
    }
    for name in OLD_LISTS:
        items = document.get(name)
        if name in document and not isinstance(items, list):
            reading.miss(f"{where}.{name}", "no list")
        for index, item in enumerate(items if isinstance(items, list) else ()):
            place = f"{where}.{name}[{index}]"
            if isinstance(item, dict):
                reading.take(place, partial(readers[name], item))
            else:
                reading.miss(place, "no object")


def _old_post(item: Json, account_id: str) -> ChannelEvent:
    post_id = as_id(item.get("id_str")) or as_id(item["id"])
    return ChannelEvent(
        kind=EventKind.IGNORED,
        channel=ChannelName.TWITTER,
        dedup_key=f"ignored:{post_id}",
        account_id=account_id,
        external_id=post_id,
        reason="post in the shape of the retired Account Activity API",
    )


def _old_deletion(item: Json, account_id: str) -> ChannelEvent:
    status = as_object(item["status"])
    post_id = as_id(status.get("id_str")) or as_id(status["id"])
    return deleted_post(post_id, account_id=account_id, author_id=as_id(status.get("user_id")))


def _partial_error(error: object, account_id: str) -> list[ChannelEvent]:
    """A 200 may say that something beside the data is missing (a quoted post was deleted, say)."""
    body = as_object(error)
    about = as_id(body.get("resource_id")) or as_id(body.get("value"))
    kind = as_text(body.get("type")).rpartition("/")[2] or "error"
    said = ": ".join(text for text in (as_text(body.get("title")), as_text(body.get("detail"))) if text)
    return [
        ChannelEvent(
            kind=EventKind.IGNORED,
            channel=ChannelName.TWITTER,
            dedup_key=f"partial:{kind}:{about}",
            account_id=account_id,
            external_id=about,
            reason=said or "partial error",
        )
    ]
