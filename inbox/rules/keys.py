"""Ids of platforms as every index takes them: one that is far too long is shortened to a digest. Pure."""

import hashlib
from dataclasses import replace

from models.messages import ChannelEvent, Sender

LONGEST = 400
"""Characters; no platform's real id comes near. PostgreSQL's indexes end at 2,700 bytes."""


def bounded(event: ChannelEvent) -> ChannelEvent:
    """The event with keys that fit; the same long key always becomes the same short one."""
    keys = (event.dedup_key, event.external_id, event.thread_id, event.reply_to, event.group_key)
    sender = event.sender
    if max(map(len, keys)) <= LONGEST and (sender is None or _fits(sender)):
        return event
    return replace(
        event,
        dedup_key=_short(event.dedup_key),
        external_id=_short(event.external_id),
        thread_id=_short(event.thread_id),
        reply_to=_short(event.reply_to),
        group_key=_short(event.group_key),
        sender=sender and _bounded_sender(sender),
    )


def _fits(sender: Sender) -> bool:
    return max(map(len, (sender.external_id, sender.scope, *sender.aliases))) <= LONGEST


def _bounded_sender(sender: Sender) -> Sender:
    return replace(
        sender,
        external_id=_short(sender.external_id),
        scope=_short(sender.scope),
        aliases=tuple(map(_short, sender.aliases)),
    )


def _short(key: str) -> str:
    if len(key) <= LONGEST:
        return key
    return f"{key[:40]}…{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"
