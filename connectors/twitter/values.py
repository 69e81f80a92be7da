"""Tolerant reading of single JSON values of X: ids, times, lists. Pure; knows no shape of a payload."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]
SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
MILLISECONDS_FROM = 1_000_000_000_000
MOST_DIGITS = 20
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""The sign that the others are written with comes last."""


def as_id(value: Any) -> str:
    """An id as text, whether it came as text or as a number; empty where it is neither."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return storable(str(value)).strip()


def storable(text: str) -> str:
    """The text as every store takes it: no NUL, no half surrogates."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def required_id(value: Any) -> str:
    """An id that must be there. Raises ValueError."""
    found = as_id(value)
    if not found:
        raise ValueError("an id is missing")
    return found


def as_number(text: str) -> int:
    """The size of an id, for comparing; 0 where it is no number of theirs."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def as_count(value: Any) -> int | None:
    """How many; None where it is no number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def as_text(value: Any) -> str:
    return storable(value) if isinstance(value, str) else ""


def plain(text: str) -> str:
    """X writes `&`, `<` and `>` of posts and messages as HTML entities, and no others; never those of an address."""
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return text


def with_real_links(text: str, links: Iterable[Json]) -> str:
    """The text with X's short links written out, and without those that only stand for a file of the message."""
    for link in links:
        short, address = as_text(link.get("url")), as_text(link.get("expanded_url"))
        is_file = bool(as_id(link.get("media_key"))) or "/messages/media/" in address
        if short and (is_file or address):
            text = text.replace(short, "" if is_file else address)
    return text


def as_object(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def objects(value: Any) -> Iterator[Json]:
    """The objects of a list; anything else in it, or instead of it, is passed over."""
    for item in value if isinstance(value, list | tuple) else ():
        if isinstance(item, Mapping):
            yield item


def ids(value: Any) -> list[str]:
    """The ids of a list, in order."""
    return [found for item in (value if isinstance(value, list | tuple) else ()) if (found := as_id(item))]


def as_time(value: Any) -> datetime | None:
    """ISO text, X's old text form, or seconds or milliseconds since 1970; None where it is none of them."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value)
    text = as_text(value).strip()
    if text.isascii() and text.isdigit():
        return _from_number(as_number(text))
    return _from_text(text)


def time_of(snowflake: str) -> datetime | None:
    """The time at which X made an id; None for ids older than snowflakes."""
    milliseconds = as_number(snowflake) >> 22
    return _from_number(milliseconds + SNOWFLAKE_EPOCH_MS) if milliseconds else None


def snowflake_at(moment: datetime) -> int:
    """The smallest id that X makes at `moment`."""
    milliseconds = int(moment.timestamp() * 1000) - SNOWFLAKE_EPOCH_MS
    return max(milliseconds, 0) << 22


def _from_number(number: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(number / 1000 if number >= MILLISECONDS_FROM else number, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _from_text(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, _from_old_form):
        try:
            moment = read(text)
        except ValueError:
            continue
        try:
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except OverflowError:
            return None
    return None


def _from_old_form(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y")
