"""Parts of an album are one message to the reader: several pictures, one caption."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Part = TypeVar("Part")


def bubbles(messages: Iterable[Part], *, key: Callable[[Part], str]) -> list[list[Part]]:
    """Messages in order, those with the same key (`group_key`) together where the first of them stands.

    An empty key joins nothing; late parts join the others, however much was said in between.
    """
    found: list[list[Part]] = []
    albums: dict[str, list[Part]] = {}
    for message in messages:
        name = key(message)
        if name in albums:
            albums[name].append(message)
            continue
        found.append([message])
        if name:
            albums[name] = found[-1]
    return found
